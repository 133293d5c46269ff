"""Where an asset is edited, also for whoever holds it as an ``Asset`` and not as its kind."""

from django.urls import reverse
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.permissions import policy_registry

from media_library.admin.choosing.kinds import MODELS
from media_library.models import Asset

EDIT_URLS = {
    Asset.Kind.IMAGE: "wagtailimages:edit",
    Asset.Kind.VIDEO: "media_library_videos:edit",
    Asset.Kind.AUDIO: "media_library_audio:edit",
    Asset.Kind.DOCUMENT: "wagtaildocs:edit",
}
USAGE_URLS = {
    Asset.Kind.IMAGE: "wagtailimages:image_usage",
    Asset.Kind.VIDEO: "media_library_videos:usage",
    Asset.Kind.AUDIO: "media_library_audio:usage",
    Asset.Kind.DOCUMENT: "wagtaildocs:document_usage",
}
"""Names of the pages of each kind; each takes the id."""


class AssetURLFinder(ModelAdminURLFinder):
    """Asks the policy of the asset's kind. Reads its collection and its uploader."""

    def construct_edit_url(self, instance: Asset) -> str:
        return reverse(EDIT_URLS[Asset.Kind(instance.kind)], args=[instance.pk])

    def get_edit_url(self, instance: Asset) -> str | None:
        policy = policy_registry.get_by_type(MODELS[instance.kind])
        if self.user and not policy.user_has_permission_for_instance(self.user, "change", instance):
            return None
        return self.construct_edit_url(instance)
