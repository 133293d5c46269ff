from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission

from cms.models import User


def photographer(collection: Collection) -> User:
    """A user who may add pictures to this collection, and nothing else."""
    group = Group.objects.create(name="Photographers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    permission = Permission.objects.get(content_type__app_label="wagtailimages", codename="add_image")
    GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)
    user = User.objects.create_user("paula", "paula@example.org", "a long password")
    user.groups.add(group)
    return user
