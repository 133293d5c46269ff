from django.conf import settings
from django.db import migrations

WRITER, EDITOR, ADMIN = "Writer", "Editor", "Admin"

MEDIA = {"image": "wagtailimages.Image", "document": "wagtaildocs.Document"} | {
    kind: f"media_library.{kind.title()}" for kind in ("video", "audio")
}
ALL = ("add", "change", "delete", "view")

PAGES = {
    WRITER: ("add",),
    EDITOR: ("add", "change", "publish", "lock", "unlock"),
    ADMIN: ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
}
MEDIA_ACTIONS = {
    # Whoever may add changes what is theirs.
    WRITER: ("add", "choose"),
    EDITOR: ("add", "change", "choose"),
    ADMIN: ("add", "change", "choose"),
}
FOR_WRITERS = {
    "wagtailadmin.Admin": ("access_admin",),
    "wagtailcore.APIToken": ALL,
    "blog.Category": ("view",),
    "blog.Person": ("view",),
    "blog.Series": ("view",),
}
FOR_EDITORS = FOR_WRITERS | {
    "blog.Category": ALL,
    "blog.Person": ALL,
    "blog.Series": ALL,
    "blog.Menus": ("change",),
    "media_library.MediaCollection": ALL,
    "wagtailredirects.Redirect": ALL,
    "simple_translation.SimpleTranslation": ("submit_translation",),
}
FOR_ADMINS = FOR_EDITORS | {
    "blog.SiteSettings": ("change",),
    "wagtailcore.Site": ALL,
    "wagtailcore.Locale": ALL,
    "wagtailcore.Workflow": ALL,
    "wagtailcore.Task": ALL,
    "auth.Group": ALL,
    settings.AUTH_USER_MODEL: ALL,
}
MODELS = {WRITER: FOR_WRITERS, EDITOR: FOR_EDITORS, ADMIN: FOR_ADMINS}


def make_groups(apps, schema_editor):
    """Groups that are there already, by these names, are left as they are."""
    Collection = apps.get_model("wagtailcore.Collection")
    Group = apps.get_model("auth.Group")
    GroupCollectionPermission = apps.get_model("wagtailcore.GroupCollectionPermission")
    GroupPagePermission = apps.get_model("wagtailcore.GroupPagePermission")
    Page = apps.get_model(settings.WAGTAIL_PAGE_MODEL)

    collection = Collection.objects.get(depth=1)
    page = Page.objects.get(depth=1)
    for name in (WRITER, EDITOR, ADMIN):
        group, is_new = Group.objects.get_or_create(name=name)
        if not is_new:
            continue
        for action in PAGES[name]:
            GroupPagePermission.objects.create(
                group=group, page=page, permission=_permission(apps, settings.WAGTAIL_PAGE_MODEL, action)
            )
        places = [(MEDIA[kind], action) for kind in MEDIA for action in MEDIA_ACTIONS[name]]
        if name == ADMIN:
            places += [("wagtailcore.Collection", action) for action in ("add", "change", "delete")]
        for model, action in places:
            GroupCollectionPermission.objects.create(
                group=group, collection=collection, permission=_permission(apps, model, action)
            )
        for model, actions in MODELS[name].items():
            group.permissions.add(*(_permission(apps, model, action) for action in actions))


def make_workflow(apps, schema_editor):
    """Editors review what is submitted, unless an installation has a workflow of its own for all pages."""
    ContentType = apps.get_model("contenttypes.ContentType")
    Group = apps.get_model("auth.Group")
    GroupApprovalTask = apps.get_model("wagtailcore.GroupApprovalTask")
    Page = apps.get_model(settings.WAGTAIL_PAGE_MODEL)
    Workflow = apps.get_model("wagtailcore.Workflow")
    WorkflowPage = apps.get_model("wagtailcore.WorkflowPage")
    WorkflowState = apps.get_model("wagtailcore.WorkflowState")
    WorkflowTask = apps.get_model("wagtailcore.WorkflowTask")

    page = Page.objects.get(depth=1)
    before = WorkflowPage.objects.filter(page=page).first()
    # Wagtail's own asks its group of moderators, and takes back the place where nobody is in it.
    is_wagtails = before is None or (
        before.workflow.name == "Moderators approval"
        and not WorkflowState.objects.filter(workflow=before.workflow).exists()
        and not Group.objects.filter(name="Moderators", user__isnull=False).exists()
    )
    if not is_wagtails or Workflow.objects.filter(name="Review").exists():
        return
    content_type, _ = ContentType.objects.get_or_create(app_label="wagtailcore", model="groupapprovaltask")
    task = GroupApprovalTask.objects.create(name="Review", content_type=content_type, active=True)
    task.groups.set(Group.objects.filter(name__in=[EDITOR, ADMIN]))
    workflow = Workflow.objects.create(name="Review", active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=page, defaults={"workflow": workflow})


def _permission(apps, label, action):
    """Permissions are made after migrations, so a fresh database may have none yet."""
    ContentType = apps.get_model("contenttypes.ContentType")
    Permission = apps.get_model("auth.Permission")
    options = apps.get_model(label)._meta
    named = dict(options.permissions)
    named |= {f"{one}_{options.model_name}": f"Can {one} {options.verbose_name_raw}" for one in ALL}
    codename = action if action in named else f"{action}_{options.model_name}"
    content_type, _ = ContentType.objects.get_or_create(app_label=options.app_label, model=options.model_name)
    permission, _ = Permission.objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": named[codename]}
    )
    return permission


class Migration(migrations.Migration):
    """Groups for writers, editors and admins, and the review of what writers submit.

    Taken back, it leaves both: somebody may be in the groups, and pages may be in review.
    """

    dependencies = [
        ("cms", "0001_initial"),
        ("blog", "0004_newsroom"),
        ("media_library", "0009_idempotency_keys"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("simple_translation", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunPython(make_workflow, migrations.RunPython.noop),
    ]
