"""The tables of satisfaction: on which networks people are asked, and each question with its answer."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.delivery.models import Delivery

ANSWERABLE = timedelta(days=14)
"""How long a question can be answered, and how long nobody is asked again."""
LONGEST_COMMENT = 1000


class SurveySetting(models.Model):
    """Whether people are asked on a network, how long after their case was closed, and whether also where
    only a public answer can reach them."""

    network = models.CharField(_("network"), max_length=40, unique=True)
    on = models.BooleanField(_("ask people here"), default=False)
    also_public = models.BooleanField(_("also in public"), default=False)
    on_since = models.DateTimeField(null=True, blank=True)
    delay_minutes = models.PositiveIntegerField(_("minutes after closing"), default=60)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "webcare"
        verbose_name = _("setting of the question")
        verbose_name_plural = _("settings of the question")
        ordering = ("network",)

    def __str__(self) -> str:
        return self.network


class Survey(models.Model):
    """One question about one cycle: asked, or not and why. It is no message of the case: whether it leaves is
    nobody's wait. The comment is of somebody outside: it is shown in its case only, and goes with
    `satisfaction.actions.forget`."""

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("survey", "on its way")
        ASKED = "asked", pgettext_lazy("survey", "asked")
        NOT_ASKED = "not_asked", pgettext_lazy("survey", "not asked")

    class Why(models.TextChoices):
        NONE = "", ""
        RECENTLY = "recently", _("asked in the last 14 days")
        WINDOW = "window", _("the network takes no message any more")
        PUBLIC = "public", _("only in public, and that is not switched on")
        CHANNEL = "channel", _("no account can answer there")
        BLOCKED = "blocked", _("they are blocked")
        GONE = "gone", _("their words are not there any more")
        FAILED = "failed", _("it did not leave")

    case = models.ForeignKey("webcare.Case", on_delete=models.CASCADE, related_name="surveys")
    cycle = models.PositiveSmallIntegerField()
    contact = models.ForeignKey("webcare.Contact", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    why = models.CharField(max_length=10, choices=Why, blank=True, default=Why.NONE)
    at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=12, blank=True)
    delivery = models.OneToOneField(
        Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    private = models.BooleanField(default=True)
    given = models.PositiveSmallIntegerField(default=0, help_text="how often a score was given")
    score = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(max_length=LONGEST_COMMENT, blank=True)
    scored_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("question about satisfaction")
        verbose_name_plural = _("questions about satisfaction")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("contact", "at"), name="surveys_of_a_contact")]
        constraints = [
            models.UniqueConstraint(fields=("case", "cycle"), name="one_survey_a_cycle"),
            models.CheckConstraint(
                condition=models.Q(score=None) | models.Q(score__range=(1, 5)),
                name="a_score_is_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.cycle}"

    def can_be_answered(self, now: datetime) -> bool:
        """Whether its address still works."""
        sent = self.state in (self.State.QUEUED, self.State.ASKED)
        return sent and now < self.at + ANSWERABLE
