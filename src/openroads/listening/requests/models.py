"""What somebody outside asked, when it must be answered, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openroads.directory.encryption import EncryptedTextField


class PrivacyRequest(models.Model):
    """What somebody outside asks of their own posts. Who they are and where they are written to stand
    here encrypted, and are taken out when the request is closed: the outcome stays."""

    class Asks(models.TextChoices):
        OBJECT = "object", _("do not collect my posts any more")
        ERASE = "erase", _("erase what you hold of me")
        ACCESS = "access", _("tell me what you hold of me")

    class State(models.TextChoices):
        NEW = "new", _("new")
        OPEN = "open", _("being looked at")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    WAITING = (State.NEW, State.OPEN)

    asks = models.CharField(_("asks"), max_length=8, choices=Asks)
    network = models.CharField(_("network"), max_length=30)
    handle = EncryptedTextField(blank=True)
    contact = EncryptedTextField(blank=True)
    words = EncryptedTextField(blank=True)
    language = models.CharField(max_length=5, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.NEW, db_index=True)
    came_at = models.DateTimeField()
    due_on = models.DateField()
    longer_why = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)
    erasure = models.ForeignKey(
        "listening.Erasure", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handed_out_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        app_label = "listening"
        verbose_name = _("request about privacy")
        verbose_name_plural = _("requests about privacy")
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING
