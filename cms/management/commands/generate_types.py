"""``manage.py generate_types``: TypeScript types of the content API, for front ends."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.api import api_v2
from cms.client_types.reading import content_types
from cms.client_types.writing import TypesError

OUTPUT = Path(settings.BASE_DIR) / "frontend/client/src/generated/content.ts"


class Command(BaseCommand):
    help = "Write TypeScript types of what /api/v2/ serves, from page models, serializers and blocks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, default=OUTPUT, help="the file to write")
        parser.add_argument("--check", action="store_true", help="write nothing, and fail if the file would change")

    def handle(self, *args: Any, output: Path, check: bool, **options: Any) -> None:
        try:
            text = content_types(api_v2)
        except TypesError as error:
            raise CommandError(str(error)) from error
        if not check:
            output.write_text(text)
        elif not output.exists() or output.read_text() != text:
            raise CommandError(f"{output} is not what the models say. Run `make client-types`.")
