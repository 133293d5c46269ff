"""What the client's tests find on the server; made in the server's own environment, by ``manage.py shell``."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import APIToken, Collection, GroupCollectionPermission, PageViewRestriction, Site

from blog.models import BlogIndexPage, Category, Menus
from cms.models import User
from media_library.models import Asset, CustomDocument, MediaCollection
from tests.blog.content import make_category, make_image, make_person, make_post, one_of_each
from tests.blog.forms.content import make_form

KINDS = ("image", "video", "audio", "document")


def make_site() -> dict[str, Any]:
    """Two posts, pictures in open and closed folders, and tokens; told as frontend/client/tests/server.ts says."""
    root = Collection.get_first_root_node()
    press, closed = root.add_child(name="Press"), root.add_child(name="Closed")
    closed.view_restrictions.create(restriction_type="login")
    admin = User.objects.get(username="admin")
    writer = User.objects.create_user("grace", "grace@example.org", "a long password")
    group = Group.objects.create(name="Press")
    writer.groups.add(group)
    _grant(group, press, *(f"{action}_{kind}" for action in ("add", "change", "choose") for kind in KINDS))
    _grant(group, root, "choose_image")

    assets: dict[str, Asset] = {
        "harbour": make_image("Harbour"),
        "mine": make_image("Mine", collection=press, size=60),
        "closed": make_image("Closed", collection=closed, size=72),
        "for_curl": make_image("Curl", collection=press, size=84),
        "for_client": make_image("Client", collection=press, size=96),
        "paper": CustomDocument(title="Paper", file=ContentFile(b"%PDF-1.4\n%%EOF\n", name="paper.pdf")),
    }
    assets["paper"].save()
    collection = MediaCollection.objects.create(title="For the press", kind=MediaCollection.Kind.PRESS_KIT)
    blog, harbour = BlogIndexPage.objects.get(), assets["harbour"]
    make_post(blog, 2)
    body = one_of_each(harbour)
    post = make_post(blog, 1, author=make_person(), tags=("sea", "dawn"), featured_image=harbour, body=body)
    coast = make_category("Coast")
    Category.objects.create(name="Harbours", parent=coast)
    post.category = coast
    post.save()
    form = make_form(blog)
    locked = make_post(blog, 3, title="Locked", slug="locked")
    PageViewRestriction.objects.create(page=locked, restriction_type="password", password="fixer")
    Redirect.objects.create(old_path="/before", redirect_page=post, is_permanent=True)
    menus = Menus.for_site(Site.objects.get(is_default_site=True))
    link = {"page": post.pk, "label": "", "url": ""}
    menus.main = [{"type": "item", "value": {"link": link, "children": []}}]
    menus.save()
    post.title = "Not out yet"

    pages = {"post": post, "form": form, "locked": locked}
    tokens = {
        name: APIToken.create_token(user=user, name=name)
        for name, user in (("admin", admin), ("writer", writer), ("revoked", writer))
    }
    tokens["revoked"][0].revoke()
    return {
        "tokens": {name: plain for name, (_token, plain) in tokens.items()},
        "ids": {name: one.pk for name, one in {**assets, **pages, "set": collection}.items()},
        "preview": f"content_type=blog.postpage&token={post.create_page_preview().token}&in_preview_panel=false",
    }


def _grant(group: Group, folder: Collection, *codenames: str) -> None:
    for permission in Permission.objects.filter(codename__in=codenames):
        GroupCollectionPermission.objects.create(group=group, collection=folder, permission=permission)
