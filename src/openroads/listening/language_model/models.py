"""What a language model may be sent, what it cost, what it wrote, and whether people find that right."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openroads.directory.company import Brand
from openroads.directory.post_ids import PostId


class AllowedSource(models.Model):
    """A source whose posts may be sent to the language model, without names. No row: they stay here."""

    source = models.OneToOneField("listening.Source", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("source a language model may read")
        verbose_name_plural = _("sources a language model may read")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.source_id}"


class ModelMonth(models.Model):
    """What the language model cost in a calendar month (UTC): counted before each question, given back
    after it."""

    begins_on = models.DateField(unique=True)
    money = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))
    questions = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "listening"
        verbose_name = _("month of a language model")
        verbose_name_plural = _("months of a language model")
        ordering = ("-begins_on",)

    def __str__(self) -> str:
        return f"{self.begins_on}"


class WrittenLabel(models.Model):
    """A label and summary of a month's theme, asked of a language model. Its state is the queue.

    `words` are the terms the theme was told by when it was asked: a theme that is told by others since is
    another one, and this is not shown with it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WRITTEN = "written", _("written")
        FAILED = "failed", _("failed")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    line = models.PositiveIntegerField()
    words = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    label = models.CharField(max_length=60, blank=True)
    summary = models.CharField(max_length=400, blank=True)
    language = models.CharField(max_length=8)
    written_by = models.CharField(
        max_length=120, help_text="which model, and the recipe it was asked by"
    )
    posts = models.PositiveSmallIntegerField(default=0, help_text="posts that were sent")
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))
    why = models.JSONField(default=dict, help_text="the sentence that says why it failed")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("written label")
        verbose_name_plural = _("written labels")
        ordering = ("-pk",)
        indexes = [models.Index(fields=("brand", "month", "line"), name="written_of_a_theme")]

    def __str__(self) -> str:
        return self.label or self.state


class WrittenFrom(models.Model):
    """A post a label was written from: when it is erased, the label goes with it."""

    label = models.ForeignKey(WrittenLabel, on_delete=models.CASCADE, related_name="written_from")
    post = PostId()

    class Meta:
        app_label = "listening"
        verbose_name = _("post of a written label")
        verbose_name_plural = _("posts of written labels")
        indexes = [models.Index(fields=("post",), name="written_from_post")]

    def __str__(self) -> str:
        return f"{self.post}"


class LabelVerdict(models.Model):
    """Whether a person finds a written label and its summary right, beside the words and posts themselves."""

    label = models.ForeignKey(WrittenLabel, on_delete=models.CASCADE, related_name="verdicts")
    right = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("verdict on a written label")
        verbose_name_plural = _("verdicts on written labels")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("label", "by"), name="one_verdict_a_person_and_label")
        ]

    def __str__(self) -> str:
        return f"{self.label_id} {self.right}"
