"""What each action asks for, and what it makes of the answers: the parameters of a ``BulkOperation``."""

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import TaggedItem
from taggit.utils import parse_tags
from wagtail.admin.forms.tags import validate_tag_length
from wagtail.admin.widgets import AdminTagWidget
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.forms import collection_field
from media_library.admin.permissions import KINDS
from media_library.admin.rights import HELP_TEXTS, LicenceInput
from media_library.bulk.actions import RIGHTS
from media_library.models import Asset, BulkOperation, MediaCollection

MOST_TAGS = 200
"""Tags that are offered for removing, those of most files first."""


class ActionForm(forms.Form):
    """Takes the ``user``, and the ``assets`` that they may do this to."""

    prefix = "bulk"

    def __init__(self, *args: Any, user: Any, assets: QuerySet[Asset], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.assets = assets

    def parameters(self) -> dict[str, Any]:
        """What a valid form asks for, as JSON."""
        return {}


class MoveForm(ActionForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds = set(self.assets.order_by().values_list("kind", flat=True).distinct())
        allowed = Q(pk__in=[])
        for model in KINDS:
            if model.KIND in kinds:
                policy = policy_registry.get_by_type(model)
                allowed |= Q(pk__in=policy.collections_user_has_permission_for(self.user, "add").values("pk"))
        self.fields["collection"] = collection_field(Collection.objects.filter(allowed))

    def parameters(self) -> dict[str, Any]:
        return {"collection": self.cleaned_data["collection"].pk, "name": self.cleaned_data["collection"].name}


class TagForm(ActionForm):
    tags = forms.CharField(label=gettext_lazy("Tags"), widget=AdminTagWidget)

    def clean_tags(self) -> list[str]:
        names = parse_tags(self.cleaned_data["tags"])
        validate_tag_length(names)
        return names

    def parameters(self) -> dict[str, Any]:
        return {"tags": self.cleaned_data["tags"]}


class UntagForm(ActionForm):
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Tags to remove"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one tag.")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        tagged = TaggedItem.objects.filter(
            object_id__in=self.assets.order_by().values("pk"), content_type__app_label=Asset._meta.app_label
        )
        counts = tagged.values_list("tag__name").annotate(number=Count("object_id", distinct=True))
        found = counts.order_by("-number", "tag__name")[:MOST_TAGS]
        self.fields["tags"].choices = [
            (name, _("%(name)s (%(number)s)") % {"name": name, "number": number}) for name, number in found
        ]

    @property
    def is_pointless(self) -> bool:
        return not self.fields["tags"].choices

    def parameters(self) -> dict[str, Any]:
        return {"tags": self.cleaned_data["tags"]}


class RightsForm(ActionForm):
    """Each field has a box beside it that says whether it is to change; an empty field that is, is emptied."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in RIGHTS:
            field: Any = Asset._meta.get_field(name).formfield(required=False)
            field.help_text = HELP_TEXTS.get(name, field.help_text)
            if name == "licence":
                field.widget = LicenceInput()
            elif isinstance(field, forms.DateField):
                # Not Wagtail's, which is a script that a dialog's content doesn't run.
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[f"set_{name}"] = forms.BooleanField(label=field.label, required=False)
            self.fields[name] = field

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"set_{name}"], self[name]) for name in RIGHTS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"set_{name}") for name in RIGHTS):
            raise forms.ValidationError(_("Choose at least one field to set."), code="nothing_chosen")
        return data

    def parameters(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in RIGHTS if self.cleaned_data[f"set_{name}"]}
        if expires_on := chosen.get("expires_on"):
            chosen["expires_on"] = expires_on.isoformat()
        return chosen


class CollectForm(ActionForm):
    """Into a media collection that there is, or a new one."""

    media_collection = forms.ModelChoiceField(
        MediaCollection.objects.none(), label=gettext_lazy("Media collection"), required=False
    )
    new = forms.CharField(label=gettext_lazy("Or a new one, with this title"), max_length=255, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        policy = policy_registry.get_by_type(MediaCollection)
        self.fields["media_collection"].queryset = policy.instances_user_has_permission_for(self.user, "change")
        if not policy.user_has_permission(self.user, "add"):
            del self.fields["new"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("media_collection") and not data.get("new"):
            raise forms.ValidationError(_("Choose a media collection."), code="nothing_chosen")
        return data

    def parameters(self) -> dict[str, Any]:
        found = self.cleaned_data["media_collection"]
        if self.cleaned_data.get("new"):
            found = MediaCollection.objects.create(title=self.cleaned_data["new"], created_by=self.user)
        return {"media_collection": found.pk, "name": found.title}


FORMS: dict[str, type[ActionForm]] = {
    BulkOperation.Action.MOVE: MoveForm,
    BulkOperation.Action.TAG: TagForm,
    BulkOperation.Action.UNTAG: UntagForm,
    BulkOperation.Action.RIGHTS: RightsForm,
    BulkOperation.Action.COLLECT: CollectForm,
}
"""Of those that ask for something."""
