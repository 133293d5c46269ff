"""Parts of a file that a client asks for (RFC 9110, section 14)."""

import re

MOST = 16
"""Ranges in one request; a player asks for one, a reader of PDF for some."""

_ONE = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)


class Unsatisfiable(Exception):
    """Nothing of what is asked for lies in the file: the answer is 416."""


def read_ranges(header: str, size: int) -> list[tuple[int, int]]:
    """First and last byte of each range, as ``bytes=0-499,-500`` asks for them; none for a header to be ignored.

    What overlaps is joined, so that no more is sent than there is. Raises ``Unsatisfiable``.
    """
    unit, equals, asked = header.partition("=")
    if unit.strip().lower() != "bytes" or not equals:
        return []
    found = [_ONE.fullmatch(one) for one in asked.split(",") if one.strip()]
    if not found or len(found) > MOST or not all(found):
        return []
    ranges = []
    for match in found:
        first, last = match.groups() if match else ("", "")
        if not first and not last:
            return []
        if first and last and int(last) < int(first):
            return []
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last), size - 1) if first and last else size - 1
        if start <= end and (first or int(last)):
            ranges.append((start, end))
    if not ranges:
        raise Unsatisfiable
    return _joined(ranges)


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
