"""The table of saved replies."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.webcare.help.models import LANGUAGES

WARN_BEFORE = timedelta(days=14)
"""How long before it ends its owner hears of it."""


class SavedReply(models.Model):
    """Words of ours that are used again. Whoever proposes or changes one, a second person looks before
    it can be used; it ends by itself on `expires_on` (the first day it is no longer used)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("saved reply", "waits for a second person")
        APPROVED = "approved", pgettext_lazy("saved reply", "in use")
        ENDED = "ended", pgettext_lazy("saved reply", "ended")

    title = models.CharField(_("title"), max_length=120)
    code = models.SlugField(_("short code"), max_length=30)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    text = models.TextField(_("text"), max_length=4_000)
    policy_url = models.URLField(_("the policy it rests on"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )  # fmt: skip
    expires_on = models.DateField(_("ends on"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ("title", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("code", "language"), condition=~models.Q(state="ended"),
                name="one_reply_a_code_and_language",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_in_use(self) -> bool:
        return self.state == self.State.APPROVED
