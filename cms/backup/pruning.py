"""Old backups go, and the objects that no other one has."""

from django.core.files.storage import Storage

from cms.backup.files import OBJECTS, entries, ledger
from cms.backup.manifest import FOLDER, NAME, Manifest, stamps
from cms.backup.places import sizes


def prune(place: Storage, keep: int) -> None:
    """Delete all but the latest ``keep`` backups (0 keeps all), what interrupted ones left, and objects of these.

    Nobody else may write there meanwhile (locking.py). Interrupted, it is finished by the next one.
    """
    whole = stamps(place)
    old = whole[:-keep] if keep else []
    for stamp in old:
        # First: what is half deleted must not be taken for a backup.
        place.delete(f"{FOLDER}/{stamp}/{NAME}")
    kept = [stamp for stamp in whole if stamp not in old]
    gone = {name.split("/")[1] for name, _size in sizes(place, FOLDER)} - set(kept)
    if not gone:
        return
    with ledger() as book:
        for stamp in kept:
            for _storage, _name, sha256, size, _modified in entries(place, Manifest.read(place, stamp)):
                book.add_object(sha256, size)
        unreferenced = [
            name for name, size in sizes(place, OBJECTS) if not book.has_object(name.rpartition("/")[2], size)
        ]
        for name in unreferenced:
            place.delete(name)
    for name in [name for name, _size in sizes(place, FOLDER) if name.split("/")[1] in gone]:
        place.delete(name)
