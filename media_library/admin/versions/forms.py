from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media_library.admin.forms import accepted, extensions
from media_library.exceptions import NotReplaced, UnacceptableFile
from media_library.intake import inspect
from media_library.intake.limits import max_bytes
from media_library.intake.sniff import AUDIO_TYPES, IMAGE_TYPES, VIDEO_TYPES
from media_library.models import Asset

TYPES = {Asset.Kind.IMAGE: IMAGE_TYPES, Asset.Kind.VIDEO: VIDEO_TYPES, Asset.Kind.AUDIO: AUDIO_TYPES}


class ChangeForm(forms.Form):
    """Why, and what the user saw: ``base`` is the number of the version that was current then."""

    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("Optional. Whoever looks at the versions of this file later will read it."),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReplaceForm(ChangeForm):
    """Another file for ``asset``, judged by its bytes."""

    file = forms.FileField(label=gettext_lazy("New file"))
    field_order = ("file", "note", "base")

    def __init__(self, *args: Any, asset: Asset, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asset = asset
        # Intake has words for an empty one.
        self.fields["file"].allow_empty_file = True
        if types := TYPES.get(Asset.Kind(asset.kind)):
            self.fields["file"].widget.attrs["accept"] = ",".join(f".{one}" for one in extensions(types))
            what = accepted(types, max_bytes(asset.kind))
            self.fields["file"].help_text = _("Accepted: %(what)s.") % {"what": what}

    def clean_file(self) -> File:
        upload = self.cleaned_data["file"]
        try:
            inspection = inspect(self.asset.kind, upload.file, upload.name)
        except UnacceptableFile as error:
            raise ValidationError(str(error), code=error.code) from error
        if inspection.file_hash == self.asset.file_hash:
            raise ValidationError(_("This is the file that it has already. Choose another one."), code="same_file")
        return upload


def require_replacement(asset: Asset, file: Any) -> None:
    """Raise ``UnacceptableFile`` for what can't be the file of this asset, ``NotReplaced`` for the one it has."""
    form = ReplaceForm({}, {"file": file}, asset=asset)
    for problem in form.errors.as_data().get("file", ()):
        raise problem.__cause__ or NotReplaced(" ".join(problem.messages))
