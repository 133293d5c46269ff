"""Choosing films and sounds: modals, form widgets, and blocks. Imported while models load, so it touches no URL."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from media_library.admin.recordings import choosing
from media_library.admin.recordings.kinds import AUDIO, VIDEO, RecordingKind
from media_library.models import Asset


class RecordingChooser(BaseChooser):
    """The chosen film or sound with its picture and its status, which keeps itself up to date."""

    template_name = "media_library/recordings/chooser/widget.html"
    classname = "recording-chooser"

    def get_value_data_from_instance(self, instance: Asset) -> dict[str, Any]:
        return super().get_value_data_from_instance(instance) | choosing.chosen_data(instance)

    def get_context(self, name: str, value_data: dict[str, Any], attrs: dict[str, Any]) -> dict[str, Any]:
        return super().get_context(name, value_data, attrs) | {"chosen": value_data}


class RecordingChooserViewSet(ChooserViewSet):
    create_action_label = _("Upload")
    create_action_clicked_label = _("Uploading…")

    choose_view_class = choosing.ChooseView
    choose_results_view_class = choosing.ChooseResultsView
    chosen_view_class = choosing.ChosenView
    chosen_multiple_view_class = choosing.ChosenMultipleView
    create_view_class = choosing.ChooserUploadView
    base_widget_class = RecordingChooser

    def __init__(self, kind: RecordingKind, creation_form_class: str):
        super().__init__(
            f"media_library_{kind.name}_chooser",
            url_prefix=f"{kind.folder}/chooser",
            model=kind.model,
            icon=kind.icon,
            choose_one_text=kind.words.choose,
            choose_another_text=kind.words.choose_another,
            edit_item_text=kind.words.edit_chosen,
            creation_form_class=creation_form_class,
        )


video_chooser_viewset = RecordingChooserViewSet(VIDEO, "media_library.admin.forms.VideoForm")
AdminVideoChooser = video_chooser_viewset.widget_class
VideoChooserBlock: Any = video_chooser_viewset.get_block_class(
    name="VideoChooserBlock", module_path="media_library.admin.chooser"
)

audio_chooser_viewset = RecordingChooserViewSet(AUDIO, "media_library.admin.forms.AudioForm")
AdminAudioChooser = audio_chooser_viewset.widget_class
AudioChooserBlock = audio_chooser_viewset.get_block_class(
    name="AudioChooserBlock", module_path="media_library.admin.chooser"
)
