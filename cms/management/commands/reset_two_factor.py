from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from cms.security.two_factor.devices import reset


class Command(BaseCommand):
    help = "Let somebody log in by password alone who has lost device and backup codes."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the name somebody logs in with")

    def handle(self, *, name, **options):
        model = get_user_model()
        user = model.objects.filter(**{model.USERNAME_FIELD: name}).first()
        if user is None:
            raise CommandError(f"There is no user {name!r}.")
        self.stdout.write("The devices are forgotten." if reset(user) else "There was no device.")
