"""What everybody may read: you said, we did; or we did not, because."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.changes.models.insights import Insight


class PublicWord(models.Model):
    """An entry of the public page, in both languages, as a person wrote it. Nobody is named in it."""

    class Kind(models.TextChoices):
        DID = "did", pgettext_lazy("public", "We did")
        DOING = "doing", pgettext_lazy("public", "We are doing it")
        DID_NOT = "did_not", pgettext_lazy("public", "We did not, because")

    insight = models.OneToOneField(Insight, on_delete=models.CASCADE, related_name="public_word")
    kind = models.CharField(_("what it says"), max_length=8, choices=Kind)
    said_en = models.CharField(_("You said, in English"), max_length=200)
    said_nl = models.CharField(_("You said, in Dutch"), max_length=200)
    did_en = models.CharField(_("Our answer, in English"), max_length=600)
    did_nl = models.CharField(_("Our answer, in Dutch"), max_length=600)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("public answer")
        verbose_name_plural = _("public answers")
        ordering = ("-published_at", "-pk")

    def __str__(self) -> str:
        return f"{self.insight.code} {self.kind}"
