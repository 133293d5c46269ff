from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An editor, a writer or an operator: whoever logs in to Darkroom.

    A model of our own from migration one, because Django can't change ``AUTH_USER_MODEL`` later.
    """
