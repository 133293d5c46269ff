from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.crowd.filling import fill
from media_library.models import Asset


class Command(BaseCommand):
    help = "Fill the library with made-up assets of all kinds, to see how it bears 100,000. Not for a live site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="how many assets to add")
        parser.add_argument("--force", action="store_true", help="also into a library in production that isn't empty")

    def handle(self, *args: Any, number: int, force: bool, **options: Any) -> None:
        if number < 1:
            raise CommandError("Say how many assets to add: a number above 0.")
        in_production = settings.SETTINGS_MODULE == "cms.settings.production"
        if in_production and not force and Asset.objects.exists():
            raise CommandError(
                "This is a library in production, and there are assets in it. What is added can't be told from them "
                "afterwards. If you want it all the same: --force."
            )
        fill(number, lambda done: self.stdout.write(f"{done:,} of {number:,}"))
