"""The filters of the library: what may stand in its address, what editors read of it, and what it leaves."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItem
from wagtail.admin.filters import CollectionFilter
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Collection

from media_library import rights
from media_library.admin.library.searching import matching
from media_library.admin.permissions import KINDS, visible_assets, visible_collections
from media_library.conf import conf
from media_library.duplicates import with_duplicates
from media_library.models import Asset
from media_library.usage import unused, used

MEGABYTE = 1_000_000
LATEST, TAGS = 500, 15
"""Tags are offered of so many assets, and so many."""

FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2200, 12, 31)
"""Before photography, and within what databases can add a day to, in any time zone."""


class Orientation(TextChoices):
    LANDSCAPE = "landscape", _("Landscape")
    PORTRAIT = "portrait", _("Portrait")
    SQUARE = "square", _("Square")


class Size(TextChoices):
    SMALL = "small", _("Below 1 MB")
    MEDIUM = "medium", _("1 to 10 MB")
    LARGE = "large", _("10 to 100 MB")
    HUGE = "huge", _("100 MB and more")


class Expiry(TextChoices):
    OVER = "over", _("Is over")
    SOON = "soon", _("Ends soon")
    DATED = "dated", _("Has an end")


class Usage(TextChoices):
    UNUSED = "true", _("Used nowhere")
    USED = "false", _("Used somewhere")


ORIENTATIONS = {
    Orientation.LANDSCAPE: Q(width__gt=F("height")),
    Orientation.PORTRAIT: Q(width__lt=F("height")),
    Orientation.SQUARE: Q(width=F("height")),
}
SIZES = {
    Size.SMALL: Q(file_size__lt=MEGABYTE),
    Size.MEDIUM: Q(file_size__gte=MEGABYTE, file_size__lt=10 * MEGABYTE),
    Size.LARGE: Q(file_size__gte=10 * MEGABYTE, file_size__lt=100 * MEGABYTE),
    Size.HUGE: Q(file_size__gte=100 * MEGABYTE),
}
MISSING_ALT = Q(kind=Asset.Kind.IMAGE, alt_text="")
"""Pictures that say nothing to someone who can't see them."""


def oversize() -> Q:
    """Originals that are larger than what ``OVERSIZE_BYTES`` says of their kind."""
    found = Q(pk__in=[])
    for kind, largest in conf.OVERSIZE_BYTES.items():
        found |= Q(kind=kind, file_size__gt=largest)
    return found


def expiring(when: str) -> Q:
    """Assets whose rights end, by one of ``Expiry``."""
    return {
        Expiry.OVER: rights.expired(),
        Expiry.SOON: rights.expiring_soon(),
        Expiry.DATED: Q(expires_on__isnull=False),
    }[Expiry(when)]


def needing_attention() -> Q:
    """Assets with which somebody should do something: failed, without rights or soon without, without a release."""
    return (
        Q(status=Asset.Status.FAILED)
        | rights.expired()
        | rights.expiring_soon()
        | Q(model_release=Asset.ModelRelease.MISSING)
    )


class TagsField(forms.MultipleChoiceField):
    """Names of tags, whichever: one that nothing has is no mistake, it finds nothing."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 100 and "\x00" not in value


class TagsFilter(django_filters.MultipleChoiceFilter):
    field_class = TagsField


class UploaderField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return get_user_display_name(obj)


class UploaderFilter(django_filters.ModelChoiceFilter):
    field_class = UploaderField


class DayFilter(django_filters.DateFilter):
    """A day in the editor's time zone, as a bound of a moment."""

    def __init__(self, *args: Any, **kwargs: Any):
        bounds = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        super().__init__(*args, widget=AdminDateInput(), validators=bounds, **kwargs)

    def filter(self, queryset: QuerySet, value: date | None) -> QuerySet:
        if value is None:
            return queryset
        if self.lookup_expr == "lt":
            # Up to the end of that day.
            value += timedelta(days=1)
        return super().filter(queryset, timezone.make_aware(datetime.combine(value, time.min)))


def choice(choices: Any, label: Any, method: str) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        choices=choices, label=label, method=method, empty_label=_("All"), widget=forms.RadioSelect
    )


def tick(label: Any, method: str) -> django_filters.Filter:
    return django_filters.ChoiceFilter(
        choices=[("true", _("Yes"))], label=label, method=method, empty_label=_("All"), widget=forms.RadioSelect
    )


class LibraryFilterSet(django_filters.FilterSet):
    """What the user may see, and what of it the parameters leave. What they may not see is no valid choice, either."""

    q = django_filters.CharFilter(label=_("Search"), method="filter_words", max_length=200, widget=forms.HiddenInput)
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=Asset.Kind.choices, widget=forms.CheckboxSelectMultiple, distinct=False
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Asset.Status.choices, widget=forms.CheckboxSelectMultiple, distinct=False
    )
    collection = CollectionFilter(label=_("Folder"), queryset=Collection.objects.none(), method="filter_folder")
    tag = TagsFilter(label=_("Tag"), choices=(), method="filter_tags", widget=forms.CheckboxSelectMultiple)
    uploaded_by = UploaderFilter(
        label=_("Uploaded by"), field_name="uploaded_by_user", queryset=get_user_model().objects.none()
    )
    created_from = DayFilter(label=_("Added from"), field_name="created_at", lookup_expr="gte")
    created_to = DayFilter(label=_("Added until"), field_name="created_at", lookup_expr="lt")
    taken_from = DayFilter(label=_("Taken from"), field_name="taken_at", lookup_expr="gte")
    taken_to = DayFilter(label=_("Taken until"), field_name="taken_at", lookup_expr="lt")
    orientation = choice(Orientation.choices, _("Orientation"), "filter_orientation")
    size = choice(Size.choices, _("File size"), "filter_size")
    unused = choice(Usage.choices, _("Use"), "filter_use")
    sphere = tick(_("All around (360°)"), "filter_sphere")
    missing_alt = tick(_("Without alt text"), "filter_missing_alt")
    duplicate = tick(_("Duplicates"), "filter_duplicates")
    oversize = tick(_("Oversize"), "filter_oversize")
    attention = tick(_("Needs attention"), "filter_attention")
    expiring = choice(Expiry.choices, _("Right to use it"), "filter_expiring")

    def __init__(self, user: AbstractBaseUser | AnonymousUser, params: QueryDict):
        super().__init__(params, visible_assets(user))
        self.user = user
        self.filters["collection"].queryset = visible_collections(user)
        theirs = visible_assets(user).filter(uploaded_by_user=OuterRef("pk"))
        self.filters["uploaded_by"].queryset = get_user_model().objects.filter(Exists(theirs))

    def offer_tags(self) -> None:
        """Offer tags to choose from: those of what was added last, and of what was chosen."""
        # Not the most frequent of all: that would count all tags of all assets, at each request.
        latest = self.queryset.order_by("-created_at").values_list("pk", flat=True)[:LATEST]
        tagged = _tagged().filter(object_id__in=list(latest)).values_list("tag__name")
        offered = [name for name, _count in tagged.annotate(uses=Count("pk")).order_by("-uses", "tag__name")[:TAGS]]
        names = dict.fromkeys([*self.data.getlist("tag"), *offered])
        self.form.fields["tag"].choices = [(name, name) for name in names]

    @property
    def qs(self) -> QuerySet[Asset]:
        """Nothing at all if a parameter is wrong: whoever does something to "all that match" must not hit more."""
        return super().qs if self.is_valid() else self.queryset.none()

    def filter_words(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return matching(assets, value)

    def filter_folder(self, assets: QuerySet[Asset], name: str, value: Collection) -> QuerySet[Asset]:
        return assets.filter(collection__in=value.get_descendants(inclusive=True))

    def filter_tags(self, assets: QuerySet[Asset], name: str, value: list[str]) -> QuerySet[Asset]:
        return tagged_with(assets, value)

    def filter_orientation(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return assets.filter(ORIENTATIONS[Orientation(value)])

    def filter_size(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return assets.filter(SIZES[Size(value)])

    def filter_use(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return unused(assets) if value == Usage.UNUSED else used(assets)

    def filter_sphere(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return assets.filter(projection__isnull=False)

    def filter_missing_alt(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return assets.filter(MISSING_ALT)

    def filter_duplicates(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        # Of what the user may not see, not even this is told.
        return with_duplicates(assets, among=visible_assets(self.user))

    def filter_oversize(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return assets.filter(oversize())

    def filter_attention(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return assets.filter(needing_attention())

    def filter_expiring(self, assets: QuerySet[Asset], name: str, value: str) -> QuerySet[Asset]:
        return assets.filter(expiring(value))


def tagged_with(assets: QuerySet[Asset], names: Iterable[str]) -> QuerySet[Asset]:
    """Those of the assets that have all these tags, in whatever case."""
    for name in names:
        # Looked up beforehand: databases know how many have this tag, and not how many have one of such a name.
        ids = list(Tag.objects.filter(name__iexact=name).values_list("pk", flat=True))
        assets = assets.filter(pk__in=_tagged().filter(tag__in=ids).values("object_id"))
    return assets


def _tagged() -> QuerySet[TaggedItem]:
    kinds = [content_type.pk for content_type in ContentType.objects.get_for_models(*KINDS).values()]
    return TaggedItem.objects.filter(content_type__in=kinds)
