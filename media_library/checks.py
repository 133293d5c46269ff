from difflib import get_close_matches

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from media_library.conf import DEFAULTS
from media_library.imaging.presets import named_presets


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
def check_image_variants(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Read ``IMAGE_VARIANTS`` at start, so that a mistake in it is told there and not in a worker."""
    try:
        named_presets()
    except ImproperlyConfigured as error:
        example = "IMAGE_VARIANTS = {'hero': {'width': 1920, 'height': 1080, 'crop': True}}"
        return [Error(str(error), hint=f"For example: {example}", id="media_library.E002")]
    return []
