from django.db import migrations


def name_presets(apps, schema_editor):
    """Say of what was made before anyone asked that it was; the next `warm_renditions` brings it up to date."""
    ladder = r"^width-(320|640|960|1280|1920|2560)\|format-(avif|webp|jpeg|png)$"
    for name in ("CustomRendition", "PosterRendition"):
        rows = apps.get_model("media_library", name).objects
        rows.filter(filter_spec__regex=ladder).update(preset="ladder")
        rows.filter(filter_spec="max-165x165").update(preset="admin")
    # The rung of a picture's own width.
    rows = apps.get_model("media_library", "CustomRendition").objects
    for image_id, width in apps.get_model("media_library", "CustomImage").objects.values_list("pk", "width"):
        rows.filter(image=image_id, filter_spec__startswith=f"width-{width}|format-").update(preset="ladder")
    rows = apps.get_model("media_library", "PosterRendition").objects
    rows.filter(filter_spec__startswith="width-").update(preset="ladder")


class Migration(migrations.Migration):

    dependencies = [
        ("media_library", "0004_imaging"),
    ]

    operations = [
        migrations.RunPython(name_presets, migrations.RunPython.noop),
    ]
