"""Successes: what social media brought, and how well it is known; spotlights: a colleague shown to all.

Where something came from is kept as room, id and address, without a foreign key: the rooms on this landing
do not know each other. What people outside said stands in the archive and nowhere else, so nothing here
holds their words or their names.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PERSON = settings.AUTH_USER_MODEL


class Success(models.Model):
    """One thing that social media brought, told in a colleague's own words."""

    class Kind(models.TextChoices):
        DEAL = "deal", pgettext_lazy("success", "deal")
        QUOTE = "quote", pgettext_lazy("success", "quote asked for")
        LEAD = "lead", pgettext_lazy("success", "lead")
        HIRE = "hire", pgettext_lazy("success", "hire")
        SPARED = "spared", pgettext_lazy("success", "cost spared")
        TALK = "talk", pgettext_lazy("success", "invitation to speak")
        PRESS = "press", pgettext_lazy("success", "in the press")
        CONVERSATION = "conversation", pgettext_lazy("success", "good conversation")
        PRAISE = "praise", pgettext_lazy("success", "compliment")
        OTHER = "other", pgettext_lazy("success", "something else")

    class Level(models.TextChoices):
        A = "A", pgettext_lazy("success", "A: it stands in the books")
        B = "B", pgettext_lazy("success", "B: the customer says so")
        C = "C", pgettext_lazy("success", "C: the colleague says so")
        D = "D", pgettext_lazy("success", "D: an estimate")

    class Tell(models.TextChoices):
        NOBODY = "nobody", pgettext_lazy("success", "nobody")
        COLLEAGUES = "colleagues", pgettext_lazy("success", "colleagues")
        OUTSIDE = "outside", pgettext_lazy("success", "people outside, too")

    class Currency(models.TextChoices):
        EUR = "EUR", "€"
        GBP = "GBP", "£"
        USD = "USD", "$"

    number = models.PositiveIntegerField(_("number"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("what happened, in one sentence"), max_length=160)
    story = models.TextField(_("the story"), max_length=4_000, blank=True)
    on = models.DateField(_("day"))
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("how it is known"), max_length=1, choices=Level)
    proof = models.CharField(_("where that can be seen"), max_length=300, blank=True)
    low = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    base = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, choices=Currency, default=Currency.EUR)

    tell = models.CharField(
        _("who may hear of it"), max_length=10, choices=Tell, default=Tell.NOBODY
    )
    tell_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tell_at = models.DateTimeField(null=True, blank=True)
    tell_how = models.CharField(_("how people outside agreed"), max_length=300, blank=True)

    origin_room = models.CharField(max_length=30, blank=True)
    origin_id = models.CharField(max_length=60, blank=True)
    origin_url = models.TextField(blank=True)

    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(
        default=1, help_text="goes up with each correction, so that nobody confirms what they did not read"
    )  # fmt: skip
    confirmed_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("success")
        verbose_name_plural = _("successes")
        ordering = ("-on", "-pk")
        indexes = [models.Index(fields=("-on", "-id"), name="successes_latest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=("origin_room", "origin_id", "owner"),
                condition=models.Q(withdrawn_at=None) & ~models.Q(origin_id=""),
                name="one_success_each_of_an_origin",
            ),
            models.CheckConstraint(
                condition=models.Q(low=None, base=None, high=None)
                | models.Q(low__gte=0, base__gte=models.F("low"), high__gte=models.F("base")),
                name="a_success_has_three_amounts_in_order_or_none",
            ),
            models.CheckConstraint(
                condition=models.Q(tell="nobody") | models.Q(tell_by__isnull=False),
                name="a_success_is_told_when_somebody_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    @property
    def code(self) -> str:
        """How people call it: S-012."""
        return f"S-{self.number:03}"

    @property
    def needs_confirming(self) -> bool:
        """Whether it is said to be known from others, and nobody has looked yet."""
        hard = self.level in (self.Level.A, self.Level.B)
        return hard and self.confirmed_at is None and self.withdrawn_at is None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def amounts(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """Low, base and high; None when nobody knows what it brought in money."""
        if self.low is None or self.base is None or self.high is None:
            return None
        return self.low, self.base, self.high


class Spotlight(models.Model):
    """A colleague whom all colleagues see for some days, because of what they did. Shown after their own
    yes, and never without it; the words they said yes to are never changed."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("spotlight", "waits for their yes")
        YES = "yes", pgettext_lazy("spotlight", "they said yes")
        NO = "no", pgettext_lazy("spotlight", "they would rather not")
        STEPPED_OUT = "stepped_out", pgettext_lazy("spotlight", "they stepped out")
        CALLED_OFF = "called_off", pgettext_lazy("spotlight", "called off")

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(_("why"), max_length=600)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), help_text="not shown any more on this day")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ASKED)
    success = models.ForeignKey(
        Success, on_delete=models.PROTECT, null=True, blank=True, related_name="spotlights"
    )
    origin_room = models.CharField(max_length=30, blank=True)
    origin_id = models.CharField(max_length=60, blank=True)
    origin_url = models.TextField(blank=True)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("spotlight")
        verbose_name_plural = _("spotlights")
        ordering = ("-since", "-pk")
        indexes = [
            models.Index(fields=("state", "until"), name="spotlights_shown"),
            models.Index(fields=("origin_room", "origin_id"), name="spotlights_of_an_origin"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="a_spotlight_has_a_day"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="yes") | models.Q(answered_at__isnull=False),
                name="a_spotlight_shines_after_a_yes",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer or is, or will be, shown."""
        return self.state in (self.State.ASKED, self.State.YES)
