"""The log of what happened in cases: append-only."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.models import AppendOnly, Team
from openroads.webcare.models.cases import Case
from openroads.webcare.models.messages import Message


class CaseEvents(models.QuerySet["CaseEvent"]):
    """Reading only: what happened is never changed."""

    def update(self, **_: Any) -> int:
        raise AppendOnly("What happened in a case is never changed.")


class CaseEvent(models.Model):
    """What happened in a case, when, and by whom or what: the one source of every figure of webcare.

    The team is the one the case was in at that moment, so that moving people rewrites no history. `data`
    holds ids and words of ours, never words of people outside.
    """

    class Type(models.TextChoices):
        OPENED = "opened", pgettext_lazy("event", "opened it")
        CAME_IN = "came_in", pgettext_lazy("event", "they wrote")
        REPLIED = "replied", pgettext_lazy("event", "answered")
        TOOK_BACK = "took_back", pgettext_lazy("event", "took an answer back")
        FAILED = "failed", pgettext_lazy("event", "an answer did not leave")
        NOTED = "noted", pgettext_lazy("event", "made a note")
        CLAIMED = "claimed", pgettext_lazy("event", "claimed it")
        RELEASED = "released", pgettext_lazy("event", "let it go")
        TAKEN_OVER = "taken_over", pgettext_lazy("event", "took it over")
        HANDED = "handed", pgettext_lazy("event", "handed it over")
        SNOOZED = "snoozed", pgettext_lazy("event", "snoozed it")
        WOKE = "woke", pgettext_lazy("event", "brought it back")
        WAITS = "waits", pgettext_lazy("event", "waits for them")
        CLOSED = "closed", pgettext_lazy("event", "closed it")
        REOPENED = "reopened", pgettext_lazy("event", "opened it again")
        THANKS = "thanks", pgettext_lazy("event", "said that no answer is needed")
        MERGED = "merged", pgettext_lazy("event", "took another case in")
        SPLIT = "split", pgettext_lazy("event", "split it")
        APPROVAL = "approval", pgettext_lazy("event", "approval")
        ASKED = "asked", pgettext_lazy("event", "asked a colleague")
        COLLEAGUE = "colleague", pgettext_lazy("event", "a colleague answered")
        SURVEYED = "surveyed", pgettext_lazy("event", "asked how satisfied they are")
        SCORED = "scored", pgettext_lazy("event", "they gave a score")
        LINKED = "linked", pgettext_lazy("event", "made it evidence of an insight")
        PRIORITY = "priority", pgettext_lazy("event", "changed its priority")
        SUCCESS = "success", pgettext_lazy("event", "made a success of it")
        SPOTLIGHT = "spotlight", pgettext_lazy("event", "asked a colleague into the spotlight")

    class Actor(models.TextChoices):
        HUMAN = "human", pgettext_lazy("actor", "a colleague")
        RULE = "rule", pgettext_lazy("actor", "a rule")
        HOUSE = "house", pgettext_lazy("actor", "the house")
        CUSTOMER = "customer", pgettext_lazy("actor", "they")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    cycle = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=12, choices=Type)
    at = models.DateTimeField()
    actor = models.CharField(max_length=8, choices=Actor)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    network = models.CharField(max_length=40, blank=True)
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)

    objects = CaseEvents.as_manager()

    class Meta:
        verbose_name = _("event of a case")
        verbose_name_plural = _("events of cases")
        ordering = ("at", "pk")
        indexes = [
            models.Index(fields=("case", "at"), name="events_of_a_case"),
            models.Index(fields=("type", "at"), name="events_of_a_type"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.type}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("What happened in a case is never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)
