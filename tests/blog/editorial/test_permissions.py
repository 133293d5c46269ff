"""What writers, editors and admins may do with a page: the answer that every door asks for."""

from datetime import timedelta

from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page
from wagtail.permissions import policy_registry

from blog.models import BlogIndexPage, LandingPage, PostPage
from cms.models import User
from tests.blog.staff import hire, make_draft, make_published

QUESTIONS = ("edit", "publish", "unpublish", "delete", "move", "copy", "lock", "submit_for_moderation")


def answers(user: User, page: Page) -> set[str]:
    """What the user may do, asked of the page as a listing loads it and as its editor does."""
    plain = Page.objects.get(pk=page.pk).permissions_for_user(user)
    specific = page.specific_class.objects.get(pk=page.pk).permissions_for_user(user)
    first, second = ({one for one in QUESTIONS if getattr(asked, f"can_{one}")()} for asked in (plain, specific))
    assert first == second
    return first


def may_change(user: User, page: Page) -> bool:
    policy = policy_registry.get_by_type(Page)
    of_one = policy.user_has_permission_for_instance(user, "change", page)
    of_all = policy.instances_user_has_permission_for(user, "change").filter(pk=page.pk).exists()
    assert of_one == of_all
    return of_one


def sees(user: User, page: Page) -> bool:
    return policy_registry.get_by_type(Page).explorable_instances(user).filter(pk=page.pk).exists()


def test_writer_works_on_their_own_draft_and_does_not_publish_it(writer: User, blog: BlogIndexPage):
    mine = make_draft(blog, writer)

    assert answers(writer, mine) == {"edit", "delete", "move", "copy", "submit_for_moderation"}
    assert (may_change(writer, mine), sees(writer, mine)) == (True, True)


def test_writer_neither_sees_nor_touches_the_draft_of_somebody_else(writer: User, blog: BlogIndexPage):
    theirs = make_draft(blog, hire("Writer", "wendy"))

    assert answers(writer, theirs) == set()
    assert (may_change(writer, theirs), sees(writer, theirs)) == (False, False)


def test_writer_sees_what_is_published_and_changes_none_of_it(writer: User, blog: BlogIndexPage):
    for number, owner in enumerate((writer, hire("Writer", "wendy"), None), 1):
        post = make_published(blog, owner, number)
        assert answers(writer, post) == set()
        assert (may_change(writer, post), sees(writer, post)) == (False, True)


def test_post_that_was_taken_off_is_a_draft_of_its_writer_again(writer: User, blog: BlogIndexPage):
    mine = make_published(blog, writer)

    mine.unpublish()

    assert "edit" in answers(writer, mine)


def test_writer_neither_deletes_nor_moves_what_was_scheduled(writer: User, blog: BlogIndexPage):
    mine = make_draft(blog, writer, go_live_at=timezone.now() + timedelta(days=1))

    mine.latest_revision.publish()

    assert not {"delete", "move", "submit_for_moderation"} & answers(writer, mine)
    assert PostPage.objects.get(pk=mine.pk).get_lock().for_user(writer)


def test_section_that_holds_something_scheduled_is_not_moved_by_its_writer(writer: User, blog: BlogIndexPage):
    section = blog.add_child(instance=LandingPage(title="Sea", slug="sea", owner=writer, live=False))
    tomorrow = timezone.now() + timedelta(days=1)
    child = section.add_child(
        instance=LandingPage(title="Tide", slug="tide", owner=writer, live=False, go_live_at=tomorrow)
    )
    assert section.permissions_for_user(writer).can_move()

    child.save_revision().publish()

    assert not section.permissions_for_user(writer).can_move()


def test_editor_and_admin_do_everything_with_any_post(editor: User, admin: User, blog: BlogIndexPage):
    draft, post = make_draft(blog, hire("Writer")), make_published(blog, None, 2)

    for user in (editor, admin):
        assert answers(user, draft) == set(QUESTIONS) - {"unpublish"}
        assert answers(user, post) == set(QUESTIONS)
        assert may_change(user, post)
        assert sees(user, draft)


def test_admin_deletes_a_section_with_all_in_it_and_an_editor_does_not(editor: User, admin: User, blog: BlogIndexPage):
    make_published(blog, None)
    section = BlogIndexPage.objects.get(pk=blog.pk)

    assert section.permissions_for_user(admin).can_delete()
    assert not section.permissions_for_user(editor).can_delete()


def test_nobody_edits_the_root(writer: User, admin: User, admin_user: User):
    root = Page.get_first_root_node()

    assert not [one for one in (writer, admin, admin_user) if root.permissions_for_user(one).can_edit()]


def test_who_may_edit_one_section_sees_the_drafts_there_and_their_own_elsewhere(writer: User, blog: BlogIndexPage):
    section = blog.add_child(instance=BlogIndexPage(title="Sea", slug="sea"))
    here, there = make_draft(section, None), make_draft(blog, None, 2)
    group = Group.objects.create(name="Sea")
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=section, permission=change)
    writer.groups.add(group)

    assert (sees(writer, here), sees(writer, there)) == (True, False)


def test_writer_gets_to_a_section_that_is_a_draft_and_was_given_to_them(db: None, blog: BlogIndexPage):
    section = blog.add_child(instance=BlogIndexPage(title="Sea", slug="sea", live=False))
    group = Group.objects.create(name="Sea")
    GroupPagePermission.objects.create(
        group=group, page=section, permission=Permission.objects.get(codename="add_page")
    )
    user = User.objects.create_user("rob", "rob@example.org", "a long password")
    user.groups.add(group)

    assert sees(user, section)


def test_owner_is_not_among_those_who_may_change_a_published_post(writer: User, editor: User, blog: BlogIndexPage):
    policy = policy_registry.get_by_type(Page)
    draft, post = make_draft(blog, writer), make_published(blog, writer, 2)

    assert set(policy.users_with_permission_for_instance("change", draft)) == {writer, editor}
    assert set(policy.users_with_permission_for_instance("change", post)) == {editor}


def test_somebody_who_left_may_do_nothing(writer: User, blog: BlogIndexPage):
    mine = make_draft(blog, writer)
    writer.is_active = False
    writer.save()

    assert answers(writer, mine) == set()
    assert (may_change(writer, mine), sees(writer, mine)) == (False, False)
