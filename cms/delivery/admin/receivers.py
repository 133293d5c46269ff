"""What lists and forms of other servers have in common, whether these are told of changes or posted to."""

from urllib.parse import SplitResult

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views import generic

from cms.delivery.admin.columns import StateColumn
from media_library.exceptions import ImportFailed
from media_library.uploads.addresses import read_url


class ReceiverIndexView(generic.IndexView):
    """By name, with address and state; ``address_column`` is where the address stands."""

    default_ordering = "name"
    address_column: Column
    state_template_name: str

    @cached_property
    def columns(self) -> list[BaseColumn]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title("name", label=_("Name"), sort_key="name", get_url=self.get_edit_url),
            self.address_column,
            StateColumn("state", self.state_template_name, label=_("State")),
        ]


def read_address(address: str) -> SplitResult:
    """Take an address apart. Raises ``ValidationError`` for one that nothing can be sent to."""
    try:
        return read_url(address)
    except ImportFailed as error:
        told = gettext("This is no address that can be sent to: https://, a host, no name and no password.")
        raise ValidationError(told, code="address") from error
