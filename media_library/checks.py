from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from media_library.conf import DEFAULTS, conf
from media_library.exceptions import MediaLibraryError, ModelError
from media_library.imaging.filter_operations import configured_watermark
from media_library.imaging.presets import named_presets
from media_library.insight import embedding, text
from media_library.insight.embedding.manifest import read_manifest
from media_library.insight.embedding.model import require_files
from media_library.publishing import Level
from media_library.video.processing import video_processing

SHORTEST_KEY = 32
"""Characters. A key that can be guessed offline from one address would sign any other."""


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
            errors.append(Error(problem, hint=hint, id="media_library.E003"))
    return errors


@register(Tags.security)
def check_transform_keys(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Warn of keys for renditions on demand that are too short."""
    if all(len(key) >= SHORTEST_KEY for key in conf.TRANSFORM_KEYS):
        return []
    hint = f"Use {SHORTEST_KEY} random characters or more, e.g. of `openssl rand -hex 32`."
    return [Warning("A key in IMAGE_TRANSFORM_KEY is short enough to be guessed.", hint=hint, id="media_library.W001")]


@register(Tags.compatibility)
def check_image_variants(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Read ``IMAGE_VARIANTS`` at start, so that a mistake in it is told there and not in a worker."""
    try:
        named_presets()
    except ImproperlyConfigured as error:
        example = "IMAGE_VARIANTS = {'hero': {'width': 1920, 'height': 1080, 'crop': True}}"
        return [Error(str(error), hint=f"For example: {example}", id="media_library.E002")]
    return []


@register(Tags.compatibility)
def check_video_processing(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Read ``VIDEO_PROCESSING`` at start, likewise."""
    try:
        video_processing()
    except ImproperlyConfigured as error:
        example = "VIDEO_PROCESSING = {'max_resolution': '720p', 'formats': ['mp4'], 'quality': 'medium'}"
        return [Error(str(error), hint=f"For example: {example}", id="media_library.E004")]
    return []


@register(Tags.compatibility)
def check_publishing_checks(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse an unknown check, or one that neither blocks nor warns nor is off."""
    names, levels = sorted(DEFAULTS["PUBLISHING_CHECKS"]), [str(level) for level in Level]
    errors: list[CheckMessage] = []
    for name, level in conf.publishing_checks.items():
        if name not in names:
            hint = f"Known checks: {', '.join(names)}."
            problem = f"PUBLISHING_CHECKS has an unknown check {name!r}."
            errors.append(Error(problem, hint=hint, id="media_library.E005"))
        elif level not in levels:
            hint = f"Use one of: {', '.join(levels)}."
            problem = f"PUBLISHING_CHECKS[{name!r}] is {level!r}, which is nothing that can come of a check."
            errors.append(Error(problem, hint=hint, id="media_library.E005"))
    return errors


@register(Tags.compatibility)
def check_insight_endpoint(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse a server for descriptions that can't be asked; warn of a key that anybody on the way could read."""
    url, key, found = conf.INSIGHT_ENDPOINT, conf.INSIGHT_ENDPOINT_KEY, list[CheckMessage]()
    if not url:
        return found
    if not conf.INSIGHT_ENDPOINT_MODEL:
        hint = "Name a model that can see, such as INSIGHT_ENDPOINT_MODEL=qwen2.5vl:7b, or unset INSIGHT_ENDPOINT."
        problem = "INSIGHT_ENDPOINT is set, and INSIGHT_ENDPOINT_MODEL is not: nothing is asked."
        found.append(Error(problem, hint=hint, id="media_library.E006"))
    if key and not (key.isascii() and key.isprintable()):
        problem = "INSIGHT_ENDPOINT_KEY has characters that no HTTP header can have."
        found.append(Error(problem, hint="Copy it again, without line breaks.", id="media_library.E007"))
    if key and urlsplit(url).scheme == "http" and not _is_near(urlsplit(url).hostname or ""):
        problem = "INSIGHT_ENDPOINT_KEY and pictures go to INSIGHT_ENDPOINT unencrypted."
        found.append(Warning(problem, hint="Use an https:// address.", id="media_library.W002"))
    return found


def _is_near(host: str) -> bool:
    """Whether this is surely a machine of one's own network; names tell nothing, but for one."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"


@register(Tags.compatibility)
def check_insight_model(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Tell of a model that can't be used; before a deployment (``check --deploy``), load and try it."""
    if not embedding.is_on():
        return []
    try:
        require_files(Path(conf.INSIGHT_MODEL_DIR), read_manifest(Path(conf.INSIGHT_MODEL_DIR)))
    except ModelError as error:
        hint = "Nothing is tagged or found by its looks until then; all else works."
        return [Warning(str(error), hint=hint, id="media_library.W003")]
    return []


@register(Tags.compatibility, deploy=True)
def check_insight_model_runs(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Load the model and try it, which takes seconds."""
    try:
        if model := embedding.usable_model():
            model.require_whole()
    except ModelError as error:
        return [Warning(str(error), hint="Export it again, or unset INSIGHT_MODEL_DIR.", id="media_library.W004")]
    return []


@register(Tags.compatibility, deploy=True)
def check_insight_text(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Say before a deployment why words in pictures are not read; nobody has to want that."""
    if not conf.INSIGHT_BACKENDS.get("text") or not (problem := text.problem()):
        return []
    hint = "Nothing else is missing without. MEDIA_LIBRARY['INSIGHT_BACKENDS']['text'] = '' switches it off."
    level = Warning if conf.INSIGHT_TEXT_LANGUAGES else Info
    return [level(problem, hint=hint, id="media_library.W005")]
