"""Who raised something, and who of them heard what was done. Names stay in the archive."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.changes.models.changing import Change
from openroads.changes.models.insights import Insight
from openroads.delivery.models import Delivery
from openroads.directory.post_ids import PostId


class Voice(models.Model):
    """A post in which somebody raised an insight. Where it stands is kept; who wrote it, and what, is
    asked of the archive by who may see it, so that an erased author is gone from here too."""

    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="voices")
    post = PostId()
    published_at = models.DateTimeField()
    source = models.PositiveIntegerField()
    network = models.CharField(max_length=40)
    language = models.CharField(max_length=12, blank=True)
    author_key = PostId(help_text="0: nobody named them")

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        ordering = ("published_at", "pk")
        indexes = [
            models.Index(fields=("post",), name="voices_of_a_post"),
            models.Index(fields=("source", "published_at"), name="voices_of_a_source"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("insight", "post"), name="a_voice_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.insight_id}.{self.post}"


class Telling(models.Model):
    """Telling a change back: one text for each language, from which every draft is made."""

    change = models.OneToOneField(Change, on_delete=models.CASCADE, related_name="telling")
    texts = models.JSONField(default=dict, help_text="language: text")
    link = models.URLField(_("link"), max_length=500, blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("telling")
        verbose_name_plural = _("tellings")

    def __str__(self) -> str:
        return self.change.code


class Told(models.Model):
    """One person who raised it, by their newest post, and whether they heard. After erasure the row
    counts on without post, words or key."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("told", "to be read and sent")
        WAITING = "waiting", pgettext_lazy("told", "on its way")
        HEARD = "heard", pgettext_lazy("told", "heard it")
        OUT = "out", pgettext_lazy("told", "out of reach")
        SKIPPED = "skipped", pgettext_lazy("told", "left out")
        REFUSED = "refused", pgettext_lazy("told", "refused")

    class Why(models.TextChoices):
        NO_CHANNEL = "channel", _("no channel of ours reaches them there")
        WINDOW = "window", _("the time in which the network lets us answer is over")
        NAMELESS = "nameless", _("nobody knows who wrote it")
        GONE = "gone", _("the post is no more")

    OPEN: ClassVar[tuple[State, ...]] = (State.DRAFT,)

    telling = models.ForeignKey(Telling, on_delete=models.CASCADE, related_name="people")
    post = PostId(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    source = models.PositiveIntegerField(default=0)
    network = models.CharField(max_length=40)
    language = models.CharField(max_length=12, blank=True)
    author_key = PostId(default=0)
    posts = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    text = models.TextField(blank=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True, help_text="when they wrote back")
    back_post = PostId(null=True, blank=True)
    back_text = models.TextField(blank=True)
    back_language = models.CharField(max_length=12, blank=True)

    class Meta:
        verbose_name = _("person told")
        verbose_name_plural = _("people told")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=("post",), name="told_of_a_post"),
            models.Index(fields=("telling", "state"), name="told_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.telling_id}.{self.pk}"
