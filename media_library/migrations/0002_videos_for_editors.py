from django.db import migrations

CODENAMES = {"add_video": "Can add video", "change_video": "Can change video", "choose_video": "Can choose video"}


def give_editors_videos(apps, schema_editor):
    """Give Wagtail's groups the same rights to videos that Wagtail gives them to images, from the root collection on."""
    Collection = apps.get_model("wagtailcore.Collection")
    ContentType = apps.get_model("contenttypes.ContentType")
    Group = apps.get_model("auth.Group")
    GroupCollectionPermission = apps.get_model("wagtailcore.GroupCollectionPermission")
    Permission = apps.get_model("auth.Permission")

    # Permissions are made after migrations, so a fresh database has none yet.
    content_type, _ = ContentType.objects.get_or_create(app_label="media_library", model="video")
    root = Collection.objects.get(depth=1)
    for codename, name in CODENAMES.items():
        permission, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        for group in Group.objects.filter(name__in=["Editors", "Moderators"]):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


class Migration(migrations.Migration):
    dependencies = [
        ("media_library", "0001_initial"),
        ("wagtailcore", "0095_groupsitepermission"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give_editors_videos, migrations.RunPython.noop)]
