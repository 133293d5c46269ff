"""Forms of a new track, and of one that is there."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media_library.admin.tracks.languages import language_name, written_alike
from media_library.conf import conf
from media_library.exceptions import InvalidCaptions, UnacceptableFile
from media_library.models import Track
from media_library.video.captions import is_guessed, read_captions

EMPTY = "WEBVTT\n"
LANGUAGES_LIST = "track-languages"
TAKEN = gettext_lazy("There is one of this kind in this language already. Edit that one, or choose another language.")


class TrackForm(forms.ModelForm):
    """A new track, from a file or from nothing. What is refused of the file says in which line."""

    upload = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("WebVTT (.vtt) or SubRip (.srt). Without a file you begin with an empty text."),
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt,application/x-subrip"}),
    )

    field_order = ("upload", "kind", "language", "label", "is_default")

    class Meta:
        model = Track
        fields: tuple[str, ...] = ("kind", "language", "label", "is_default")
        labels = {"is_default": gettext_lazy("On by itself")}
        help_texts = {
            "language": gettext_lazy("Choose one, or write its code, as in en, de or pt-BR."),
            "label": gettext_lazy("What the player's menu says. Left empty, it is the language's own name."),
            "is_default": gettext_lazy("Players show it until a visitor switches it off."),
        }
        widgets = {
            "language": forms.TextInput(attrs={"list": LANGUAGES_LIST, "autocomplete": "off", "spellcheck": "false"})
        }

    is_guessed = False
    """Whether the file's letters were read as Windows-1252, which its editor should know."""

    def clean_language(self) -> str:
        return written_alike(self.cleaned_data["language"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if language := cleaned.get("language"):
            former = language_name(self.initial.get("language") or "")
            if cleaned.get("label", "") in ("", former):
                cleaned["label"] = language_name(language)
            self._check_language(cleaned)
        if kind := cleaned.get("kind"):
            self._read_text(kind)
        return cleaned

    def _check_language(self, cleaned: dict[str, Any]) -> None:
        same = Track.objects.filter(
            asset=self.instance.asset_id, kind=cleaned.get("kind"), language=cleaned["language"]
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("language", TAKEN)

    def _read_text(self, kind: str) -> None:
        if upload := self.cleaned_data.get("upload"):
            self._read_upload(upload, kind)
        else:
            self.instance.text = EMPTY

    def _read_upload(self, upload: Any, kind: str) -> None:
        # One byte more than the limit is too much; the rest needs not be read.
        data = upload.read(conf.MAX_CAPTIONS_BYTES + 1)
        try:
            text = read_captions(data, kind)
        except UnacceptableFile as error:
            self.add_error("upload", str(error))
            return
        self.instance.text = text
        self.is_guessed = is_guessed(data)
        if not self.instance.cue_count:
            self.add_error("upload", _("There is not one cue in this file. Choose another one."))


class EditTrackForm(TrackForm):
    """A track with its text. ``error_line`` is the line of the text that is wrong, if one is."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        # Lines are counted from the first one, even when it is empty.
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 24,
                "wrap": "off",
                "spellcheck": "true",
                "class": "track-editor__text",
                "data-track-editor-target": "text",
                "data-action": "input->track-editor#change",
                "aria-describedby": "track-editor-status",
            }
        ),
    )
    # The file that the page began with: its name holds a hash of the text.
    base = forms.CharField(widget=forms.HiddenInput)

    error_line: int | None = None

    class Meta(TrackForm.Meta):
        fields = ("kind", "language", "label", "is_default", "text")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["base"] = self.instance.file.name
        self.fields["kind"].widget.attrs |= {
            "data-track-editor-target": "kind",
            "data-action": "change->track-editor#change",
        }
        self.fields["upload"].label = _("Replace by a file")
        self.fields["upload"].help_text = _("WebVTT (.vtt) or SubRip (.srt). It takes the place of the text.")

    def clean_base(self) -> str:
        if self.cleaned_data["base"] != self.initial["base"]:
            raise forms.ValidationError(
                _(
                    "Someone else has changed this track in the meantime. Copy what you wrote, reload the page, and "
                    "put it in again."
                )
            )
        return self.cleaned_data["base"]

    def _read_text(self, kind: str) -> None:
        if upload := self.cleaned_data.get("upload"):
            self._read_upload(upload, kind)
            return
        try:
            self.cleaned_data["text"] = read_captions((self.cleaned_data.get("text") or EMPTY).encode(), kind)
        except UnacceptableFile as error:
            self.add_error("text", str(error))
            self.error_line = line_of(error)

    def _post_clean(self) -> None:
        # Django fills the instance with the fields now; the text of a file is in the instance already.
        if self.cleaned_data.get("upload"):
            self.cleaned_data["text"] = self.instance.text
        super()._post_clean()


def line_of(error: UnacceptableFile) -> int | None:
    """The line that is to blame, if one is."""
    return error.line if isinstance(error, InvalidCaptions) else None
