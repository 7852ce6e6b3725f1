"""The tables of answering: who people are to us, their cases, what was said and done in each, and drafts.

Words of people outside stand in the archive and nowhere here: a message of theirs is the id of a post.
So what is erased, edited or kept no longer there is so here too, at the same moment.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.delivery.models import Delivery
from openroads.directory.models import AppendOnly, Team
from openroads.directory.post_ids import PostId
from openroads.webcare.approach import models as approach  # noqa: F401 (its tables)
from openroads.webcare.clocks import models as clocks  # noqa: F401 (its tables)
from openroads.webcare.help import models as help  # noqa: F401 (its tables)
from openroads.webcare.satisfaction import models as satisfaction  # noqa: F401 (its tables)
from openroads.webcare.saved import models as saved  # noqa: F401 (its tables)

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


class Contact(models.Model):
    """Somebody outside who wrote to us. What we call them and every word of theirs stands in the archive.

    Of two that are the same person one is `merged_into` the other; the row stays, so that it can be undone.
    """

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(
                fields=("merged_into",),
                condition=models.Q(merged_into__isnull=False),
                name="contacts_merged",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Identity(models.Model):
    """An account of a contact on a network. `author` is the archive's key of it, from which no name
    can be worked out; `verified_how` says by what we know that it is theirs (empty: by itself)."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="identities")
    network = models.CharField(_("network"), max_length=40)
    author = PostId()
    verified_how = models.CharField(max_length=200, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_why = models.CharField(_("why"), max_length=200, blank=True)
    moved_from = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="whose it was before two contacts became one",
    )  # fmt: skip

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(fields=("network", "author"), name="one_identity_an_author")
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.author}"


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


class Message(models.Model):
    """One word of theirs, of ours, or between colleagues, in its order within a case.

    Two clocks: `said_at` is the network's, for reading; `received_at` is ours, for everything that counts
    time. Of theirs only the post is kept. What we say leaves by its `delivery`, whose state is the state of the
    message; one answered at the network itself has none, and a person says so or the network's post is seen.
    """

    class Kind(models.TextChoices):
        THEIRS = "theirs", pgettext_lazy("message", "theirs")
        OURS = "ours", pgettext_lazy("message", "ours")
        NOTE = "note", pgettext_lazy("message", "note")

    class Approval(models.TextChoices):
        NONE = "", pgettext_lazy("approval", "none asked")
        ASKED = "asked", pgettext_lazy("approval", "waits for a second person")
        GIVEN = "given", pgettext_lazy("approval", "approved")
        REFUSED = "refused", pgettext_lazy("approval", "sent back")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField()
    cycle = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=Kind)
    private = models.BooleanField(default=False)
    post = PostId(null=True, blank=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(max_length=20_000, blank=True)
    language = models.CharField(max_length=12, blank=True)
    mentions = models.JSONField(default=list, blank=True, help_text="numbers of colleagues")
    helped_by = models.JSONField(
        default=list, blank=True, help_text="what it was made with: article 12, reply 3"
    )
    delivery = models.OneToOneField(
        Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    approval = models.CharField(max_length=8, choices=Approval, blank=True, default=Approval.NONE)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approval_why = models.CharField(max_length=300, blank=True)
    then = models.CharField(
        max_length=8, blank=True, help_text="the state of the case once it has left"
    )
    picture = models.BinaryField(null=True, blank=True, editable=False)
    picture_kind = models.CharField(max_length=20, blank=True)
    picture_name = models.CharField(max_length=100, blank=True)
    picture_alt = models.TextField(max_length=1_000, blank=True)
    elsewhere_url = models.TextField(blank=True, help_text="where we answered, outside this house")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("case", "seq")
        constraints = [
            models.UniqueConstraint(fields=("case", "seq"), name="messages_stand_in_order"),
            models.UniqueConstraint(
                fields=("post",), condition=models.Q(post__isnull=False), name="a_post_is_in_one_case"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=("case",), condition=models.Q(approval="asked"), name="messages_to_approve"
            ),
            # What was written here, to be looked through from the newest on.
            models.Index(
                fields=("id",), condition=models.Q(by__isnull=False), name="messages_written_here"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.seq}"


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


class Draft(models.Model):
    """What somebody was writing in a case: kept as they type, given back when they return. `seen` is the
    last message they had before them when they began."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=20_000, blank=True)
    kind = models.CharField(max_length=8, default="public", help_text="public, private or note")
    helped_by = models.JSONField(default=list, blank=True)
    seen = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=("case", "by"), name="one_draft_a_case_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} by {self.by_id}"


class Presence(models.Model):
    """That somebody has a case before them, or writes in it, until a moment: one row each, so that no
    two overwrite each other."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    writes = models.BooleanField(default=False)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(
                fields=("case", "person"), name="one_presence_a_case_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id}"


class Intake(models.Model):
    """How far the archive was read for what needs an answer: one row. Everything collected up to
    `collected_at` and `post` was looked at."""

    collected_at = models.DateTimeField()
    post = PostId(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_intake")]

    def __str__(self) -> str:
        return f"{self.collected_at:%Y-%m-%d %H:%M}"


# The tables of the rooms within this one, so that Django finds them.
from openroads.webcare.rules.models import Rule, RuleRun  # noqa: E402

__all__ = [
    "Case", "CaseEvent", "Contact", "Draft", "Identity", "Intake", "Message", "Presence", "Rule",
    "RuleRun",
]  # fmt: skip
