from media_library.models.asset import Asset
from media_library.models.audio import Audio
from media_library.models.bulk_operation import BulkBatch, BulkOperation
from media_library.models.choice import RecentChoice
from media_library.models.collection import CollectionSettings, WatermarkPosition
from media_library.models.developed import FilmPart, PosterRendition, Sidecar, Transcode
from media_library.models.document import CustomDocument
from media_library.models.embedding import AssetEmbedding, VocabularyWord
from media_library.models.fingerprint import DuplicatePair, Fingerprint
from media_library.models.housekeeping import ImportedFile, OrphanSweep, UnusedAsset
from media_library.models.image import CustomImage, CustomRendition
from media_library.models.job import ProcessingJob
from media_library.models.media_collection import MediaCollection, MediaCollectionItem
from media_library.models.preset_manifest import PresetDemand, PresetManifest
from media_library.models.removal import FileRemoval
from media_library.models.statistics import AssetEngagement, AssetStatistics, AssetStorage
from media_library.models.suggestion import Suggestion
from media_library.models.superseded import SupersededFile
from media_library.models.track import Track
from media_library.models.upload import IdempotencyKey, UploadSession
from media_library.models.usage import MediaUsage
from media_library.models.version import AssetVersion
from media_library.models.video import Video
from media_library.models.waiting_publication import WaitingPublication

__all__ = [
    "Asset",
    "AssetEmbedding",
    "AssetEngagement",
    "AssetStatistics",
    "AssetStorage",
    "AssetVersion",
    "Audio",
    "BulkBatch",
    "BulkOperation",
    "CollectionSettings",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "DuplicatePair",
    "FileRemoval",
    "FilmPart",
    "Fingerprint",
    "IdempotencyKey",
    "ImportedFile",
    "MediaCollection",
    "MediaCollectionItem",
    "MediaUsage",
    "OrphanSweep",
    "PosterRendition",
    "PresetDemand",
    "PresetManifest",
    "ProcessingJob",
    "RecentChoice",
    "Sidecar",
    "Suggestion",
    "SupersededFile",
    "Track",
    "Transcode",
    "UnusedAsset",
    "UploadSession",
    "Video",
    "VocabularyWord",
    "WaitingPublication",
    "WatermarkPosition",
]
