from typing import Any

from django.core.management.base import BaseCommand

from blog.models import BlogIndexPage


class Command(BaseCommand):
    help = "Load a small site with pictures and a film that Darkroom draws itself. Does nothing where a blog exists."

    def handle(self, *args: Any, **options: Any) -> None:
        if BlogIndexPage.objects.exists():
            return
        self.stdout.write("Drawing the demo's pictures and its film ...")
        # Not at the top: painting is needed once, and its modules are many.
        from cms.demo.site import build_site

        build_site()
