from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.contrib.forms.models import (
    FORM_FIELD_CHOICES,
    AbstractEmailForm,
    AbstractFormField,
    FormSubmission,
)
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField

from blog.blocks.text import RICH_TEXT_FEATURES
from blog.forms.building import FormBuilder, FormPageForm, Question, VisitorForm, WrittenFormPageForm
from blog.forms.files import stored_name
from blog.forms.flood import FLOODED, seconds_to_wait
from blog.forms.serializers import FormField as FormForFrontEnds
from blog.models.content_page import ContentPage
from blog.tasks import tell_of_submission_task
from media_library.deletion.removal import remove_upload, unless_committed
from media_library.models.files import originals_storage


class FormField(AbstractFormField):
    """A question of a form."""

    page = ParentalKey("blog.FormPage", on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField(
        verbose_name=_("field type"), max_length=16, choices=(*FORM_FIELD_CHOICES, ("file", _("File")))
    )

    api_fields = [
        APIField("clean_name"),
        *(
            APIField(name, writable=True)
            for name in ("label", "field_type", "help_text", "required", "choices", "default_value")
        ),
    ]


class AbstractVisitorForm(AbstractEmailForm):
    """What visitors send by the API or by a template: kept whole or not at all, and told by a worker."""

    form_builder = FormBuilder

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and (wait := seconds_to_wait(request)):
            # With all that was written, so that it can be sent in a minute.
            form = self.get_form(request.POST, request.FILES, page=self, user=request.user)
            form.add_error(None, FLOODED)
            context = self.get_context(request) | {"form": form}
            response = TemplateResponse(request, self.get_template(request), context, status=429)
            response["Retry-After"] = str(wait)
            return response
        return super().serve(request, *args, **kwargs)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        if mode_name == "landing":
            return str(self.get_landing_page_template(request))
        return str(super().get_preview_template(request, mode_name))

    def describe_form(self) -> list[Question]:
        """The questions for a front end, in their order."""
        return self.form_builder(self.get_form_fields()).describe()

    def process_form_submission(self, form: VisitorForm) -> FormSubmission | None:
        """Keep what a visitor sent; nothing, if a program sent it."""
        if form.is_caught:
            return None
        sent = {name: file for name, file in form.cleaned_data.items() if isinstance(file, UploadedFile)}
        files = {name: stored_name(file) for name, file in sent.items()}
        with unless_committed(files.values(), what="sent with a form"):
            answers = {name: value for name, value in form.cleaned_data.items() if name not in sent}
            submission = self.get_submission_class().objects.create(
                page=self, form_data=answers | {name: file.name for name, file in sent.items()}
            )
            for name, file in sent.items():
                storage = originals_storage()
                FormFile.objects.create(
                    submission=submission,
                    field_name=name,
                    file=storage.save(files[name], file),
                    filename=file.name,
                    file_size=file.size,
                    mime_type=file.content_type,
                )
        if self.to_address:
            # No partial: Django can't name one when it logs what a robust hook has raised.
            transaction.on_commit(lambda: tell_of_submission_task.delay(submission.pk), robust=True)
        return submission

    def get_submissions_list_view_class(self) -> Any:
        # Views can't be imported before all models are there.
        from blog.forms.submissions import SubmissionsListView

        return SubmissionsListView


class FormPage(ContentPage, AbstractVisitorForm):
    """A form: questions for visitors, and what they answered."""

    intro = RichTextField(_("introduction"), blank=True, features=RICH_TEXT_FEATURES)
    thank_you_text = RichTextField(
        _("thanks"), blank=True, features=RICH_TEXT_FEATURES, help_text=_("What a visitor reads after sending it.")
    )

    content_panels = [
        FormSubmissionsPanel(),
        *ContentPage.content_panels,
        FieldPanel("intro"),
        InlinePanel("form_fields", label=_("Question"), heading=_("Questions")),
        FieldPanel("thank_you_text"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("from_address"), FieldPanel("to_address")]), FieldPanel("subject")],
            heading=_("Tell somebody by e-mail"),
        ),
    ]
    api_fields = [
        *(APIField(name, writable=True) for name in ("intro", "thank_you_text", "form_fields")),
        APIField("form", serializer=FormForFrontEnds(source="*")),
        *ContentPage.api_fields,
    ]

    parent_page_types = ["blog.BlogIndexPage", "blog.LandingPage"]
    subpage_types: list[str] = []
    base_form_class = FormPageForm
    api_base_form_class = WrittenFormPageForm
    template = "blog/form_page.html"
    landing_page_template = "blog/form_page_landing.html"

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")


class FormFile(models.Model):
    """A file that a visitor sent with a form."""

    submission = models.ForeignKey(FormSubmission, on_delete=models.CASCADE, related_name="files")
    field_name = models.CharField(max_length=255)
    file = models.FileField(storage=originals_storage, upload_to="forms/", max_length=255)
    filename = models.CharField(_("file name"), max_length=255)
    file_size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes"))
    mime_type = models.CharField(_("type"), max_length=255)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("file sent with a form")
        verbose_name_plural = _("files sent with forms")

    def __str__(self) -> str:
        return self.filename


@receiver(post_delete, sender=FormFile)
def remove_with_its_row(instance: FormFile, **kwargs: Any) -> None:
    remove_upload(str(instance.file.name), what="sent with a form")
