import logging
from base64 import b32encode
from io import BytesIO
from typing import Any

import qrcode
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.views import RedirectURLMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, View
from qrcode.image.svg import SvgPathFillImage
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.security.two_factor import devices
from cms.security.two_factor.forms import CodeForm, NewDeviceForm, PasswordForm
from cms.security.two_factor.middleware import SESSION_KEY

logger = logging.getLogger(__name__)

private = [never_cache, sensitive_post_parameters()]


def open_session(request: HttpRequest, device: Any) -> None:
    # A session that somebody else may know is worth no more than before.
    request.session.cycle_key()
    request.session[SESSION_KEY] = device.pk


@method_decorator(private, name="dispatch")
class CodeView(RedirectURLMixin, FormView):
    """The second step of the login."""

    form_class = CodeForm
    template_name = "cms/security/two_factor/code.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_default_redirect_url(self) -> str:
        return reverse("wagtailadmin_home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=self.get_redirect_url(), **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        open_session(self.request, form.device)
        return super().form_valid(form)


@method_decorator(private, name="dispatch")
class TwoFactorPage(WagtailAdminTemplateMixin, FormView):
    """A page of the account about the second factor."""

    header_icon = "lock"
    form_class: type[PasswordForm] = PasswordForm

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*self.breadcrumbs_items, {"url": reverse("wagtailadmin_account"), "label": _("Account")}]
        if self.page_title != OverviewView.page_title:
            items.append({"url": reverse("two_factor"), "label": OverviewView.page_title})
        return [*items, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def show_backup_codes(self) -> HttpResponse:
        """Once, and never again."""
        codes = devices.make_backup_codes(self.request.user)
        context = self.get_context_data(codes=codes, form=None)
        return render(self.request, "cms/security/two_factor/backup_codes.html", context)


class OverviewView(TwoFactorPage):
    """The user's devices, and how many backup codes are left; sent, it makes new codes."""

    page_title = gettext_lazy("Two-factor login")
    template_name = "cms/security/two_factor/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            devices=devices.devices_of(user),
            codes_left=devices.backup_codes_left(user),
            is_required=devices.is_required(user),
            **kwargs,
        )

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        if not devices.devices_of(self.request.user):
            return redirect("two_factor")
        return self.show_backup_codes()


class NewDeviceView(TwoFactorPage):
    """A device is added: its secret as a picture and as letters, and a code that proves that it works."""

    page_title = gettext_lazy("New device")
    form_class = NewDeviceForm
    template_name = "cms/security/two_factor/new.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"device": devices.new_device(self.request.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        secret = b32encode(devices.new_device(self.request.user).bin_key).decode()
        grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        return super().get_context_data(secret=grouped, **kwargs)

    def form_valid(self, form: NewDeviceForm) -> HttpResponse:
        devices.confirm(form.device, form.cleaned_data["name"])
        open_session(self.request, form.device)
        messages.success(self.request, _("From now on you log in with a code."))
        if devices.backup_codes_left(self.request.user):
            return redirect("two_factor")
        return self.show_backup_codes()


class RemoveDeviceView(TwoFactorPage):
    """A device is taken away, and with the last one the backup codes."""

    page_title = gettext_lazy("Remove device")
    template_name = "cms/security/two_factor/confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = get_object_or_404(devices.TOTPDevice, pk=self.kwargs["pk"], user=self.request.user, confirmed=True)
        question = _("Codes of “%(name)s” will be good no more.") % {"name": found.name}
        return super().get_context_data(question=question, action=_("Remove it"), device=found, **kwargs)

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        self.get_context_data(form=form)["device"].delete()
        left = devices.devices_of(self.request.user)
        if left:
            self.request.session[SESSION_KEY] = left[0].pk
        else:
            devices.reset(self.request.user)
        return redirect("two_factor")


class ResetView(TwoFactorPage):
    """Whoever manages users lets somebody in again who has lost device and codes."""

    page_title = gettext_lazy("Reset the two-factor login")
    template_name = "cms/security/two_factor/confirm.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.of = get_object_or_404(get_user_model(), pk=kwargs["pk"])
        if not may_reset(request.user, self.of):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = _("“%(name)s” will log in by password alone, until there is a new device. Be sure who asks for it.")
        return super().get_context_data(question=question % {"name": self.of}, action=_("Reset it"), **kwargs)

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        devices.reset(self.of)
        logger.info("User %s reset the second factor of user %s", self.request.user.pk, self.of.pk)
        messages.success(self.request, _("“%(name)s” logs in by password alone.") % {"name": self.of})
        return redirect("wagtailusers_users:edit", self.of.pk)


def may_reset(who: Any, of: Any) -> bool:
    """Never of somebody who may do more than oneself."""
    permission = f"{of._meta.app_label}.change_{of._meta.model_name}"
    return who.pk != of.pk and who.has_perm(permission) and (who.is_superuser or not of.is_superuser)


@method_decorator(never_cache, name="dispatch")
class QRCodeView(View):
    """The secret of the device that is being set up, as a picture for its camera (SVG)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        picture = qrcode.make(devices.new_device(request.user).config_url, image_factory=SvgPathFillImage)
        file = BytesIO()
        picture.save(file)
        return HttpResponse(file.getvalue(), content_type="image/svg+xml")
