from blog.cache_tags import record_object
from blog.models import ContentPage, PersonPage, PostPage
from blog.seo.facts import authors_of, modified, published
from blog.seo.media import picture_for, standing_for
from blog.seo.shapes import ArticleFacts, Seo, SharedPicture
from blog.seo.structured_data import json_ld
from blog.seo.surroundings import Surroundings
from blog.seo.words import description_of, keywords_of, title_of
from media_library.api.html import alt_of
from media_library.api.library import library, sharing
from media_library.api.picture import stored_url
from media_library.models import Audio, CustomImage, Video


def seo_of(page: ContentPage, around: Surroundings) -> Seo:
    """What a page tells search engines and social networks.

    Titles and descriptions for sharing fall back to those for search engines, and these to the page's own; the
    picture is the first of: the one chosen for sharing, the card that was made of the page, the page's picture, and
    the site's. A film or a sound stands for a page that begins with it.
    """
    with sharing():
        site = around.site(page)
        title, description = title_of(page), description_of(page)
        shared_title = page.social_title or title
        shared_description = " ".join(page.social_description.split()) or description
        picture = shared_picture(page, around)
        canonical_url = page.canonical_url or around.address(page)
        return {
            "title": title,
            "description": description,
            "keywords": keywords_of(page),
            "canonical_url": canonical_url,
            "no_index": page.no_index,
            "og": {
                "title": shared_title,
                "description": shared_description,
                "type": og_type(page),
                "url": canonical_url,
                "image": picture,
                "site_name": site.name,
                "article": _article(page) if isinstance(page, PostPage) else None,
            },
            "x": {
                "card": "summary_large_image" if picture else "summary",
                "site": site.x_handle,
                "title": shared_title,
                "description": shared_description,
                "image": picture["src"] if picture else None,
            },
            "json_ld": json_ld(page, around, picture["src"] if picture else None),
        }


def shared_picture(page: ContentPage, around: Surroundings) -> SharedPicture | None:
    """The picture that networks show beside a link to the page."""
    shared = library()
    shared.fill(page, only="social_image")
    chosen = page.social_image
    if chosen is not None and shared.may_show(chosen) and (picture := _as_shared(chosen, around)):
        return picture
    if (card := around.card(page)) is not None:
        return {
            "src": around.absolute(stored_url(card.file.name or "")),
            "width": card.width,
            "height": card.height,
            "alt": page.social_title or title_of(page),
        }
    for asset in (standing_for(page), around.site(page).social_image):
        if asset is not None and (picture := _as_shared(asset, around)):
            return picture
    return None


def og_type(page: ContentPage) -> str:
    """The sort of thing that it is to Open Graph (https://ogp.me/#types)."""
    if isinstance(page, PostPage):
        return "article"
    return "profile" if isinstance(page, PersonPage) else "website"


def _article(post: PostPage) -> ArticleFacts:
    record_object("category", post.category)
    return {
        "published_time": published(post),
        "modified_time": modified(post),
        "author": [author.name for author in authors_of(post)],
        "section": post.category.name if post.category and post.category.is_active else None,
        "tag": sorted(tag.name for tag in post.tags.all()),
    }


def _as_shared(asset: CustomImage | Video | Audio, around: Surroundings) -> SharedPicture | None:
    """A picture, poster or cover as networks take it: they read no drawings."""
    picture = picture_for(asset)
    if picture is None or (isinstance(asset, CustomImage) and asset.is_svg()):
        return None
    crop = picture.crops.get("og")
    src = crop.src if crop else picture.src
    if not src:
        return None
    return {
        "src": around.absolute(src),
        "width": crop.width if crop else None,
        "height": crop.height if crop else None,
        "alt": alt_of(asset),
    }
