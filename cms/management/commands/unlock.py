from axes.utils import reset
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Let somebody log in again who has tried too often: forget the attempts of a name, of an address, or all."

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="?", help="the name somebody logs in with")
        parser.add_argument("--address", help="the network address that the attempts came from")
        parser.add_argument("--all", action="store_true", help="every name and every address")

    def handle(self, *, name, address, all, **options):
        if not (name or address or all):
            raise CommandError("Say whom: a name, --address ADDRESS, or --all.")
        count = reset() if all else reset(username=name, ip=address)
        self.stdout.write(f"{count} attempts are forgotten." if count else "There were no attempts to forget.")
