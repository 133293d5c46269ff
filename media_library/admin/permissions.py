from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from media_library.models import Video

video_permission_policy = CollectionOwnershipPermissionPolicy(
    Video, auth_model=Video, owner_field_name="uploaded_by_user"
)
"""Equal to that of images: by collection, and owners may edit their own."""
