"""Mail to people of the admin, each in their own language."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils import translation
from wagtail.admin.mail import send_mail

Letter = tuple[str, Iterable[str]]
"""Subject and lines."""


def write(recipient: Any, compose: Callable[[], Letter]) -> None:
    """Send what ``compose`` returns in the recipient's language. Raises ``OSError`` or ``SMTPException``."""
    profile = getattr(recipient, "wagtail_userprofile", None)
    with translation.override(profile.get_preferred_language() if profile else settings.LANGUAGE_CODE):
        subject, lines = compose()
        send_mail(subject, "\n".join(lines), [recipient.email])


def link(path: str) -> str:
    """The whole address of a page of the admin."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}"
