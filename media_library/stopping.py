"""Whether this process has been asked to end: work that takes longer than somebody waits for it looks here."""

import threading

from media_library.exceptions import HandedBack

_asked = threading.Event()


def ask() -> None:
    """Ask all work in this process to end soon. Safe in a signal handler."""
    _asked.set()


def is_asked() -> bool:
    return _asked.is_set()


def check() -> None:
    """Raise ``HandedBack`` when this process has been asked to end."""
    if _asked.is_set():
        raise HandedBack("This process is about to end; another one goes on.")


def forget() -> None:
    """For tests: processes that have been asked end."""
    _asked.clear()
