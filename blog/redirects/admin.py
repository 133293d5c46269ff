"""The admin's form for redirects, which refuses those that go in a circle."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects import views
from wagtail.contrib.redirects.forms import RedirectForm

from blog.redirects.lookup import goes_in_a_circle


class StraightRedirectForm(RedirectForm):
    """Wagtail's, which says what is wrong with a redirect that visitors could not follow to an end."""

    def _post_clean(self) -> None:
        super()._post_clean()
        redirect = self.instance
        if self.errors:
            return
        if redirect.redirect_page_id is None and not redirect.redirect_link:
            self.add_error(None, ValidationError(_("Choose a page or write an address to lead to."), code="required"))
        elif goes_in_a_circle(redirect, redirect.site):
            message = _("This would lead visitors in a circle: that address leads back here. Choose another one.")
            self.add_error("redirect_link", ValidationError(message, code="circle"))


class CreateView(views.CreateView):
    form_class = StraightRedirectForm


class EditView(views.EditView):
    form_class = StraightRedirectForm


def urls() -> list[Any]:
    """Wagtail's addresses for adding and editing, to stand before its own."""
    return [
        path("redirects/add/", CreateView.as_view()),
        path("redirects/<int:redirect_id>/", EditView.as_view()),
    ]
