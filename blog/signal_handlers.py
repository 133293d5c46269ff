from typing import Any

from django.db.models.signals import pre_delete

from blog.filing import require_unused
from blog.models import Category


def keep_used(instance: Category, **kwargs: Any) -> None:
    # The last net, for programs in Python: doors ask beforehand, and say it in their own way.
    require_unused(instance)


def connect() -> None:
    pre_delete.connect(keep_used, sender=Category, dispatch_uid="keep_used_categories")
