"""Forms round watermarks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from media_library.admin.choosing.widgets import MediaChooser
from media_library.editing import check_watermark_picture, check_watermark_text
from media_library.exceptions import UnacceptableRecipe
from media_library.imaging.operations import COLLECTION, NO_WATERMARK, OwnWatermark
from media_library.imaging.watermark import TEXT_LENGTH
from media_library.models import Asset, CollectionSettings, CustomImage, WatermarkPosition

TEXT, PICTURE = "text", "picture"


class WatermarkForm(forms.Form):
    """The watermark's part of the editor. A script reads it; what it makes of it is checked as a recipe."""

    source = forms.ChoiceField(
        label=_("Mark"),
        required=False,
        choices=[
            (COLLECTION, _("As in the collection")),
            (NO_WATERMARK, _("None")),
            (TEXT, _("A text")),
            (PICTURE, _("A picture")),
        ],
    )
    text = forms.CharField(label=_("Text"), max_length=TEXT_LENGTH, required=False)
    image: forms.ModelChoiceField = forms.ModelChoiceField(
        CustomImage.objects.all(), label=_("Picture"), required=False, widget=MediaChooser([Asset.Kind.IMAGE])
    )
    position = forms.ChoiceField(label=_("Position"), choices=WatermarkPosition.choices, required=False)

    @classmethod
    def for_image(cls, image: CustomImage) -> "WatermarkForm":
        mark = image.get_recipe().watermark
        if not isinstance(mark, OwnWatermark):
            return cls(prefix="watermark", initial={"source": mark, "position": WatermarkPosition.BOTTOM_RIGHT})
        return cls(
            prefix="watermark",
            initial={
                "source": PICTURE if mark.image else TEXT,
                "text": mark.text,
                "image": CustomImage.objects.filter(pk=mark.image).first(),
                "position": mark.position,
            },
        )


class CollectionSettingsForm(forms.ModelForm):
    class Meta:
        model = CollectionSettings
        fields = (
            "keep_location",
            "watermark_image",
            "watermark_text",
            "watermark_position",
            "watermark_opacity",
        )
        widgets = {
            "watermark_image": MediaChooser([Asset.Kind.IMAGE]),
            "watermark_opacity": forms.NumberInput(attrs={"min": 0.05, "max": 1, "step": 0.05}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["watermark_text"].help_text = _("Where there is no picture. For example “© Harbour Press”.")

    def clean_watermark_image(self) -> CustomImage | None:
        logo = self.cleaned_data["watermark_image"]
        if logo and "watermark_image" in self.changed_data:
            try:
                check_watermark_picture(logo)
            except UnacceptableRecipe as error:
                raise ValidationError(str(error), code=error.code) from error
        return logo

    def clean_watermark_text(self) -> str:
        text = self.cleaned_data["watermark_text"].strip()
        try:
            check_watermark_text(text)
        except UnacceptableRecipe as error:
            raise ValidationError(str(error), code=error.code) from error
        return text
