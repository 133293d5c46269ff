from media_library.models.asset import Asset
from media_library.models.collection import CollectionSettings, WatermarkPosition
from media_library.models.document import CustomDocument
from media_library.models.image import CustomImage, CustomRendition
from media_library.models.job import ProcessingJob
from media_library.models.superseded import SupersededFile
from media_library.models.video import PosterRendition, Video, VideoTranscode

__all__ = [
    "Asset",
    "CollectionSettings",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "PosterRendition",
    "ProcessingJob",
    "SupersededFile",
    "Video",
    "VideoTranscode",
    "WatermarkPosition",
]
