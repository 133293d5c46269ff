from typing import Any

from django.urls import URLPattern, path
from wagtail.admin.viewsets.chooser import ChooserViewSet

from media_library.admin.choosing import views
from media_library.admin.choosing.uploading import ChooserUploadView
from media_library.admin.choosing.widgets import MediaChooser, register_widgets
from media_library.models import Asset

PER_PAGE = 24
"""Divides into rows of 2, 3, 4, 6 and 8."""

WAGTAILS_OWN = (
    ("images", "wagtailimages_chooser", Asset.Kind.IMAGE),
    ("documents", "wagtaildocs_chooser", Asset.Kind.DOCUMENT),
)
NAMES = {"results": "choose_results", "chosen": "chosen", "chosen_multiple": "chosen_multiple", "create": "create"}


class MediaChooserViewSet(ChooserViewSet):
    """The chooser at /admin/media/chooser/; ``?kinds=image,video`` limits it to some kinds."""

    model = Asset
    per_page = PER_PAGE
    preserve_url_parameters = ["kinds", "multiple", "select_format", "chosen"]

    choose_view_class = views.ChooseView
    choose_results_view_class = views.ChooseResultsView
    chosen_view_class = views.ChosenView
    chosen_multiple_view_class = views.ChosenMultipleView
    fitting_view_class = views.FittingView
    create_view_class = ChooserUploadView
    base_widget_class = MediaChooser

    def on_register(self) -> None:
        # Instead of one for the model, one for each kind. Here, because it has to come after Wagtail's own.
        register_widgets()

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("create/<uuid:pk>/", self.create_view, name="created"),
            path("fitting/", self.construct_view(self.fitting_view_class), name="fitting"),
        ]

    def get_wagtails_urlpatterns(self) -> list[URLPattern]:
        """The same views at the addresses of Wagtail's own choosers, to be put before these; its names lead here, too.

        Its step that asks for the format of a picture in rich text stays as it is.
        """
        patterns = []
        for folder, namespace, kind in WAGTAILS_OWN:
            names = {f"{name}_url_name": f"{namespace}:{view}" for name, view in NAMES.items()}
            for ending, view_class in self._addresses():
                view = self.construct_view(view_class, kinds=(kind,), **names)
                patterns.append(path(f"{folder}/chooser/{ending}", view))
        return patterns

    def _addresses(self) -> list[tuple[str, type[Any]]]:
        return [
            ("", self.choose_view_class),
            ("results/", self.choose_results_view_class),
            ("fitting/", self.fitting_view_class),
            ("chosen/<str:pk>/", self.chosen_view_class),
            ("chosen-multiple/", self.chosen_multiple_view_class),
            ("create/", self.create_view_class),
            ("create/<uuid:pk>/", self.create_view_class),
        ]


media_chooser_viewset = MediaChooserViewSet("media_library_chooser", url_prefix="media/chooser")
