"""A forgotten password: so many letters, written where nobody waits, so that no answer tells who has an account."""

from typing import Any
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.admin.views.account import PasswordResetView

from media_library.api.addresses import client_address
from media_library.statistics.shared_throttle import SharedThrottle

_of_address = SharedThrottle("password reset, address", seconds=15 * 60)
_of_account = SharedThrottle("password reset, account", seconds=60 * 60)

TASK = "cms.tasks.send_password_reset_task"


class PasswordLetterForm(PasswordResetForm):
    """Leaves the letter to a worker. Whether there is such an account, or it has had enough letters, is not told."""

    def save(self, *args: Any, **options: Any) -> None:
        address = self.cleaned_data["email"]
        if not _of_account.allows(address.lower(), settings.PASSWORD_RESETS_PER_HOUR):
            return
        try:
            current_app.send_task(TASK, [address], queue="housekeeping")
        except OperationalError:
            # No broker: whoever waits for the letter waits for it here.
            send_letter(address)


def send_letter(address: str) -> None:
    """Send a link to every account with this address, if there is one."""
    form = PasswordResetForm({"email": address})
    # Never the host that was asked for, which anybody may say: it stands in a letter.
    base = urlsplit(settings.BASE_URL)
    if form.is_valid():
        form.save(
            domain_override=base.netloc,
            use_https=base.scheme == "https",
            subject_template_name=PasswordResetView.subject_template_name,
            email_template_name=PasswordResetView.email_template_name,
            from_email=settings.DEFAULT_FROM_EMAIL,
        )


class LimitedPasswordResetView(PasswordResetView):
    """Wagtail's; 429 with ``Retry-After`` for an address that asks for too many."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _of_address.allows(client_address(request), settings.LOGIN_TRIES_OF_ADDRESS):
            return super().post(request, *args, **kwargs)
        wait = _("Too many passwords were asked for from your address. Try again in some minutes.")
        response = render(request, "cms/security/locked_out.html", {"wait": wait}, status=429)
        response["Retry-After"] = str(_of_address.seconds_left())
        return response
