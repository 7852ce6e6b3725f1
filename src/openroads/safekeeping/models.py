"""The register of backups: who asked for one, how far it is, where it stands, whether it was looked through."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import Person


class Backup(models.Model):
    """One backup. `keys` are the keys of the house under a passphrase, only while it is being made."""

    class Why(models.TextChoices):
        ASKED = "asked", "asked for"
        DAILY = "daily", "every day"
        UPGRADE = "upgrade", "before an upgrade"
        EXPORT = "export", "to take along"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "being made"
        DONE = "done", "made"
        FAILED = "failed", "failed"

    UNFINISHED = (State.WAITING, State.RUNNING)

    path = models.CharField(max_length=1000)
    why = models.CharField(max_length=10, choices=Why, default=Why.ASKED)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    keys = models.TextField(blank=True)
    share = models.FloatField(default=0.0, help_text="part of it written, 0 to 1")
    error = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    sum = models.CharField(max_length=64, blank=True, db_index=True)
    posts = models.PositiveBigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    holds = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return self.path

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED
