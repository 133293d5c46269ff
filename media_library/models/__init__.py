from media_library.models.asset import Asset
from media_library.models.document import CustomDocument
from media_library.models.image import CustomImage, CustomRendition
from media_library.models.job import ProcessingJob
from media_library.models.video import PosterRendition, Video, VideoTranscode

__all__ = [
    "Asset",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "PosterRendition",
    "ProcessingJob",
    "Video",
    "VideoTranscode",
]
