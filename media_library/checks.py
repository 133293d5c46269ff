from difflib import get_close_matches

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from media_library.conf import DEFAULTS, conf
from media_library.exceptions import MediaLibraryError
from media_library.imaging.filter_operations import configured_watermark


@register(Tags.compatibility)
def check_settings(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse a name in ``MEDIA_LIBRARY`` that is none of ours, and say which one was probably meant."""
    errors: list[CheckMessage] = []
    for name in getattr(settings, "MEDIA_LIBRARY", {}):
        if name not in DEFAULTS:
            close = get_close_matches(name, DEFAULTS, n=1)
            hint = f"Did you mean {close[0]!r}?" if close else f"Known names: {', '.join(sorted(DEFAULTS))}."
            errors.append(Error(f"MEDIA_LIBRARY has an unknown setting {name!r}.", hint=hint, id="media_library.E001"))
    return errors


@register(Tags.compatibility)
def check_watermarks(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse a watermark of ``WATERMARKS`` that can't be stamped, before somebody's page asks for it."""
    errors: list[CheckMessage] = []
    for name in conf.WATERMARKS:
        try:
            configured_watermark(name)
        except (TypeError, ValueError, MediaLibraryError) as error:
            hint = "Give it an 'image' (a static file or a path) or a 'text', and perhaps 'position' and 'opacity'."
            problem = f"The watermark {name!r} in MEDIA_LIBRARY['WATERMARKS'] can't be used: {error}."
            errors.append(Error(problem, hint=hint, id="media_library.E002"))
    return errors
