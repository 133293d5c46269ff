from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from media_library.models import VocabularyWord


class VocabularyViewSet(SnippetViewSet):
    """The words that a model of the operator's tags pictures with."""

    model = VocabularyWord
    icon = "tag"
    menu_label = _("Vocabulary")
    list_display = ["word", "prompt"]
    form_fields = ["word", "prompt"]
