"""What can go wrong in the media library.

    MediaLibraryError
    ├── UnacceptableFile     the bytes are the problem: trying again can't help
    │   ├── UnknownFileType
    │   ├── FileTooLarge
    │   ├── DamagedFile
    │   └── InvalidCaptions  says in which line
    ├── UnacceptableRecipe   what an editor wants done to a picture can't be done
    ├── ProcessingError      the work went wrong; it may go right another time
    │   ├── FFmpegError
    │   └── PartsDiffer      what several workers have made of one film doesn't fit together
    ├── ServerAway           a server of others doesn't answer: later it may
    ├── ModelError           the model of the operator's can't be used
    ├── Cancelled            an editor stopped the work
    ├── LeaseLost            this worker no longer owns the job it works on
    ├── HandedBack           this process is about to end, and leaves the work to another
    ├── Busy                 too much of this work is going on: later it will be fine
    ├── InvalidTransform     a rendition on demand that is none, or that is out of bounds
    ├── ImportSourceError    where files should be imported from is not there, or doesn't answer
    ├── InvalidBeacon        what a front end tells of its visitors is no such thing
    ├── InvalidManifest      what a front end says it needs can't be made
    ├── NotChanged           one of many assets stays as it is
    ├── NotMerged            two assets can't become one
    ├── NotReplaced          one asset can't take the place of another there
    ├── UploadError          a file is not in the library yet; what is wrong may be put right
    │   ├── WrongOffset      a part that doesn't begin where the one before it ended
    │   ├── ChecksumMismatch a part that was changed on its way
    │   ├── UnwelcomeUpload  not by this user, or not with these details
    │   │   └── ForbiddenUpload
    │   ├── DuplicateFile    the library has it already
    │   ├── KeyReused        the key of a request that was another one
    │   ├── NoRoom           the disk is full
    │   ├── StorageAway      disk or storage don't take it just now
    │   └── ImportFailed     nothing can be got from an address
    ├── AssetInUse           what is used can't be deleted
    ├── NotPublishable       it uses what may not be shown
    └── ItemGone             somebody has taken it out of the media collection

Every message is a sentence for an editor: what is wrong, and what to do.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


class MediaLibraryError(Exception):
    """Base of all errors of the media library; ``str()`` is a sentence for an editor, ``log`` is for an operator."""

    code = "media_error"

    def __init__(self, message: str = "", log: str = ""):
        super().__init__(message)
        self.log = log


class UnacceptableFile(MediaLibraryError):
    """The file itself is the problem, so that trying again can't help."""

    code = "unacceptable_file"


class UnknownFileType(UnacceptableFile):
    """The bytes are of no type that is accepted here, or not of the type that the name says."""

    code = "unknown_file_type"


class FileTooLarge(UnacceptableFile):
    """More bytes or more pixels than the limit."""

    code = "file_too_large"


class DamagedFile(UnacceptableFile):
    """Empty, cut off or corrupt."""

    code = "damaged_file"


class InvalidCaptions(UnacceptableFile):
    """Captions that players would misread. ``line`` counts from 1; ``str()`` begins with it."""

    code = "invalid_captions"

    def __init__(self, problem: str, line: int):
        super().__init__(_("Line %(line)s: %(problem)s") % {"line": line, "problem": problem})
        self.line = line


class UnacceptableRecipe(MediaLibraryError):
    """The edits of a picture don't make sense: an unknown one, one out of its range, a crop of nothing."""

    code = "unacceptable_recipe"


class ProcessingError(MediaLibraryError):
    """The work went wrong for a reason that may pass."""

    code = "processing_error"


class FFmpegError(ProcessingError):
    """ffmpeg ended with an error that is not known to be the file's fault. ``log`` is the end of what it wrote."""

    code = "ffmpeg_error"


class PartsDiffer(ProcessingError):
    """The parts of a film can't be joined: it is to be made in one go."""

    code = "parts_differ"


class LeaseLost(MediaLibraryError):
    """Another worker has taken the job over, or its asset is gone: stop, and store nothing."""

    code = "lease_lost"


class HandedBack(MediaLibraryError):
    """This process was asked to end, so that the work is for another one. Nobody is told."""

    code = "handed_back"


class ServerAway(MediaLibraryError):
    """A server that the work needs doesn't answer just now; the file is not to blame.

    ``seconds`` until it is worth asking again, if the server or the reason says so.
    """

    code = "server_away"

    def __init__(self, message: str, log: str = "", seconds: float | None = None):
        super().__init__(message, log)
        self.seconds = seconds


class ModelError(MediaLibraryError):
    """The model that an operator has put there is missing, corrupt or of another shape; told to operators."""

    code = "model_error"


class Cancelled(MediaLibraryError):
    """An editor asked for the work to stop: store nothing more, and don't try again."""

    code = "cancelled"


class Busy(MediaLibraryError):
    """Too much is going on, or someone else is at the same work and takes long. Later it will be fine."""

    code = "busy"


class InvalidTransform(MediaLibraryError):
    """What was asked of a picture is no transform of ours, or out of bounds."""

    code = "invalid_transform"


class ImportSourceError(MediaLibraryError):
    """The folder or bucket to import from is not there, or doesn't answer."""

    code = "import_source"


class InvalidBeacon(MediaLibraryError):
    """What a front end sent is no list of events, or too long a one."""

    code = "invalid_beacon"


class InvalidManifest(MediaLibraryError):
    """What a front end says it needs can't be made. ``errors`` say where: ``[("slots.hero.widths", "…")]``."""

    code = "invalid_manifest"

    def __init__(self, errors: Sequence[tuple[str, str]]):
        super().__init__(" ".join(message for _field, message in errors))
        self.errors = list(errors)


class NotChanged(MediaLibraryError):
    """What is done to many assets can't be done to this one."""

    code = "not_changed"


class UploadError(MediaLibraryError):
    """A file has not come into the library, and the file is not to blame: it may come yet."""

    code = "upload_error"


class WrongOffset(UploadError):
    """The part doesn't begin where the file ends so far."""

    code = "wrong_offset"


class ChecksumMismatch(UploadError):
    """The part is not what was sent. Nothing of it was kept."""

    code = "checksum_mismatch"


class UnwelcomeUpload(UploadError):
    """This user may not add such a file there, or what is said about it makes no sense."""

    code = "unwelcome_upload"


class ForbiddenUpload(UnwelcomeUpload):
    """This user may not add files of this kind at all."""

    code = "forbidden"


class DuplicateFile(UploadError):
    """The library has the same bytes already, and a second one was not asked for. ``asset`` is the one."""

    code = "duplicate"

    def __init__(self, asset: Any):
        super().__init__(_("The library has this file already: “%(title)s”.") % {"title": asset.title})
        self.asset = asset


class KeyReused(UploadError):
    """An idempotency key that came with another request before."""

    code = "idempotency_key_reused"


class NoRoom(UploadError):
    """The disk is full. What has come so far is kept."""

    code = "no_room"


class StorageAway(UploadError):
    """Disk, storage or database failed. What has come so far is kept."""

    code = "storage_away"


class ImportFailed(UploadError):
    """An address that may not be asked, or that doesn't give what was hoped for."""

    code = "import_failed"


class NotPublic(ImportFailed):
    """An address inside a private network, which would let a stranger ask servers that are not for everybody."""


class UnknownHost(ImportFailed):
    """No server has this name."""


class AssetInUse(MediaLibraryError):
    """An asset can't be deleted as long as something uses it.

    ``asset`` is the one, ``number`` how many objects use it, ``places`` the first of these (usage.Place), as the user
    may see them. The sentence itself names none of them.
    """

    code = "in_use"

    def __init__(self, message: str, asset: Any, places: Sequence[Any], number: int):
        super().__init__(message)
        self.asset = asset
        self.places = places
        self.number = number


class ItemGone(MediaLibraryError):
    """Somebody else has taken an item out of a media collection in the meantime."""

    code = "item_gone"

    def __init__(self) -> None:
        super().__init__(_("Somebody has taken this out of the collection meanwhile. You now see it as it is."))


class NotMerged(MediaLibraryError):
    """Two assets can't become one."""

    code = "not_merged"


class NotReplaced(MediaLibraryError):
    """One asset can't take the place of another, there or anywhere."""

    code = "not_replaced"


class NotPublishable(MediaLibraryError):
    """An object can't be published because of assets that it uses.

    ``instance`` is the object, ``obstacles`` are the reasons (publishing.Concern). The sentence names the assets:
    whoever can't be sure that its reader may see them says something else.
    """

    code = "not_publishable"

    def __init__(self, message: str, instance: Any, obstacles: Sequence[Any]):
        super().__init__(message)
        self.instance = instance
        self.obstacles = obstacles
