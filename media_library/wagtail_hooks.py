from wagtail import hooks

from media_library.admin.chooser import video_chooser_viewset


@hooks.register("register_admin_viewset")
def register_video_chooser() -> object:
    return video_chooser_viewset
