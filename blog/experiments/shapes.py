"""What front ends are told of experiments."""

from typing import Annotated, Any, TypedDict

from media_library.models import CustomImage


class ExperimentObject(TypedDict):
    """Two pictures for one place of a post: ``thumbnail``, ``featured_image`` or ``poster``."""

    id: int
    slot: str
    a: Annotated[dict[str, Any], CustomImage]
    b: Annotated[dict[str, Any], CustomImage]
