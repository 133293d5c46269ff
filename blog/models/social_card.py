from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class SocialCard(models.Model):
    """The picture that is shown where a page is shared, made of its picture and its title by a worker.

    ``digest`` is a SHA-256 in hexadecimal of all that the card was made from, so that it's made anew only when some of
    it has changed. 1200 by 630 pixels, as for Open Graph.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="social_card")
    file = models.FileField(upload_to="cards/", max_length=255)
    width = models.PositiveIntegerField(_("width"), help_text=_("In pixels"))
    height = models.PositiveIntegerField(_("height"), help_text=_("In pixels"))
    digest = models.CharField(max_length=64)
    updated_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("card of a page")
        verbose_name_plural = _("cards of pages")

    def __str__(self) -> str:
        return f"{self.page_id}: {self.file.name}"
