from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from wagtail.admin.forms.collections import BaseCollectionMemberForm
from wagtail.admin.forms.tags import validate_tag_length
from wagtail.admin.widgets import AdminTagWidget
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from media_library.admin.permissions import video_permission_policy
from media_library.exceptions import UnacceptableFile
from media_library.intake import inspect


class IntakeFormMixin:
    """Judge an uploaded file by its bytes before anything is saved, and say what is wrong in the form."""

    def clean_file(self) -> File | None:
        upload = self.cleaned_data.get("file")
        if upload and "file" in self.changed_data:
            try:
                inspect(self._meta.model.KIND, upload.file, upload.name)
            except UnacceptableFile as error:
                raise ValidationError(str(error), code=error.code) from error
        return upload

    def save(self, commit: bool = True) -> Any:
        # Wagtail's forms would delete the former file at once, and with it the new file's first renditions. Ours
        # goes after commit (signal_handlers.py).
        self.original_file = None
        return super().save(commit=commit)


class ImageForm(IntakeFormMixin, BaseImageForm):
    class Meta(BaseImageForm.Meta):
        widgets = BaseImageForm.Meta.widgets | {"caption": forms.Textarea(attrs={"rows": 3})}


class DocumentForm(IntakeFormMixin, BaseDocumentForm):
    pass


class VideoForm(IntakeFormMixin, BaseCollectionMemberForm):
    """Upload and edit a video."""

    permission_policy = video_permission_policy

    class Meta:
        widgets = {
            "tags": AdminTagWidget,
            "file": forms.FileInput(attrs={"accept": "video/*,.mkv"}),
            "caption": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_tags(self) -> list[str]:
        tags = self.cleaned_data["tags"]
        validate_tag_length(tags)
        return tags
