"""What an asset takes over from the metadata of its file: what nobody has written by hand."""

import unicodedata
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from wagtail.search import index

from media_library.intake.metadata import PhotoMetadata
from media_library.models import Asset, CollectionSettings


def take_over(asset: Asset, metadata: PhotoMetadata, filenames: Sequence[str]) -> None:
    """Put the metadata of a new file on an asset that is about to be saved, and fill its empty fields from them.

    A title that is but the name of a file counts as empty, since uploaders write it there; ``filenames`` are those of
    the new file and the former. Text that the former file had brought along counts as empty, too, if the new file has
    other.
    """
    former = asset.metadata
    asset.metadata = metadata.to_json(with_location=keeps_location(asset.collection_id))
    asset.taken_at = metadata.taken_at
    _fill(asset, former, filenames)


def take_over_found(asset: Asset, metadata: dict[str, Any]) -> None:
    """The same for what a worker has found in a file: in the database, where the asset may have been edited meanwhile.

    For the transaction in which the worker's results are recorded.
    """
    Asset.lock(asset.pk)
    current = type(asset).objects.get(pk=asset.pk)
    former, current.metadata = current.metadata, metadata
    filled = _fill(current, former, [current.filename])
    Asset.objects.filter(pk=asset.pk).update(metadata=metadata, **{name: getattr(current, name) for name in filled})
    index.insert_or_update_object(current)


def _fill(asset: Asset, former: dict[str, Any], filenames: Sequence[str]) -> list[str]:
    """Fill empty fields from the metadata of an asset, which had ``former`` before; return the names of those."""
    filled = []
    offered_before = _offers(former)
    for name, text in _offers(asset.metadata).items():
        written = getattr(asset, name)
        longest = asset._meta.get_field(name).max_length
        by_nobody = not written or written == offered_before[name][:longest]
        if name == "title":
            by_nobody = by_nobody or _is_name_of_file(written, filenames)
        if text and by_nobody:
            setattr(asset, name, text[:longest])
            filled.append(name)
    return filled


def _offers(metadata: dict[str, Any]) -> dict[str, str]:
    """Fields of an asset, and what metadata have to say for them."""
    creator, credit = metadata.get("creator") or metadata.get("artist", ""), metadata.get("credit", "")
    if creator and credit and creator.casefold() not in credit.casefold():
        credit = f"{creator} / {credit}"
    return {
        "title": metadata.get("title", ""),
        "caption": metadata.get("caption", ""),
        "alt_text": metadata.get("alt_text", ""),
        "credit": credit or creator or metadata.get("copyright", ""),
        "source": metadata.get("source", ""),
    }


def _is_name_of_file(title: str, filenames: Sequence[str]) -> bool:
    """Whether somebody's uploader has made the title from the name of a file; Wagtail's leaves out the ending."""
    names = {_plain(form) for name in filenames for form in (name, PurePath(name).stem)}
    plain = _plain(title)
    # Uploaders cut long names to the length of the field.
    return plain in names or (len(title) >= 255 and any(name.startswith(plain) for name in names))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def take_over_tags(asset: Asset) -> None:
    """Tag a saved asset with the keywords of its new file, unless somebody has tagged it before."""
    keywords = asset.metadata.get("keywords")
    if keywords and not asset.tags.exists():
        asset.tags.add(*keywords)
        # Saving the row put it in the index before its tags were there.
        index.insert_or_update_object(asset)


def keeps_location(collection_id: int | None) -> bool:
    """Whether this collection keeps where photographs were taken. It has to ask for it."""
    return CollectionSettings.objects.filter(collection=collection_id, keep_location=True).exists()


def forget_location(asset: Asset) -> None:
    """Drop the position of an asset that is about to be saved into a collection that keeps none."""
    if "gps" in asset.metadata and not keeps_location(asset.collection_id):
        asset.metadata = {name: value for name, value in asset.metadata.items() if name != "gps"}
        # Saving a form leaves alone what intake found out.
        Asset.objects.filter(pk=asset.pk).update(metadata=asset.metadata)


def forget_locations() -> int:
    """Drop every position that is in a collection which keeps none, and return how many there were.

    For what moves assets without saving them, and for collections that change their mind.
    """
    kept = Asset.objects.filter(metadata__has_key="gps").exclude(collection__media_settings__keep_location=True)
    assets = list(kept.only("metadata"))
    for asset in assets:
        asset.metadata.pop("gps", None)
    return Asset.objects.bulk_update(assets, ["metadata"], batch_size=500)
