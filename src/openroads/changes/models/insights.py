"""Insights, what they rest on, the words quoted with them, and who reads."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.models import Department
from openroads.directory.post_ids import PostId

DECIDE_WITHIN = 14
"""Days in which a department promises to decide."""


class Insight(models.Model):
    """Something the company learned from people, in one sentence, waiting for a department to decide.

    A decision, a change, its telling and its measuring are rows of their own that point here, so that
    each has its date and nothing here is overwritten.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("insight", "waits for a decision")
        YES = "yes", pgettext_lazy("insight", "decided: yes")
        NO = "no", pgettext_lazy("insight", "decided: no")
        LATER = "later", pgettext_lazy("insight", "put off")
        WITHDRAWN = "withdrawn", pgettext_lazy("insight", "withdrawn")
        JOINED = "joined", pgettext_lazy("insight", "joined to another")

    number = models.PositiveIntegerField(_("number"), unique=True)
    title = models.CharField(_("the insight in one sentence"), max_length=200)
    explanation = models.TextField(_("explanation"), max_length=4_000, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("owner"),
    )  # fmt: skip
    origin_room = models.CharField(max_length=30, blank=True)
    origin_id = models.CharField(max_length=60, blank=True)
    origin_url = models.TextField(blank=True)
    first_on = models.DateField(
        null=True, blank=True, help_text="the day of the first post among the evidence"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    decide_within = models.PositiveSmallIntegerField(default=DECIDE_WITHIN, help_text="days")
    back_at = models.DateTimeField(
        null=True, blank=True, help_text="when it came back after it was put off"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(_("why"), max_length=300, blank=True)
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined"
    )

    class Meta:
        verbose_name = _("insight")
        verbose_name_plural = _("insights")
        ordering = ("opened_at", "pk")
        indexes = [models.Index(fields=("state", "department"), name="insights_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="joined", joined_to__isnull=False)
                | (~models.Q(state="joined") & models.Q(joined_to__isnull=True)),
                name="joined_to_another_or_not_at_all",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """How people call it: I-031."""
        return f"I-{self.number:03}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def decide_by(self) -> datetime:
        """When the promised days are over; those of one that was put off begin when it is back."""
        return self.waits_since + timedelta(days=self.decide_within)

    @property
    def waits_since(self) -> datetime:
        return self.back_at or self.opened_at

    @property
    def opened_on(self) -> date:
        """The day it was opened, in the house's zone."""
        return timezone.localdate(self.opened_at)

    @property
    def days_to_insight(self) -> int | None:
        """Days from the first post to the insight; None when nobody knows the first post."""
        return None if self.first_on is None else max((self.opened_on - self.first_on).days, 0)


class Evidence(models.Model):
    """One set an insight rests on, frozen as it was counted; see `evidence.Frozen`."""

    class Kind(models.TextChoices):
        POSTS = "posts", pgettext_lazy("evidence", "posts")
        VIEW = "view", pgettext_lazy("evidence", "saved view")
        TOPIC = "topic", pgettext_lazy("evidence", "topic")
        PATTERN = "pattern", pgettext_lazy("evidence", "pattern")
        CASE = "case", pgettext_lazy("evidence", "case")

    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("what it is"), max_length=300)
    url = models.TextField(blank=True)
    now_url = models.TextField(blank=True)
    query = models.TextField(_("query"), blank=True)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="not in it any more")
    first_on = models.DateField(null=True, blank=True)
    as_of = models.DateTimeField(default=timezone.now)
    posts = models.PositiveIntegerField(null=True, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True)
    nameless = models.PositiveIntegerField(null=True, blank=True)
    rated = models.PositiveIntegerField(null=True, blank=True)
    net = models.FloatField(null=True, blank=True)
    net_low = models.FloatField(null=True, blank=True)
    net_high = models.FloatField(null=True, blank=True)
    cases = models.PositiveIntegerField(null=True, blank=True)
    sieve = models.JSONField(
        null=True, blank=True, help_text="the question so that it can be asked again; see asking"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("as_of", "pk")

    def __str__(self) -> str:
        return self.name


class Sample(models.Model):
    """A post quoted as evidence: its words as they were then, until it is erased."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="samples")
    post = PostId()
    published_at = models.DateTimeField()
    source = models.PositiveIntegerField()
    network = models.CharField(max_length=40)
    language = models.CharField(max_length=12, blank=True)
    tone = models.FloatField(null=True, blank=True)
    mood = models.SmallIntegerField(default=-128)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    place = models.CharField(max_length=300, blank=True)
    removed_on = models.DateField(null=True, blank=True)

    # What a quoted post does not say: who wrote it, how many reacted, its address outside.
    author = author_name = url = ""
    likes = replies = reposts = None

    class Meta:
        verbose_name = _("quoted post")
        verbose_name_plural = _("quoted posts")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=("post",), name="samples_of_a_post"),
            models.Index(fields=("source", "published_at"), name="samples_of_a_source"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("evidence", "post"), name="a_post_is_quoted_once")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}.{self.post}"


class Reading(models.Model):
    """That somebody of a department read a topic, an insight, a pattern or a digest in a month.

    `who` is a keyed digest of person and month, so that people can be counted and nobody be named;
    one who belongs to two departments has a row in each.
    """

    class Kind(models.TextChoices):
        TOPIC = "topic", _("topic")
        INSIGHT = "insight", _("insight")
        PATTERN = "pattern", _("pattern")
        DIGEST = "digest", _("digest")
        CHANGE = "change", _("change")

    month = models.DateField(help_text="the first of the month")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    thing = models.PositiveBigIntegerField()
    who = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(
                fields=("month", "department", "kind", "thing", "who"), name="read_once_a_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind} {self.thing}"
