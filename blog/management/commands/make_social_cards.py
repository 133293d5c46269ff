from typing import Any

from django.core.management.base import BaseCommand

from blog.seo import cards


class Command(BaseCommand):
    help = "Makes the pictures that networks show beside links to pages, where they are missing or old."

    def handle(self, *args: Any, **options: Any) -> None:
        made = cards.make_cards(cards.pages_with_cards_to_make())
        removed = len(cards.sweep_files())
        self.stdout.write(f"Cards made: {made}. Files removed that no page has: {removed}.")
