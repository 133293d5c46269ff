from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.delivery import versions
from cms.delivery.tags import ALL


class Command(BaseCommand):
    help = "Make all answers of the APIs anew: after a change that Darkroom did not see, as one made in the database."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            versions.bump([ALL])
        except Exception as error:
            raise CommandError(f"The cache does not answer ({error}). Check REDIS_URL, or DATA_DIR/cache.") from error
        self.stdout.write("All answers will be made anew.")
