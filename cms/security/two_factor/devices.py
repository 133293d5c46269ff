"""Devices that show codes, and the backup codes of who has lost them."""

import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKUP_CODES = 10
BACKUP = "Backup codes"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""


def devices_of(user) -> list[TOTPDevice]:
    """Those in use, the oldest first."""
    return list(TOTPDevice.objects.devices_for_user(user, confirmed=True).order_by("pk"))


def is_required(user) -> bool:
    """Whether this user may do nothing in the admin before there is a device."""
    if settings.TWO_FACTOR == "required":
        return True
    groups = settings.TWO_FACTOR_GROUPS
    return bool(groups) and (user.is_superuser or user.groups.filter(name__in=groups).exists())


def new_device(user) -> TOTPDevice:
    """The device that a user is setting up; the same until it is done, so that a page may be loaded again."""
    found = TOTPDevice.objects.devices_for_user(user, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=user, name="", confirmed=False)


def confirm(device: TOTPDevice, name: str) -> None:
    device.name, device.confirmed = name, True
    device.save()


@transaction.atomic
def make_backup_codes(user) -> list[str]:
    """Ten codes that are good once each, ``abcd-efgh``; those from before are good no more."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=BACKUP)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(8)) for _ in range(BACKUP_CODES)]
    for code in codes:
        device.token_set.create(token=code)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def backup_codes_left(user) -> int:
    device = StaticDevice.objects.filter(user=user).first()
    return device.token_set.count() if device else 0


def reset(user) -> int:
    """Forget every device and backup code of a user; returns how many devices there were."""
    count = len(devices_of(user))
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    return count


def seconds_to_wait(user) -> int:
    """After wrong codes, until the next is looked at: one second, then two, four and so on (django-otp)."""
    found = [*TOTPDevice.objects.filter(user=user, confirmed=True), *StaticDevice.objects.filter(user=user)]
    waits = [extra for allowed, extra in (one.verify_is_allowed() for one in found) if not allowed]
    return max((int(_seconds(one)) + 1 for one in waits), default=0)


def _seconds(extra: dict) -> float:
    return max((extra["locked_until"] - timezone.now()).total_seconds(), 0)


@transaction.atomic
def accept(user, code: str) -> TOTPDevice | None:
    """The device that shows this code, or any one for a backup code, which is used up by that. None for a wrong code.

    A code is good once: each device remembers the last that was used.
    """
    code = "".join(code.split()).replace("-", "").lower()
    devices = list(TOTPDevice.objects.devices_for_user(user, confirmed=True).select_for_update().order_by("pk"))
    backup = StaticDevice.objects.select_for_update().filter(user=user).first()
    if not devices or not code.isascii():
        return None
    if len(code) == devices[0].digits and code.isdecimal():
        found = next((one for one in devices if one.verify_token(code)), None)
    else:
        found = devices[0] if backup is not None and backup.verify_token(code) else None
    if found is not None:
        # Whoever has the right one wasn't guessing with the others.
        for device in (one for one in devices if one.throttling_failure_count):
            device.throttle_reset()
    return found
