"""When a photograph was taken."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from django.utils import timezone as site

EARLIEST = 1826
"""The year of the oldest photograph there is, Niépce's view from his window. Scans are dated by hand."""

_RESETS = {(1904, 1, 1), (1970, 1, 1), (1980, 1, 1)}
"""Where clocks begin that were never set, at midnight."""

_WRITTEN = re.compile(
    r"(?P<year>\d{4})[:/.-]?(?P<month>\d\d)[:/.-]?(?P<day>\d\d)"
    r"(?:[T ]+(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)?"
)


def parse_moment(text: str, zone: str = "") -> datetime | None:
    """Read a moment as EXIF, XMP or IPTC write it, without fractions of a second.

    ``2012:08:26 15:53:03`` (Exif 3.0, DateTimeOriginal), ``2012-08-26T15:53:03.60+02:00`` (ISO 8601, XMP) and
    ``20120826 155303+0200`` (IPTC-IIM 2:55 and 2:60). ``zone`` (``+02:00``) counts where the text names none, and the
    site's time zone where there is neither. None for what is no date, or an absurd one: before photography, in the
    future, or that of a clock which was never set.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if (year, month, day) in _RESETS and not (hour or minute):
        return None
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found["zone"] or zone))
    except ValueError:
        return None
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    return moment if moment.year >= EARLIEST and moment < tomorrow else None


def _zone(text: str) -> tzinfo:
    if text.strip() == "Z":
        return UTC
    found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", text.strip())
    if found is None:
        return site.get_default_timezone()
    minutes = int(found[2]) * 60 + int(found[3])
    # The farthest are 14 hours ahead and 12 behind; a day or more is no zone at all.
    if minutes > 14 * 60:
        return site.get_default_timezone()
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
