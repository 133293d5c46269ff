import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")

application = get_wsgi_application()

# What is there now stays for good: the collector of cycles need not walk through it again with every few answers.
gc.collect()
gc.freeze()
