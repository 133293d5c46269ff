from django.db import migrations

ADMIN = "Admin"


def grant(apps, schema_editor):
    """Whoever manages users and sites manages what is told to other servers. A group that is gone is left so."""
    ContentType = apps.get_model("contenttypes.ContentType")
    Group = apps.get_model("auth.Group")
    Permission = apps.get_model("auth.Permission")
    group = Group.objects.filter(name=ADMIN).first()
    if group is None:
        return
    for model, actions in (("webhook", ("add", "change", "delete", "view")), ("purge", ("change", "view"))):
        # Permissions are made after migrations, so a fresh database has none yet.
        content_type, _ = ContentType.objects.get_or_create(app_label="delivery", model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cms", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("delivery", "0003_webhook_headers"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
