"""One asset of many, made up from its number: the same number always gives the same asset."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from media_library.models import Asset, AssetStatistics, AssetStorage

LATEST = datetime(2026, 11, 1, 12, tzinfo=UTC)
YEARS = 12

PLACES = ("Harbour", "Lighthouse", "Old town", "Market square", "Forest", "Riverbank", "Station", "Stadium", "Museum")
MOMENTS = ("at dawn", "in the rain", "before the storm", "on a Sunday", "at noon", "by night", "in winter", "in bloom")
SUBJECTS = ("Boats", "Cyclists", "Fishermen", "Gulls", "Musicians", "Children", "Volunteers", "Trams", "Lanterns")
TAGS = (
    *("sea", "city", "people", "sport", "culture", "politics", "weather", "travel", "food", "nature", "archive"),
    *("black and white", "portrait", "aerial", "night", "festival", "winter", "summer", "interview", "press"),
)
SYLLABLES = ("ba", "do", "fe", "gi", "hu", "ka", "lo", "me", "ni", "pu", "ra", "so", "te", "vi", "wu", "za")
NAMES = 20_000
LICENCES = ("", "", "CC BY 4.0", "All rights reserved", "Agency")

KINDS = (
    *(Asset.Kind.IMAGE,) * 17,
    Asset.Kind.VIDEO,
    Asset.Kind.AUDIO,
    Asset.Kind.DOCUMENT,
)
"""Of twenty files, as in an editorial office."""

TYPES = {
    Asset.Kind.IMAGE: ("image/jpeg", "jpg"),
    Asset.Kind.VIDEO: ("video/mp4", "mp4"),
    Asset.Kind.AUDIO: ("audio/mpeg", "mp3"),
    Asset.Kind.DOCUMENT: ("application/pdf", "pdf"),
}
SIZES = ((6000, 4000), (4000, 6000), (4032, 3024), (3024, 4032), (3000, 3000), (2048, 1365))
CAMERAS = ("NIKON Z 6", "Canon EOS R5", "Leica Q3", "Apple iPhone 15")


def asset(number: int, collections: list[int], uploaders: list[int]) -> Asset:
    """The columns of ``Asset``, not saved."""
    random = Random(number)
    kind = random.choice(KINDS)
    mime_type, extension = TYPES[kind]
    created = LATEST - timedelta(minutes=random.randrange(YEARS * 365 * 24 * 60))
    # One of fifty is a copy of the one before it.
    original = number - 1 if number % 50 == 0 else number
    title = f"{random.choice(SUBJECTS)}, {random.choice(PLACES)} {random.choice(MOMENTS)}"
    values: dict[str, Any] = {
        "kind": kind,
        "title": title,
        "filename": f"DSC_{number:06}.{extension}",
        "alt_text": "" if random.random() < 0.3 else f"{title}, seen from the {random.choice(PLACES).lower()}",
        "caption": f"{title}. {random.choice(PLACES)}, {created:%B %Y}. With {' and '.join(names(number))}.",
        "credit": f"Agency {random.randrange(20)}",
        "licence": random.choice(LICENCES),
        "collection_id": random.choice(collections),
        "uploaded_by_user_id": random.choice(uploaders),
        "status": Asset.Status.FAILED if random.random() < 0.002 else Asset.Status.READY,
        "version": 1,
        "file_size": int(random.lognormvariate(14.8, 1.1)) * (20 if kind == Asset.Kind.VIDEO else 1),
        "file_hash": sha256(f"{original}".encode()).hexdigest(),
        "mime_type": mime_type,
        "expires_on": (created + timedelta(days=3650)).date() if random.random() < 0.05 else None,
        "metadata": {},
    }
    if kind in (Asset.Kind.IMAGE, Asset.Kind.VIDEO):
        values["width"], values["height"] = random.choice(SIZES)
    if kind in (Asset.Kind.VIDEO, Asset.Kind.AUDIO):
        values["duration"] = random.lognormvariate(4, 1)
    if kind == Asset.Kind.IMAGE:
        values["taken_at"] = created - timedelta(hours=random.randrange(200))
        values["metadata"] = {"camera": random.choice(CAMERAS), "iso": 100 * random.randrange(1, 64)}
    made = Asset(**values)
    made.created_at = created
    return made


def names(number: int) -> list[str]:
    """The two names in its caption: a few are in very many captions, most in some (Zipf), as words are."""
    random = Random(f"names of {number}")
    ranks = [int(NAMES ** random.random()) for _ in range(2)]
    return ["".join(SYLLABLES[rank >> shift & 15] for shift in (0, 4, 8, 12)).capitalize() for rank in ranks]


def tags(number: int) -> list[str]:
    """The tags of that asset."""
    return Random(f"tags of {number}").sample(TAGS, 2 + number % 3)


def storage(asset: Asset, measured_at: datetime) -> AssetStorage:
    """What its files take, as a share of the original. The asset is saved; this is not."""
    shares = {
        Asset.Kind.IMAGE: (0.6, 0, 0.08),
        Asset.Kind.VIDEO: (0.01, 0.9, 0.3),
        Asset.Kind.AUDIO: (0.01, 0.5, 0.5),
        Asset.Kind.DOCUMENT: (0, 0, 1),
    }[Asset.Kind(asset.kind)]
    renditions, transcodes, shown = (int((asset.file_size or 0) * share) for share in shares)
    return AssetStorage(
        asset_id=asset.pk, renditions=renditions, transcodes=transcodes, shown=shown, measured_at=measured_at
    )


def statistics(number: int, asset: Asset, today: date) -> Iterator[AssetStatistics]:
    """What visitors saw of it: one of ten, on twenty days of the last year. Not saved."""
    random = Random(f"statistics of {number}")
    if number % 10:
        return
    for day in random.sample(range(365), 20):
        views = random.randrange(1, 500)
        yield AssetStatistics(
            asset_id=asset.pk, day=today - timedelta(days=day), views=views, bytes=views * random.randrange(200_000)
        )
