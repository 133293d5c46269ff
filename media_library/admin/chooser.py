from wagtail.admin.viewsets.chooser import ChooserViewSet


class VideoChooserViewSet(ChooserViewSet):
    model = "media_library.Video"
    icon = "media"


video_chooser_viewset = VideoChooserViewSet("media_library_video_chooser")
AdminVideoChooser = video_chooser_viewset.widget_class
VideoChooserBlock = video_chooser_viewset.get_block_class(
    name="VideoChooserBlock", module_path="media_library.admin.chooser"
)
