import logging
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from media_library.conf import conf
from media_library.exceptions import Cancelled, HandedBack, LeaseLost, ProcessingError
from media_library.insight.proposals import Backend, Look, Proposal

logger = logging.getLogger(__name__)


def backends() -> dict[str, Backend]:
    """The backends of ``INSIGHT_BACKENDS`` by the names under which their suggestions are shown.

    Raises ``ImportError`` for one that isn't there; ``check`` says so before.
    """
    return {name: import_string(path) for name, path in conf.INSIGHT_BACKENDS.items() if path}


def propose(look: Look) -> Iterator[tuple[str, list[Proposal]]]:
    """What each backend proposes, one after the other, in the language of the site where it is text.

    A backend that fails keeps no other from its work. Raises ``ProcessingError`` at the end then, which says what to
    do, so that the job is tried again.
    """
    wrong: dict[str, Exception] = {}
    for name, backend in backends().items():
        try:
            with translation.override(settings.LANGUAGE_CODE):
                found = list(backend(look))
        except (Cancelled, HandedBack, LeaseLost):
            raise
        except Exception as error:
            logger.warning("%s: the backend %s failed: %s", look.asset, name, error, exc_info=True)
            wrong[name] = error
            continue
        yield name, found
    if wrong:
        raise ProcessingError(
            translation.gettext("No suggestions came from %(names)s. Press “Try again”, or ask your operator.")
            % {"names": ", ".join(wrong)},
            log="\n".join(_told(name, error) for name, error in wrong.items()),
        ) from next(iter(wrong.values()))


def _told(name: str, error: Exception) -> str:
    """What an operator is told of it, with what the program itself has said, if one has."""
    return f"{name}: {type(error).__name__}: {error}\n{getattr(error, 'log', '')}".strip()
