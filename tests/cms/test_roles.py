"""The groups and the workflow of a newsroom, which a migration makes once, and leaves alone then."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Page, Workflow

from tests.blog.content import make_blog
from tests.blog.staff import hire, make_draft

roles = import_module("cms.migrations.0002_roles")
ROLES = ("Writer", "Editor", "Admin")

pytestmark = pytest.mark.django_db


def run() -> None:
    roles.make_groups(apps, None)
    roles.make_workflow(apps, None)


def granted(name: str) -> list[tuple[object, ...]]:
    group = Group.objects.get(name=name)
    pages = group.page_permissions.values_list("permission__codename", "page__depth")
    collections = group.collection_permissions.values_list("permission__codename", "collection__depth")
    return sorted([*pages, *collections, *((one.codename, 0) for one in group.permissions.all())])


def test_each_role_does_what_it_is_for():
    assert {name: hire(name).has_perm("wagtailadmin.access_admin") for name in ROLES} == dict.fromkeys(ROLES, True)
    given = {name: {codename for codename, _place in granted(name)} for name in ROLES}
    assert given["Writer"] < given["Editor"] < given["Admin"]
    assert {"add_page", "add_image", "choose_video", "view_category"} <= given["Writer"]
    assert not {"publish_page", "change_page", "change_image", "add_category"} & given["Writer"]
    assert {"publish_page", "change_page", "change_audio", "delete_category"} <= given["Editor"] - given["Writer"]
    assert {"add_user", "bulk_delete_page", "change_sitesettings"} <= given["Admin"] - given["Editor"]


def test_permissions_that_the_migration_made_before_django_are_those_of_django():
    before = Permission.objects.count()

    call_command("migrate", verbosity=0)

    assert Permission.objects.count() == before


def test_running_it_again_changes_nothing():
    before = {name: granted(name) for name in ROLES}

    run()

    assert {name: granted(name) for name in ROLES} == before
    assert (Workflow.objects.filter(name="Review").count(), Group.objects.filter(name__in=ROLES).count()) == (1, 3)


def test_group_of_that_name_that_was_there_is_kept_as_it_is():
    Group.objects.filter(name="Editor").delete()
    Group.objects.create(name="Editor")

    run()

    assert granted("Editor") == []


def test_group_that_was_deleted_is_made_with_everything_even_if_no_permission_is_there_yet():
    # What a later migration has given is not made anew.
    later = Permission.objects.filter(content_type__app_label="delivery")
    Group.objects.get(name="Admin").permissions.remove(*later)
    before = granted("Admin")
    Group.objects.filter(name__in=ROLES).delete()
    Permission.objects.all().delete()

    run()

    assert granted("Admin") == before
    assert GroupPagePermission.objects.exists()
    assert GroupCollectionPermission.objects.exists()


def test_every_page_is_reviewed_by_editors_and_admins():
    blog = make_blog()

    assert blog.get_workflow().name == "Review"
    task = GroupApprovalTask.objects.get(name="Review")
    assert set(task.groups.values_list("name", flat=True)) == {"Editor", "Admin"}


@pytest.fixture
def before(db: None) -> Workflow:
    """As Wagtail leaves it: its own workflow for all pages, and no other."""
    Workflow.objects.filter(name="Review").delete()
    moderation = Workflow.objects.get(name="Moderators approval")
    moderation.workflow_pages.create(page=Page.objects.get(depth=1))
    return moderation


def workflow_of_all() -> str:
    return Page.objects.get(depth=1).workflowpage.workflow.name


def test_review_takes_the_place_of_wagtails_own_workflow_where_nobody_uses_it(before: Workflow):
    run()

    assert workflow_of_all() == "Review"


def test_workflow_stays_where_somebody_moderates(before: Workflow):
    hire("Writer", "mo").groups.add(Group.objects.get(name="Moderators"))

    run()

    assert workflow_of_all() == "Moderators approval"


def test_workflow_stays_where_pages_were_moderated(before: Workflow):
    writer = hire("Writer")
    draft = make_draft(make_blog(), writer)
    before.start(draft, writer)

    run()

    assert workflow_of_all() == "Moderators approval"


def test_workflow_of_an_installation_stays():
    workflow = Workflow.objects.get(name="Review")
    workflow.name = "Four eyes"
    workflow.save()

    run()

    assert workflow_of_all() == "Four eyes"
