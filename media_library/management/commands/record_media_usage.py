from typing import Any

from django.core.management.base import BaseCommand

from media_library.usage import record_all


class Command(BaseCommand):
    help = (
        "Write down anew which assets drafts, scheduled revisions and watermarks use. Done by itself with the "
        "migration; needed after the database was written to by other means. What is live: rebuild_references_index."
    )

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{record_all()} revisions recorded.")
