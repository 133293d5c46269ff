"""What the JSON of the API looks like, for the annotations of serializers and blocks.

``manage.py generate_types`` (cms/client_types) reads these annotations and writes types for front ends. Beside what is
written plainly, ``Annotated[dict[str, Any], Shape]`` is an object of this shape: a dataclass, a model (which stands
for its public object, or with `Inside` for that in others) or a union of models; `Also` adds fields to it. A block
whose object is not made of its children says in ``api_type()`` what it is made of, and in ``leaves_out_null`` that
children which are null are left out.
"""

from typing import Annotated, Any, TypedDict

from media_library.api.picture import Crop, FilmSource, Source, TextTrack
from media_library.api.sound import SoundSource


class Also:
    """Fields that an object has besides: ``Annotated[dict[str, Any], CustomImage, Also(caption=str)]``."""

    def __init__(self, **fields: Any):
        self.fields = fields


class Inside:
    """Said of a model: its object as others hold it, with fewer fields than by itself.

    ``Annotated[dict[str, Any], Category, Inside()]``
    """


SourceObject = Annotated[dict[str, Any], Source]
CropObject = Annotated[dict[str, Any], Crop]
FilmSourceObject = Annotated[dict[str, Any], FilmSource]
SoundSourceObject = Annotated[dict[str, Any], SoundSource]
TextTrackObject = Annotated[dict[str, Any], TextTrack]


class FocalPoint(TypedDict):
    """Fractions of the picture as seen."""

    x: float
    y: float


class Placeholder(TypedDict):
    """What stands there until a picture has come: a ThumbHash in base64, and the dominant colour as ``#rrggbb``."""

    thumbhash: str
    color: str


class ProjectionObject(TypedDict):
    """How a picture or film that goes all around lies flat, and which part of the sphere is in it.

    ``type`` is ``equirectangular`` or ``cubemap``, ``stereo`` ``mono``, ``top-bottom`` or ``left-right``. The others
    are fractions, of 360° from the left and of 180° from the top.
    """

    type: str
    stereo: str
    left: float
    top: float
    width: float
    height: float


class MotionFilm(TypedDict):
    """The film of a motion photo. Seconds; pixels."""

    id: int
    duration: float | None
    width: int | None
    height: int | None
    sources: list[FilmSourceObject]


class Poster(TypedDict):
    """The poster of a film, or the cover of a sound, in the shape of a picture. Pixels. Covers have no crops."""

    src: str
    srcset: str
    sources: list[SourceObject]
    placeholder: Placeholder | None
    width: int | None
    height: int | None
    alt: str
    focal_point: FocalPoint | None
    presets: dict[str, CropObject]
