"""Pages about people, for whoever shows what these people wrote."""

from collections import defaultdict

from blog.models import PersonPage
from media_library.api.batch import Batch

COLUMNS = ("title", "url_path", "path", "live", "locale", "translation_key", "person")


def pages_of_people() -> Batch[int, list[PersonPage]]:
    """Published pages by the id of the person, in the order of the tree. For ``Library.once``.

    Whoever asks leaves out those that are not to be seen.
    """
    return Batch(_load)


def _load(people: set[int]) -> dict[int, list[PersonPage]]:
    found = defaultdict(list)
    for page in PersonPage.objects.filter(live=True, person__in=people).only(*COLUMNS).order_by("path"):
        found[page.person_id].append(page)
    return dict(found)
