from django import template

from blog.api.cards import picture_of
from blog.models import ContentPage
from media_library.models import CustomImage

register = template.Library()


@register.simple_tag(name="picture_of")
def shown_picture_of(page: ContentPage) -> CustomImage | None:
    """``{% picture_of page as image %}``: the picture that stands for a page in lists, as in the API's cards."""
    return picture_of(page)
