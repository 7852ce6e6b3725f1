"""The tables of triage: rules in their order, and what they did with which post."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.models import Team
from openroads.directory.post_ids import PostId


class Rule(models.Model):
    """One rule of triage: what it is about, and what it does. Rules are asked in the order of their
    `position`; the first that says whether a post becomes a case decides that, and so for team, person,
    priority and second look, each apart. Empty conditions hold for every post."""

    class Does(models.TextChoices):
        OPEN = "open", pgettext_lazy("rule", "becomes a case")
        LEAVE = "leave", pgettext_lazy("rule", "becomes no case")
        ROUTE = "", pgettext_lazy("rule", "only says whose")

    class History(models.TextChoices):
        ANY = "", pgettext_lazy("rule", "anybody")
        NEW = "new", pgettext_lazy("rule", "who never wrote to us before")
        KNOWN = "known", pgettext_lazy("rule", "who wrote to us before")

    class Sender(models.TextChoices):
        ANY = "", pgettext_lazy("rule", "whether it was proven or not")
        PROVEN = "proven", pgettext_lazy("rule", "proven to be theirs")
        FALSE = "false", pgettext_lazy("rule", "shown not to be theirs")
        UNKNOWN = "unknown", pgettext_lazy("rule", "nobody checked it")

    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(
        _("place in the order"), default=500,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
        help_text=_("1 is asked first, 999 last."),
    )  # fmt: skip
    is_on = models.BooleanField(_("in use"), default=True)
    query = models.CharField(_("words"), max_length=2_000, blank=True)
    canonical = models.TextField(blank=True)
    addressed = models.BooleanField(
        _("only what is said to us"), default=False,
        help_text=_("Names one of our accounts, answers us, or came by mail or as a review."),
    )  # fmt: skip
    topics = models.JSONField(
        _("is about the topic"), default=list, blank=True, help_text="[number, what it was called when it was chosen]"
    )  # fmt: skip
    networks = models.JSONField(_("networks"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    moods = models.JSONField(_("tone"), default=list, blank=True)
    history = models.CharField(_("by whom"), max_length=8, choices=History, blank=True)
    sender = models.CharField(
        _("the address of a mail"), max_length=8, choices=Sender, blank=True, default=Sender.ANY,
        help_text=_("What your mail server found out about who sent it."),
    )  # fmt: skip
    days = models.JSONField(_("days"), default=list, blank=True)
    from_time = models.TimeField(_("from"), null=True, blank=True)
    to_time = models.TimeField(_("until"), null=True, blank=True)
    does = models.CharField(
        _("such a post"), max_length=8, choices=Does, blank=True, default=Does.OPEN
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("looked after by"),
    )  # fmt: skip
    priority = models.SmallIntegerField(
        _("priority"), null=True, blank=True,
        choices=[(1, _("first")), (0, _("usual")), (-1, _("last"))],
    )  # fmt: skip
    needs_approval = models.BooleanField(_("a second person looks first"), default=False)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class RuleRun(models.Model):
    """What the rules did with one post: which of them said what. Posts they did nothing with are not
    written down; there are too many."""

    post = PostId(unique=True)
    said_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now, db_index=True)
    case = models.ForeignKey("webcare.Case", on_delete=models.CASCADE, related_name="rule_runs")
    did = models.JSONField(
        default=list,
        help_text="[number of the rule, what it decided, topics it asked for and found]",
    )

    class Meta:
        verbose_name = _("run of rules")
        verbose_name_plural = _("runs of rules")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.post}: {self.did}"
