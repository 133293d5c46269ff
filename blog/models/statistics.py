from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class PageStatistics(models.Model):
    """How often a page was seen, all in all. Apart from the page, whose drafts would bring old numbers back."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="statistics")
    view_count = models.PositiveBigIntegerField(_("views"), default=0, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("statistics of a page")
        verbose_name_plural = _("statistics of pages")

    def __str__(self) -> str:
        return f"{self.page_id}: {self.view_count}"


class DailyPageViews(models.Model):
    """How often a page was seen on one day. Counts only: nothing says who it was."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="daily_views")
    day = models.DateField(_("day"), db_index=True)
    views = models.PositiveBigIntegerField(_("views"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("views of a page")
        verbose_name_plural = _("views of pages")
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="unique_page_day")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.day}"
