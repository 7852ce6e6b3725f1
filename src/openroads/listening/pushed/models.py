"""Addresses that others send posts to, and what came in at each, which is the queue of what is to be read."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from openroads.directory.encryption import EncryptedTextField


class PushAddress(models.Model):
    """Where one source is sent to, and what proves who sends.

    `secret` signs posts (Standard Webhooks), or is the word a network shows that it was given by us.
    After a change the secret before it holds until `older_until`.
    """

    source = models.OneToOneField(
        "listening.Source", on_delete=models.CASCADE, related_name="push_address"
    )
    public_id = models.CharField(max_length=40, unique=True)
    secret = EncryptedTextField(blank=True)
    older_secret = EncryptedTextField(blank=True)
    older_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("address for posts")
        verbose_name_plural = _("addresses for posts")

    def __str__(self) -> str:
        return self.public_id

    def secrets_at(self, now: datetime) -> tuple[str, ...]:
        """The secrets that hold at a moment, newest first; none when none was made."""
        older = self.older_until is not None and now < self.older_until
        return tuple(each for each in (self.secret, self.older_secret if older else "") if each)


class Payload(models.Model):
    """One request as it came in, kept before it is answered. Its body goes when it has been read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READ = "read", _("read")
        REJECTED = "rejected", _("rejected")

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    deed = models.CharField(max_length=200, help_text="the sender’s own id of this request")
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    body = models.TextField(blank=True)
    size = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    answer = models.JSONField(default=dict, help_text="what was answered, and is answered again")
    lines = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    came_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("pushed request")
        verbose_name_plural = _("pushed requests")
        ordering = ("-came_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("source", "deed"), name="one_payload_of_a_deed")
        ]

    def __str__(self) -> str:
        return self.deed
