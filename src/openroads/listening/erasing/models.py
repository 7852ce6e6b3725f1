"""The register of erasures: what was taken out, when, asked by whom, and what the search found after."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openroads.directory.encryption import EncryptedTextField


class Erasure(models.Model):
    """One author who was erased. Handle, names and clues stand here encrypted until the work is done;
    what stays are the keyed pseudonym, which keeps them from coming back, and keyed hashes of the
    names that are masked in what others write (`masks`). They name nobody."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being erased")
        SEARCHING = "searching", _("being searched")
        DONE = "done", _("erased")
        LOOK = "look", _("needs a look")

    TO_ERASE = (State.WAITING, State.RUNNING)
    UNFINISHED = (*TO_ERASE, State.SEARCHING)

    network = models.CharField(_("network"), max_length=30)
    handle = EncryptedTextField(blank=True)
    clues = EncryptedTextField(blank=True)
    keys = models.JSONField(default=list)
    mask_mentions = models.BooleanField(default=False)
    names = EncryptedTextField(blank=True)
    masks = models.JSONField(default=list)
    masked = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    posts = models.PositiveBigIntegerField(_("posts"), default=0)
    words = models.PositiveBigIntegerField(default=0)
    sources = models.JSONField(default=list)
    previews = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    files = models.JSONField(default=list)
    mentions = models.PositiveBigIntegerField(default=0)
    own_texts = models.PositiveIntegerField(default=0)
    searched = models.PositiveIntegerField(default=0)
    found_before = models.PositiveIntegerField(default=0)
    left = models.JSONField(default=list)
    old_parts = models.JSONField(default=list)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def author_keys(self) -> list[int]:
        """The pseudonyms, as the archive knows them. They stand here as text: JSON of other
        programs loses the last digits of such numbers."""
        return [int(key) for key in self.keys]

    @property
    def waiting_files(self) -> list[dict[str, Any]]:
        """Uploads that hold the author still, because an import is not done with them."""
        return [file for file in self.files if not file["deleted"]]
