import os
import secrets
from contextlib import suppress
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Site

from cms.database import one_at_a_time
from cms.models import User

LOGIN = "admin"


class Command(BaseCommand):
    help = "Make a data directory ready to run: migrate, create the login, load the demo site. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave the site empty")

    def handle(self, *args: Any, no_demo: bool = False, **options: Any) -> None:
        # Two servers may be deployed at the same time: the second one finds all done.
        with one_at_a_time("prepare"):
            call_command("migrate", interactive=False, verbosity=0)
            # Another release may answer otherwise. Where there is no cache yet, there is nothing to clear.
            with suppress(CommandError):
                call_command("clear_response_cache", stdout=StringIO())
            login = self.create_login()
            if not no_demo:
                call_command("demo", stdout=self.stdout)
        # Wagtail builds addresses from the site's port, and PORT may be another today.
        Site.objects.filter(is_default_site=True, hostname="localhost").update(port=settings.PORT)
        Site.clear_site_root_paths_cache()
        frontend = f"  Front end  {settings.FRONTEND_URL}\n" if settings.FRONTEND_URL else ""
        self.stdout.write(
            f"\n  Site       {settings.BASE_URL}/\n{frontend}"
            f"  Admin      {settings.BASE_URL}/admin/\n"
            f"  API        {settings.BASE_URL}/api/v2/pages/\n"
            f"  Login      {login}\n"
            f"  Data       {settings.DATA_DIR}\n\n"
        )

    def create_login(self) -> str:
        """Create the first administrator if there is none; return what to tell about the login."""
        if User.objects.filter(is_superuser=True).exists():
            return f"as before (forgotten: manage.py changepassword {LOGIN})"
        password = os.environ.get("ADMIN_PASSWORD") or secrets.token_urlsafe(12)
        User.objects.create_superuser(LOGIN, email="", password=password)
        login = f"{LOGIN}, password {'from ADMIN_PASSWORD' if os.environ.get('ADMIN_PASSWORD') else password}"
        # At once: should a later step fail, nobody could log in otherwise.
        self.stdout.write(f"Created the login {login}")
        return login
