"""Choosing a film: the modal, its form widget, and its block. Imported while models load, so it touches no URL."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from media_library.admin.videos import choosing
from media_library.models import Video


class BaseVideoChooser(BaseChooser):
    """The chosen film with its poster and its status, which keeps itself up to date."""

    template_name = "media_library/videos/chooser/widget.html"
    classname = "video-chooser"

    def get_value_data_from_instance(self, instance: Video) -> dict[str, Any]:
        return super().get_value_data_from_instance(instance) | choosing.chosen_data(instance)

    def get_context(self, name: str, value_data: dict[str, Any], attrs: dict[str, Any]) -> dict[str, Any]:
        return super().get_context(name, value_data, attrs) | {"chosen": value_data}


class VideoChooserViewSet(ChooserViewSet):
    model = "media_library.Video"
    icon = "media"
    choose_one_text = _("Choose a video")
    choose_another_text = _("Choose another video")
    edit_item_text = _("Edit this video")
    create_action_label = _("Upload")
    create_action_clicked_label = _("Uploading…")
    creation_form_class = "media_library.admin.forms.VideoForm"

    choose_view_class = choosing.VideoChooseView
    choose_results_view_class = choosing.VideoChooseResultsView
    chosen_view_class = choosing.VideoChosenView
    chosen_multiple_view_class = choosing.VideoChosenMultipleView
    create_view_class = choosing.VideoChooserUploadView
    base_widget_class = BaseVideoChooser


video_chooser_viewset = VideoChooserViewSet("media_library_video_chooser", url_prefix="videos/chooser")
AdminVideoChooser = video_chooser_viewset.widget_class
VideoChooserBlock: Any = video_chooser_viewset.get_block_class(
    name="VideoChooserBlock", module_path="media_library.admin.chooser"
)
