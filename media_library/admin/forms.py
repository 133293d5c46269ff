from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import Field, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.collections import BaseCollectionMemberForm, CollectionChoiceField
from wagtail.admin.forms.tags import validate_tag_length
from wagtail.admin.widgets import AdminTagWidget
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import ImageFileExtensionValidator
from wagtail.images.forms import BaseImageForm
from wagtail.images.widgets import AdminImageChooser
from wagtail.models import Collection
from wagtail.search import index

from media_library.admin.permissions import video_permission_policy
from media_library.admin.posters import redraw_poster
from media_library.exceptions import UnacceptableFile
from media_library.intake import inspect
from media_library.intake.limits import max_bytes
from media_library.intake.sniff import VIDEO_TYPES
from media_library.models import Video


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

    def _save_m2m(self) -> None:
        # A form without tags, before and after, has nothing to say against those that the new file brought along.
        if "file" in self.changed_data and "tags" in self.cleaned_data and "tags" not in self.changed_data:
            self.cleaned_data["tags"] = list(self.instance.tags.names())
        super()._save_m2m()


class ImageForm(IntakeFormMixin, BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            # Wagtail's own checks know fewer formats and go by the name; a decoder's error over a damaged file gets
            # out of them. Intake has words for all of it.
            field.to_python = partial(forms.FileField.to_python, field)
            field.allow_empty_file = True
            field.validators = [one for one in field.validators if one is not ImageFileExtensionValidator]

    class Meta(BaseImageForm.Meta):
        widgets = BaseImageForm.Meta.widgets | {"caption": forms.Textarea(attrs={"rows": 3})}


class DocumentForm(IntakeFormMixin, BaseDocumentForm):
    pass


def accepted_video_extensions() -> list[str]:
    """Endings of names that an uploaded film may have, without the dot."""
    return [extension for one in VIDEO_TYPES for extension in one.extensions]


def collection_field(collections: QuerySet[Collection], **kwargs: Any) -> CollectionChoiceField:
    """A choice of collections, indented as a tree."""
    return CollectionChoiceField(label=gettext_lazy("Collection"), queryset=collections, empty_label=None, **kwargs)


def _formfield(field: Field, **kwargs: Any) -> forms.Field | None:
    if field.name == "collection":
        return collection_field(Collection.objects.all(), **kwargs)
    return field.formfield(**kwargs)


class VideoForm(IntakeFormMixin, BaseCollectionMemberForm):
    """Upload and edit a video. Takes ``user``, whose collections are offered."""

    permission_policy = video_permission_policy

    class Meta:
        model = Video
        fields: tuple[str, ...] = Video.admin_form_fields
        formfield_callback = _formfield
        widgets = {
            "tags": AdminTagWidget,
            "poster_image": AdminImageChooser,
            # Wagtail's own behaviour: the title follows the name of the chosen file.
            "file": forms.FileInput(
                attrs={
                    "accept": ",".join(f".{one}" for one in accepted_video_extensions()),
                    "data-controller": "w-sync",
                    "data-action": "input->w-sync#apply",
                    "data-w-sync-bubbles-param": "true",
                    "data-w-sync-name-value": "media-library:videos-upload",
                    "data-w-sync-normalize-value": "true",
                }
            ),
            "caption": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            file = self.fields["file"]
            file.required = self.instance.pk is None
            file.widget.attrs["data-w-sync-target-value"] = f"#{self['title'].id_for_label}"
            file.help_text = _("Accepted: %(types)s, up to %(size)s.") % {
                "types": get_text_list([one.label for one in VIDEO_TYPES], _("or")),
                "size": filesizeformat(max_bytes(Video.KIND)),
            }

    def clean_tags(self) -> list[str]:
        tags = self.cleaned_data["tags"]
        validate_tag_length(tags)
        return tags

    def save(self, commit: bool = True) -> Video:
        video = super().save(commit=commit)
        if commit:
            # Saving the row put it in the index before its tags were known.
            index.insert_or_update_object(video)
            # A new file gets all of its work anew.
            if "poster_image" in self.changed_data and "file" not in self.changed_data:
                redraw_poster(video)
        return video


class VideoDetailsForm(VideoForm):
    """What stands below each finished upload: everything but the file, and the poster that is only just drawn."""

    class Meta(VideoForm.Meta):
        fields = tuple(name for name in Video.admin_form_fields if name not in ("file", "poster_image"))
