"""What the brand promises: a USP with the words it is known by, and where we claim it."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openroads.directory.company import Brand, Product


class Promise(models.Model):
    """One promise of the brand or of one of its products. It has a name and a query per language of
    the company; what finds it is any of its queries, whatever language a post is in."""

    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="+", verbose_name=_("brand")
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("product"), help_text="empty: of the brand as a whole",
    )  # fmt: skip
    name = models.CharField(
        _("name"), max_length=60, help_text="in the first language that has one: the others fall back on it",
    )  # fmt: skip
    names = models.JSONField(default=dict, help_text="{language: name}")
    text = models.CharField(
        _("query"), max_length=4_000, help_text="as it was written; those of all languages joined by OR"
    )  # fmt: skip
    texts = models.JSONField(default=dict, help_text="{language: query}, as it was written")
    canonical = models.CharField(
        max_length=8_000, help_text="in its one form, with numbers for names: what is searched"
    )
    claim = models.CharField(_("what we claim"), max_length=300, blank=True)
    source_text = models.ForeignKey(
        "listening.BrandText", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("where we claim it"),
    )  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("brand", "product", "name"),
                condition=models.Q(ended_at=None, product__isnull=False),
                name="one_promise_of_a_name_per_product",
            ),
            models.UniqueConstraint(
                fields=("brand", "name"),
                condition=models.Q(ended_at=None, product=None),
                name="one_promise_of_a_name_per_brand",
            ),
        ]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """Its name in the reader's language, else the one it falls back on."""
        return str(self.names.get((get_language() or "")[:2]) or self.name)
