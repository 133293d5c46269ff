from collections.abc import Iterable
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
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets import AdminTagWidget
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import ImageFileExtensionValidator
from wagtail.images.forms import BaseImageForm
from wagtail.models import Collection
from wagtail.permissions import policy_registry
from wagtail.search import index

from media_library.admin.choosing.widgets import MediaChooser
from media_library.admin.rights import HELP_TEXTS, WIDGETS, RightsFormMixin
from media_library.exceptions import UnacceptableFile
from media_library.intake import inspect
from media_library.intake.limits import max_bytes
from media_library.intake.sniff import AUDIO_TYPES, VIDEO_TYPES, FileType
from media_library.models import Asset, AssetVersion, Audio, CustomImage, Video
from media_library.replacement import FileChange, current_number, newest_after


class IntakeFormMixin:
    """Judge an uploaded file by its bytes before anything is saved, and say what is wrong in the form.

    What somebody else has given another file while the form was open is not saved at once: what is written there was
    meant for the former file.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        self.user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        if self.instance.pk and "file" in self.fields:
            number = current_number(self.instance.pk)
            self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=number)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        seen = self.cleaned_data.get("seen")
        if seen is not None and (newer := newest_after(self.instance, seen)):
            # The form that comes back shows that one.
            self.data: Any = self.data.copy()
            self.data[self.add_prefix("seen")] = newer.number
            self.add_error(None, ValidationError(self._replaced(newer), code="replaced"))
            self.cleaned_data.pop("file", None)
        # With one collection to choose from, Wagtail takes the field away, and files there whatever was sent.
        sent = self.data.get(self.add_prefix("collection"))
        if "collection" not in self.fields and sent and str(sent) != str(self.collections[0].pk):
            self.add_error(
                None,
                ValidationError(_("You may not put files into this collection. Choose another one."), "collection"),
            )
        return data

    def _replaced(self, newer: AssetVersion) -> str:
        user = get_user_display_name(newer.created_by) if newer.created_by else _("Somebody else")
        told = _("%(user)s has replaced this file since you opened this page. You see the new one now.")
        if "file" in self.changed_data:
            then = _("If yours is to take its place, choose your file again and save: both are kept as versions.")
        else:
            then = _("See whether what you have written still fits, and save again.")
        return f"{told % {'user': user}} {then}"

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
        if "file" in self.changed_data:
            self.instance.file_change = FileChange(self.user)
        return super().save(commit=commit)

    def _save_m2m(self) -> None:
        # A form without tags, before and after, has nothing to say against those that the new file brought along.
        if "file" in self.changed_data and "tags" in self.cleaned_data and "tags" not in self.changed_data:
            self.cleaned_data["tags"] = list(self.instance.tags.names())
        super()._save_m2m()


class ImageForm(RightsFormMixin, IntakeFormMixin, BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            # Wagtail's own checks know fewer formats and go by the name; a decoder's error over a damaged file gets
            # out of them. Intake has words for all of it.
            field.to_python = partial(forms.FileField.to_python, field)
            field.allow_empty_file = True
            field.validators = [one for one in field.validators if one is not ImageFileExtensionValidator]

    class Meta(BaseImageForm.Meta):
        widgets = (
            BaseImageForm.Meta.widgets
            | WIDGETS
            | {"caption": forms.Textarea(attrs={"rows": 3}), "visible_text": forms.Textarea(attrs={"rows": 3})}
        )
        help_texts = HELP_TEXTS


class DocumentForm(RightsFormMixin, IntakeFormMixin, BaseDocumentForm):
    class Meta(BaseDocumentForm.Meta):
        widgets = BaseDocumentForm.Meta.widgets | WIDGETS
        help_texts = HELP_TEXTS


def extensions(types: Iterable[FileType]) -> list[str]:
    """Endings of names that uploads of these types may have, without the dot."""
    return [extension for one in types for extension in one.extensions]


def accepted(types: Iterable[FileType], largest: int) -> str:
    """What is accepted, for people to read; ``largest`` in bytes."""
    return _("%(types)s, up to %(size)s") % {
        "types": get_text_list([one.label for one in types], _("or")),
        "size": filesizeformat(largest),
    }


def collection_field(collections: QuerySet[Collection], **kwargs: Any) -> CollectionChoiceField:
    """A choice of collections, indented as a tree."""
    return CollectionChoiceField(label=gettext_lazy("Collection"), queryset=collections, empty_label=None, **kwargs)


def _formfield(field: Field, **kwargs: Any) -> forms.Field | None:
    if field.name == "collection":
        return collection_field(Collection.objects.all(), **kwargs)
    return field.formfield(**kwargs)


FILLED_BY_WORKERS = ("title", "caption", "alt_text", "credit", "source")
"""See intake/filling.py."""


class RecordingForm(RightsFormMixin, IntakeFormMixin, BaseCollectionMemberForm):
    """Upload and edit a film or a sound. Takes ``user``, whose collections are offered."""

    file_types: tuple[FileType, ...]

    as_shown = forms.JSONField(widget=forms.HiddenInput, required=False)
    """What stood in the fields that workers may fill from the file while somebody looks at the form."""

    class Meta:
        formfield_callback = _formfield
        help_texts = HELP_TEXTS
        widgets = WIDGETS | {
            "tags": AdminTagWidget,
            "poster_image": MediaChooser([Asset.Kind.IMAGE]),
            # Wagtail's own behaviour: the title follows the name of the chosen file.
            "file": forms.FileInput(
                attrs={
                    "data-controller": "w-sync",
                    "data-action": "input->w-sync#apply",
                    "data-w-sync-bubbles-param": "true",
                    "data-w-sync-name-value": "media-library:upload",
                    "data-w-sync-normalize-value": "true",
                }
            ),
            "caption": forms.Textarea(attrs={"rows": 3}),
            "visible_text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            file = self.fields["file"]
            file.required = self.instance.pk is None
            file.widget.attrs["accept"] = ",".join(f".{one}" for one in extensions(self.file_types))
            file.widget.attrs["data-w-sync-target-value"] = f"#{self['title'].id_for_label}"
            file.help_text = _("Accepted: %(what)s.") % {
                "what": accepted(self.file_types, max_bytes(self._meta.model.KIND))
            }
        self.initial["as_shown"] = {name: getattr(self.instance, name) for name in FILLED_BY_WORKERS}

    def clean(self) -> dict[str, Any] | None:
        """Leave what a worker has found in the meantime where nobody has written anything."""
        data = super().clean()
        shown = self.cleaned_data.get("as_shown")
        for name in FILLED_BY_WORKERS if isinstance(shown, dict) else ():
            if name in self.cleaned_data and self.cleaned_data[name] == shown.get(name):
                self.cleaned_data[name] = getattr(self.instance, name)
        return data

    @property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(self._meta.model)

    def clean_tags(self) -> list[str]:
        tags = self.cleaned_data["tags"]
        validate_tag_length(tags)
        return tags

    def save(self, commit: bool = True) -> Asset:
        recording = super().save(commit=commit)
        if commit:
            # Saving the row put it in the index before its tags were known.
            index.insert_or_update_object(recording)
        return recording


class VideoForm(RecordingForm):
    file_types = VIDEO_TYPES

    class Meta(RecordingForm.Meta):
        model = Video
        fields: tuple[str, ...] = Video.admin_form_fields

    def clean_poster_image(self) -> CustomImage | None:
        """A poster is made of pixels, and of a picture that the user may see."""
        image = self.cleaned_data["poster_image"]
        if image is None or "poster_image" not in self.changed_data:
            return image
        policy = policy_registry.get_by_type(CustomImage)
        if self.user and not policy.user_has_permission_for_instance(self.user, "choose", image):
            raise ValidationError(_("You may not choose this picture. Choose another one."), code="not_choosable")
        if image.is_svg():
            raise ValidationError(
                _("A drawing (SVG) can't be a poster. Export it as PNG, and choose that."), code="drawing"
            )
        return image


class VideoDetailsForm(VideoForm):
    """What stands below each finished upload: everything but the file, and the poster that is only just drawn."""

    class Meta(VideoForm.Meta):
        fields = tuple(name for name in Video.admin_form_fields if name not in ("file", "poster_image"))


class AudioForm(RecordingForm):
    file_types = AUDIO_TYPES

    class Meta(RecordingForm.Meta):
        model = Audio
        fields: tuple[str, ...] = Audio.admin_form_fields
        help_texts = HELP_TEXTS | {"alt_text": gettext_lazy("What can be heard, for someone who can't hear it.")}


class AudioDetailsForm(AudioForm):
    """What stands below each finished upload: everything but the file."""

    class Meta(AudioForm.Meta):
        fields = tuple(name for name in Audio.admin_form_fields if name != "file")
