"""What is to be posted, and posting it: once for each post and account (see ``cms/delivery/sending.py``)."""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.models import PostPage, SharingAccount
from cms.delivery import sending
from cms.delivery.models import State
from cms.sharing import connectors, secrets
from cms.sharing.messages import message_of
from cms.sharing.models import Posting

logger = logging.getLogger(__name__)

LEAST_REST = timedelta(minutes=5)
"""After a server has asked to wait, and has not said for how long."""


def queue(post: PostPage) -> list[int]:
    """Write down that a post which has just been published is to be posted, and return the ids to send now.

    What was posted before stays as it is; what was surely not is tried anew.
    """
    if not post.live or post.alias_of_id is not None:
        return []
    accounts = [account.pk for account in post.share_on.all()]
    _create([(post, account) for account in accounts])
    ours = Posting.objects.filter(post=post, account__in=accounts)
    failed = list(ours.filter(state=State.FAILED, begun_at=None).values_list("pk", flat=True))
    _send_again(Posting.objects.filter(pk__in=failed))
    return list(sendable().filter(pk__in=ours.values("pk")).values_list("pk", flat=True))


def queue_missing() -> None:
    """For posts that were published by a process that died before it could say so."""
    ticked = PostPage.share_on.through.objects
    known = Posting.objects.filter(post=OuterRef("postpage"), account=OuterRef("sharingaccount"))
    missing = ticked.filter(~Exists(known), postpage__live=True, postpage__alias_of=None)
    _create([(row.postpage, row.sharingaccount_id) for row in missing.select_related("postpage")[:500]])


def _create(wanted: list[tuple[PostPage, int]]) -> None:
    now = timezone.now()
    rows = [Posting(post=post, account_id=account, title=post.title, next_attempt_at=now) for post, account in wanted]
    Posting.objects.bulk_create(rows, ignore_conflicts=True)


def sendable() -> QuerySet[Posting]:
    """To accounts that are not paused, and that no server has asked to let rest."""
    now = timezone.now()
    rested = Q(account__not_before=None) | Q(account__not_before__lte=now)
    # One that is put off for longer than anything is: the clock was wrong then.
    rested |= Q(account__not_before__gt=now + 2 * sending.LONGEST_WAIT)
    return Posting.objects.filter(rested, account__is_active=True)


def due() -> list[int]:
    return list(sending.due(sendable()).values_list("pk", flat=True))


def give_up_old() -> int:
    """What could not be sent for long has failed: nobody expects it any more."""
    old = timezone.now() - timedelta(days=settings.SHARING_GIVE_UP_DAYS)
    waiting = Posting.objects.filter(state=State.QUEUED, lease=None, next_attempt_at__lt=timezone.now())
    return waiting.filter(queued_at__lt=old).update(
        state=State.FAILED,
        finished_at=timezone.now(),
        error=_("It has waited for too long, and was given up. Try again if it is still to be posted."),
    )


def again(posting: Posting) -> int:
    """Post it, also if it was posted before; return 0 if it is under way."""
    connector = connectors.connectors().get(posting.account.connector)
    if posting.state == State.DONE or connector is None or _is_forgotten(posting, connector):
        # For a server that knows the key it would be the one that it has.
        fresh = {"key": uuid.uuid4(), "begun_at": None, "url": "", "text": ""}
        Posting.objects.filter(pk=posting.pk).exclude(state=State.QUEUED).update(**fresh)
    return _send_again(Posting.objects.filter(pk=posting.pk))


def _send_again(postings: QuerySet[Posting]) -> int:
    postings.filter(lease=None).update(queued_at=timezone.now())
    return sending.send_again(postings)


def send(posting_id: int) -> None:
    """Post it, if it is its turn, and note what came of it."""
    claimed = sending.claim(sendable().filter(pk=posting_id))
    if claimed:
        _attempt(claimed[0])


def _attempt(posting: Posting) -> None:
    account, post = posting.account, posting.post
    connector = connectors.connectors().get(account.connector)
    problem = _why_not(post, account)
    if connector is None:
        problem = connectors.no_such_connector(account)
    elif not problem and _is_forgotten(posting, connector):
        problem = _(
            "The server has not answered, and may have posted it all the same. Look there; try again if it has not."
        )
    message = message_of(post, connector.network) if connector and post and not problem else None
    if connector is None or message is None:
        sending.record_failure([posting], problem or _("The post has no address."), is_final=True)
        return
    former = posting.begun_at
    Posting.objects.filter(pk=posting.pk, begun_at=None).update(begun_at=timezone.now())
    try:
        url = connector.post(account, secrets.unlock(account.secret), message, str(posting.key))
    except secrets.Unreadable as error:
        _pause(account, str(error))
        sending.record_failure([posting], _("The account is paused."), begun_at=former)
    except connectors.TokenRefused as error:
        _pause(account, str(error))
        sending.record_failure([posting], str(error), begun_at=former)
    except connectors.Busy as error:
        rest = error.wait or LEAST_REST
        SharingAccount.objects.filter(pk=account.pk).update(not_before=timezone.now() + rest)
        sending.record_failure([posting], str(error), rest, begun_at=former)
    except connectors.Refused as error:
        sending.record_failure([posting], str(error), is_final=True, begun_at=former)
    except connectors.Unreachable as error:
        if error.may_have_arrived:
            sending.record_failure([posting], str(error))
        else:
            sending.record_failure([posting], str(error), begun_at=former)
    except Exception:
        # Of a connector that somebody else has written.
        sending.record_failure([posting], _("The connector has failed; the log of the server says how."))
        raise
    else:
        sending.record_success([posting], url=url, text=message.text, title=message.title)


def _why_not(post: PostPage | None, account: SharingAccount) -> str:
    """Why a post is not posted after all; "" if it is."""
    if post is None:
        return _("The post was deleted before it was sent.")
    if not post.live:
        return _("The post was unpublished before it was sent. It is posted when it is published again.")
    if post.get_view_restrictions().exists():
        return _("The post is not open to everybody, so it is not posted.")
    if not post.share_on.filter(pk=account.pk).exists():
        return _("The account is not ticked in the published post any more.")
    return ""


def _is_forgotten(posting: Posting, connector: connectors.Connector) -> bool:
    """Whether the server may have it already, and would not know it again."""
    if posting.begun_at is None or connector.remembers is None:
        return False
    return posting.begun_at < timezone.now() - connector.remembers


def _pause(account: SharingAccount, notice: str) -> None:
    logger.warning("Account %s for sharing is paused", account.pk)
    SharingAccount.objects.filter(pk=account.pk, secret=account.secret).update(is_active=False, notice=notice[:255])
