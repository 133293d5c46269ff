"""Whether posting to an account would work, asked by whoever looks after it."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from blog.models import SharingAccount
from cms.sharing import secrets
from cms.sharing.connectors import PostingError, Unreachable, connectors, no_such_connector
from media_library.statistics.shared_throttle import SharedThrottle

logger = logging.getLogger(__name__)

PER_MINUTE = 6
"""Tests by one user; each may take ``TEST_SECONDS`` of a web process."""

_throttle = SharedThrottle("sharing-tests")


class TestView(PermissionCheckedMixin, View):
    """Ask the server of an account, and say what it answered on the page of the account. Nothing is changed."""

    http_method_names = ["post"]
    model = SharingAccount
    permission_required = "change"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_object_or_404(SharingAccount, pk=pk)
        if _throttle.allows(f"user {request.user.pk}", PER_MINUTE):
            is_well, told = ask(account)
            (messages.success if is_well else messages.error)(request, told)
        else:
            messages.warning(request, _("That were many tests. Wait a minute, then test it again."))
        return redirect("sharing_accounts:edit", pk)


def ask(account: SharingAccount) -> tuple[bool, str]:
    """Whether posting would work; and that it would, or what is wrong and what to do, as sentences."""
    connector = connectors().get(account.connector)
    if connector is None:
        return False, no_such_connector(account)
    try:
        told = connector.test(account, secrets.unlock(account.secret))
    except secrets.Unreadable as error:
        return False, str(error)
    except Unreachable as error:
        later = _("Test it again later; if it stays so, ask whoever runs that server.")
        return False, f"{error} {later}" if error.may_have_arrived else str(error)
    except PostingError as error:
        return False, str(error)
    except Exception:
        # Of a connector that somebody else has written.
        logger.exception("The test of account %s for sharing has failed", account.pk)
        return False, _("The connector has failed; the log of the server says how.")
    if not account.is_active:
        told = f"{told} {_('It is paused: make it active to post again.')}"
    return True, told
