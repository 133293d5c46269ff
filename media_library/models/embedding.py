from django.db import models
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class AssetEmbedding(models.Model):
    """Where an asset lies in the space of an embedding model: near those that look like it (insight/embedding.py).

    ``vector`` is of length one: little-endian float16, as many as the model has dimensions. It means nothing to
    another model than the one whose digest is in ``model``.
    """

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, primary_key=True, related_name="embedding")
    version = models.PositiveIntegerField(_("version of the asset"))
    model = models.CharField(_("digest of the model"), max_length=64)
    vector = models.BinaryField(_("vector"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("embedding")
        verbose_name_plural = _("embeddings")
        indexes = [models.Index(fields=["model", "asset"], name="embedding_of_model")]

    def __str__(self) -> str:
        return f"{self.asset_id} by {self.model[:8]}"


class VocabularyWord(models.Model):
    """A word that pictures can be tagged with by an embedding model."""

    word = models.CharField(_("word"), max_length=100, unique=True, help_text=_("Becomes a tag: “lighthouse”."))
    prompt = models.CharField(
        _("described as"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("For the model, in its language: “a photo of a lighthouse”. Blank: the word itself."),
    )
    # Of the prompt, and of which model and prompt it is: so that it is worked out once.
    vector = models.BinaryField(_("vector"), null=True, editable=False)
    vector_of = models.CharField(max_length=64, blank=True, default="", editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("word of the vocabulary")
        verbose_name_plural = _("vocabulary")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word
