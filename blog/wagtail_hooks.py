from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from blog.forms import submissions
from blog.models import Category, Person, Series


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    list_display = ["name", "role"]


class CategoryViewSet(SnippetViewSet):
    model = Category
    icon = "folder-open-inverse"
    list_display = ["name", "description"]


class SeriesViewSet(SnippetViewSet):
    model = Series
    icon = "list-ol"
    list_display = ["title", "description"]


register_snippet(PersonViewSet)
register_snippet(CategoryViewSet)
register_snippet(SeriesViewSet)
hooks.register("register_admin_urls", lambda: submissions.urlpatterns)
