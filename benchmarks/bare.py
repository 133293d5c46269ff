"""A Django of one view, which returns the bytes of a file: the fastest that Django answers at all.

BARE_BODY=body.json gunicorn benchmarks.bare
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="none", USE_I18N=False)  # noqa: S106

BODY = Path(os.environ["BARE_BODY"]).read_bytes()


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY, content_type="application/json", headers={"Content-Length": str(len(BODY))})


urlpatterns = [path("", bare)]
application = get_wsgi_application()
