"""Patterns and what people make of them, who wants to be alerted to what, and how well this works."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.company import Brand, Product
from openroads.directory.models import Team
from openroads.listening.topics.models import Topic


class Pattern(models.Model):
    """A stretch of time in which a series of posts was louder (or quieter) than was to be expected.

    Figures and words only, no post: what people said is read afresh whenever it is shown.
    """

    class Side(models.TextChoices):
        LOUDER = "louder", _("louder")
        QUIETER = "quieter", _("quieter")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("pattern", "lasts")
        ENDED = "ended", pgettext_lazy("pattern", "over")

    class Grain(models.TextChoices):
        HOUR = "hour", _("by the hour")
        DAY = "day", _("by the day")
        WEEK = "week", _("by the week")

    series = models.CharField(max_length=220, db_index=True, help_text="topic:3, word:winter")
    what = models.CharField(max_length=12)
    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    network = models.CharField(max_length=30, blank=True)
    word = models.CharField(max_length=200, blank=True, help_text="the term's grouping key")
    shown = models.CharField(max_length=200, blank=True)
    side = models.CharField(max_length=8, choices=Side, default=Side.LOUDER)
    grain = models.CharField(max_length=5, choices=Grain, default=Grain.DAY)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN, db_index=True)
    since = models.DateTimeField(db_index=True)
    until = models.DateTimeField(help_text="the end of the last moment that stood out")
    posts = models.PositiveIntegerField(default=0)
    mean = models.FloatField(default=0.0, help_text="posts to be expected in that stretch")
    low = models.FloatField(default=0.0)
    high = models.FloatField(default=0.0)
    chance = models.FloatField(
        default=1.0, help_text="of its oddest moment, were nothing the matter"
    )
    people = models.PositiveIntegerField(null=True, blank=True)
    nameless = models.PositiveIntegerField(default=0)
    by_one = models.PositiveIntegerField(default=0, help_text="posts of whoever wrote most")
    copies = models.PositiveIntegerField(default=0)
    reposts = models.PositiveIntegerField(default=0)
    networks = models.JSONField(default=list, help_text="[[network, posts], ...]")
    words = models.JSONField(
        default=list, help_text="[[key, shown, language, posts, expected], ...]"
    )
    why = models.JSONField(default=list, help_text="[{kind, on, told}, ...]")
    in_time = models.BooleanField(
        default=True, help_text="whether it was there when the posts came in, or only afterwards"
    )
    found_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("pattern")
        verbose_name_plural = _("patterns")
        ordering = ("-since", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("series", "side"),
                condition=Q(state="open"),
                name="one_open_pattern_of_a_series",
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.side} {self.since:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def excess(self) -> float:
        """Posts beyond what was expected (short of it: below nought)."""
        return self.posts - self.mean

    @property
    def size(self) -> float:
        """How loud it is among others: posts beyond the upper end of what was expected."""
        return self.posts - self.high if self.side == self.Side.LOUDER else self.low - self.posts


class PatternReading(models.Model):
    """That a person has seen a pattern, and what they made of it."""

    class Verdict(models.TextChoices):
        NONE = "", _("not said")
        USEFUL = "useful", _("good to know")
        NOT_INTERESTING = "not", _("not interesting")

    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(auto_now_add=True)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True, default=Verdict.NONE)
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("reading of a pattern")
        verbose_name_plural = _("readings of patterns")
        ordering = ("pattern", "seen_at")
        constraints = [
            models.UniqueConstraint(
                fields=("pattern", "person"), name="one_reading_of_a_pattern_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pattern_id}: {self.person_id} {self.verdict}"


class AlertRule(models.Model):
    """Who wants to be alerted to what: a person, or everybody in a team."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("team"),
    )  # fmt: skip
    series = models.CharField(_("what"), max_length=220, blank=True, help_text="empty: anything")
    least = models.PositiveIntegerField(_("at least so many posts"), default=10)
    mail = models.BooleanField(_("by mail too"), default=False)
    hook = models.BooleanField(_("tell webhooks"), default=False)
    quiet_from = models.TimeField(_("silent from"), null=True, blank=True)
    quiet_until = models.TimeField(_("silent until"), null=True, blank=True)
    paused = models.BooleanField(_("paused"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True)
                | Q(person__isnull=True, team__isnull=False),
                name="an_alert_is_for_a_person_or_a_team",
            )
        ]

    def __str__(self) -> str:
        return f"{self.series or 'anything'} for {self.person or self.team}"


class Alert(models.Model):
    """One thing told by one rule about one pattern: that it began, doubled, or is over."""

    class Stage(models.TextChoices):
        BEGAN = "began", _("began")
        DOUBLED = "doubled", _("doubled")
        OVER = "over", pgettext_lazy("pattern", "over")

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="alerts")
    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="alerts")
    stage = models.CharField(max_length=8, choices=Stage)
    posts = models.PositiveIntegerField(help_text="how many there were when it was told")
    people = models.PositiveIntegerField(default=0, help_text="how many people were told")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "listening"
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("rule", "pattern", "stage", "posts"), name="told_once_of_a_size"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pattern_id} {self.stage}"


class Look(models.Model):
    """One look at all series: when, how many, and what could not be counted."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    upto = models.DateField(help_text="the last day that was looked at")
    series = models.PositiveIntegerField(default=0)
    hourly = models.PositiveIntegerField(default=0, help_text="of these also by the hour")
    seconds = models.FloatField(default=0.0)
    left_out = models.JSONField(default=list, help_text="sources too young to compare")
    deaf = models.JSONField(default=list, help_text="networks that fell silent")

    class Meta:
        app_label = "listening"
        verbose_name = _("look at the series")
        verbose_name_plural = _("looks at the series")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class BackTest(models.Model):
    """How well bursts are found on this company's own history: counted, not claimed. One without alarms
    says that nothing could be counted: too few weeks, or by the hour no series with enough posts."""

    grain = models.CharField(max_length=4, choices=Pattern.Grain, default=Pattern.Grain.DAY)
    made_at = models.DateTimeField(default=timezone.now)
    since = models.DateField()
    until = models.DateField()
    series = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    chance = models.FloatField(help_text="the threshold that is used")
    alarms = models.JSONField(help_text="a row per threshold")
    found = models.JSONField(help_text="a row per threshold and size")
    seconds = models.FloatField(default=0.0)

    class Meta:
        app_label = "listening"
        verbose_name = _("back-test")
        verbose_name_plural = _("back-tests")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"

    @property
    def weeks(self) -> int:
        """Whole weeks it spans."""
        return (self.until - self.since).days // 7
