"""What the uploader says. Its sentences are made in the browser, so it is given them all."""

from django.utils.translation import gettext as _


def messages() -> dict[str, str]:
    """By the names that static/media_library/js/uploader/ knows them by; ``{name}`` stands for what is put in."""
    return {
        # States of a file.
        "waiting": _("Waiting"),
        "uploading": _("Uploading, {percent}%"),
        "paused": _("Paused at {percent}%"),
        "reconnecting": _("No connection. Goes on by itself."),
        "finishing": _("Checking the file…"),
        "importing": _("Fetching"),
        "importingPercent": _("Fetching, {percent}%"),
        "done": _("In the library"),
        "usesExisting": _("The one that was there is used. The new one is gone."),
        "duplicate": _("In the library, though the same file was there already:"),
        "similar": _("In the library, though it looks like one that was there already:"),
        "missing": _("Stopped at {percent}%. Drop the same file again to go on."),
        "failed": _("Upload failed."),
        # A count of them.
        "summary": _("{done} of {total} files done"),
        "summaryProblems": _("{done} of {total} files done, {problems} with problems"),
        "remainingSeconds": _("about {count} s left"),
        "remainingMinutes": _("about {count} min left"),
        "remainingHours": _("about {count} h left"),
        "allDone": _("All files are in the library."),
        "finishedWithProblems": _("Finished. {problems} files need your attention."),
        "more": _("Show {count} more"),
        # Buttons, with the name of the file.
        "pauseFile": _("Pause {name}"),
        "resumeFile": _("Resume {name}"),
        "retryFile": _("Try {name} again"),
        "cancelFile": _("Cancel {name}"),
        "removeFile": _("Take {name} off this list"),
        "describeFile": _("Describe {name}"),
        # What is written about a file.
        "saving": _("Saving…"),
        "saved": _("Saved"),
        "notSaved": _("Not saved: {reason}"),
        "titleMissing": _("Give it a title."),
        # What goes wrong.
        "tooLarge": _("This file is too large."),
        "signedOut": _("You are signed out. Sign in again in another tab, then try again: nothing is lost."),
        "serverError": _("The server has a problem ({status}). Try again in a moment."),
        "unreadable": _("This file can't be read any more. Was it moved or changed? Drop it again."),
        "foldersFailed": _("The folders could not be made."),
        "nothingDropped": _("There was no file in what was dropped."),
        "badAddress": _("Write an address that begins with https:// or http://."),
        "pastedName": _("Pasted {moment}"),
    }
