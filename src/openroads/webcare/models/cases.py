"""Cases, and the order in which they are worked."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.models import Team
from openroads.directory.post_ids import PostId
from openroads.webcare.models.contacts import Identity

CLAIM = timedelta(minutes=30)
"""How long a claim holds after its owner was last there."""

NOT_CLOSED = models.Q(closed_at=None)
"""Which cases are not closed, as a database can see from one column."""
CLOSED = models.Q(closed_at__isnull=False)
"""TRICKY: an index of every `closed_at` would hold the open ones too, side by side, and SQLite would rather
find them there and sort than walk an index that has them in order."""
NO_CLOCK = models.ExpressionWrapper(
    models.Q(due_at__isnull=True), output_field=models.BooleanField()
)
IN_ORDER = (models.F("priority").desc(), NO_CLOCK, "due_at", "opened_at", "id")
"""The order in which cases are worked: the first in order, what is due, then what has no clock, the oldest
first. TRICKY: `nulls_last=True` says the same, but SQLite has no index for it."""


class Case(models.Model):
    """A conversation of ours with one person about one thing, from their first word until it is closed.

    It is a thread of a network and who began it: one person who asks twice in a thread has one case, two
    people who ask in one thread have two. A word of theirs after it was closed opens it again, in a new
    `cycle`: figures count cycles. `waiting_since` is when the first word came in that nobody answered yet.
    """

    class Kind(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("case", "public")
        PRIVATE = "private", pgettext_lazy("case", "private")
        REVIEW = "review", pgettext_lazy("case", "review")

    class State(models.TextChoices):
        TODO = "todo", pgettext_lazy("case", "to do")
        WAITING = "waiting", pgettext_lazy("case", "waits for them")
        SNOOZED = "snoozed", pgettext_lazy("case", "snoozed")
        CLOSED = "closed", pgettext_lazy("case", "closed")

    class Ending(models.TextChoices):
        ANSWERED = "answered", pgettext_lazy("case", "answered")
        NO_ANSWER = "no_answer", pgettext_lazy("case", "needs no answer")
        SPAM = "spam", pgettext_lazy("case", "spam")
        MERGED = "merged", pgettext_lazy("case", "part of another")

    OPEN = (State.TODO, State.WAITING, State.SNOOZED)

    identity = models.ForeignKey(
        Identity, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    network = models.CharField(_("network"), max_length=40)
    source = models.PositiveIntegerField(help_text="number of the source in the archive")
    thread = models.CharField(max_length=300, help_text="native id of what the thread begins with")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PUBLIC)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.TODO)
    cycle = models.PositiveSmallIntegerField(default=1)
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text="1: first; 0: usual; -1: last"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"), db_index=False,
    )  # fmt: skip
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("looked after by"), db_index=False,
    )  # fmt: skip
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claim_until = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    intent = models.CharField(
        max_length=12, blank=True, help_text="of their first word in the cycle"
    )
    mood = models.SmallIntegerField(default=-128)
    brand = models.PositiveIntegerField(null=True, blank=True)
    product = models.PositiveIntegerField(null=True, blank=True)
    topics = models.JSONField(default=list, blank=True)
    needs_approval = models.BooleanField(_("a second person looks first"), default=False)
    opened_at = models.DateTimeField(default=timezone.now)
    first_in_at = models.DateTimeField(null=True, blank=True, help_text="of this cycle")
    last_in_at = models.DateTimeField(null=True, blank=True)
    last_in = PostId(null=True, blank=True)
    last_out_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    first_reply_at = models.DateTimeField(null=True, blank=True, help_text="in this cycle")
    snoozed_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_for = models.CharField(max_length=12, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,
    )  # an index of its own, of the few that are: SQLite takes "merged_into IS NULL" for a rare thing
    insight = models.CharField(
        max_length=12, blank=True, help_text="code of the insight it is evidence of"
    )
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        # Nearly every case is closed. What the inbox asks many times a minute stands in indexes that hold
        # the open ones alone, in the order of `queries.in_order`; a question finds them when it says
        # `closed_at=None`, in these words on both databases. Identity, team and person have none but these:
        # SQLite would rather take a plain one and sort.
        indexes = [
            models.Index(
                "state", *IN_ORDER, condition=NOT_CLOSED, name="cases_of_a_state_in_order"
            ),
            models.Index(*IN_ORDER, condition=NOT_CLOSED, name="cases_open_in_order"),
            models.Index(fields=("state", "due_at"), condition=NOT_CLOSED, name="cases_due"),
            models.Index(
                fields=("state", "waiting_since"), condition=NOT_CLOSED, name="cases_waiting"
            ),
            models.Index(
                fields=("team", "state", "due_at"), condition=NOT_CLOSED, name="cases_of_a_team"
            ),
            models.Index(
                fields=("assignee", "state", "due_at"),
                condition=NOT_CLOSED,
                name="cases_of_a_person",
            ),
            models.Index(fields=("identity", "opened_at"), name="cases_of_an_identity"),
            models.Index(
                fields=("merged_into",),
                condition=models.Q(merged_into__isnull=False),
                name="cases_merged",
            ),
            models.Index(fields=("closed_at",), condition=CLOSED, name="cases_closed"),
            models.Index(
                fields=("team", "closed_at"), condition=CLOSED, name="cases_closed_of_a_team"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("network", "thread", "identity"), condition=models.Q(merged_into=None),
                name="one_case_a_thread_and_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                name="a_closed_case_has_its_moment",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """How colleagues call it: #1042."""
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    def held_by(self, now: datetime) -> Any:
        """Who has claimed it and still holds it; None when it is free."""
        holds = self.claim_until is not None and self.claim_until > now
        return self.claimed_by if holds else None
