"""Changes: what a department does because of an insight, and what the tracker it works in says of it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.changes.models.deciding import Decision
from openroads.changes.models.insights import Insight
from openroads.directory.encryption import EncryptedTextField
from openroads.directory.models import Department


class Change(models.Model):
    """What is done because of a yes, from its decision to the day it is live and what it brought."""

    class State(models.TextChoices):
        MAKING = "making", pgettext_lazy("change", "being made")
        LIVE = "live", pgettext_lazy("change", "live, not told yet")
        TOLD = "told", pgettext_lazy("change", "told, no verdict yet")
        MEASURED = "measured", pgettext_lazy("change", "measured again")
        STOPPED = "stopped", pgettext_lazy("change", "stopped")

    class Level(models.TextChoices):
        A = "A", pgettext_lazy("evidence level", "A: from the books")
        B = "B", pgettext_lazy("evidence level", "B: counted")
        C = "C", pgettext_lazy("evidence level", "C: estimated")
        D = "D", pgettext_lazy("evidence level", "D: told by somebody")

    number = models.PositiveIntegerField(_("number"), unique=True)
    insight = models.OneToOneField(Insight, on_delete=models.PROTECT, related_name="change")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="change")
    title = models.CharField(_("the change in a few words"), max_length=200)
    about = models.CharField(_("which products"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MAKING)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    first_due_on = models.DateField()
    due_on = models.DateField(_("due"))
    tracker_url = models.URLField(_("where the work is followed"), max_length=500, blank=True)
    tracker_key = models.CharField(_("its key there"), max_length=80, blank=True)
    live_on = models.DateField(_("live"), null=True, blank=True)
    live_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    what = models.CharField(_("what is different now"), max_length=500, blank=True)
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    proof_url = models.URLField(_("where the proof is"), max_length=500, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    cost_what = models.CharField(_("what it was spent on"), max_length=120, blank=True)
    yield_low = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    yield_base = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    yield_high = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    yield_what = models.CharField(max_length=120, blank=True)
    yield_level = models.CharField(max_length=1, choices=Level, blank=True)
    yield_by = models.CharField(max_length=80, blank=True)
    told_on = models.DateField(null=True, blank=True, help_text="the first message that left")
    measured_on = models.DateField(null=True, blank=True, help_text="the verdict that stands")
    stopped_on = models.DateField(null=True, blank=True)
    stopped_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("number",)
        indexes = [models.Index(fields=("state", "department"), name="changes_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="making", live_on__isnull=True)
                | models.Q(state="stopped")
                | models.Q(state__in=("live", "told", "measured"), live_on__isnull=False),
                name="live_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """How people call it: C-014."""
        return f"C-{self.number:03}"

    @property
    def is_being_made(self) -> bool:
        return self.state == self.State.MAKING

    @property
    def decided_on(self) -> date:
        """The day of the yes, in the house's zone."""
        return timezone.localdate(self.decision.decided_at)

    @property
    def is_postponed(self) -> bool:
        return self.due_on > self.first_due_on


class TrackerDoor(models.Model):
    """Where a tracker of the company tells what became of its issues, and what proves that it is it."""

    name = models.CharField(_("name"), max_length=80)
    public_id = models.CharField(max_length=40, unique=True)
    secret = EncryptedTextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("tracker")
        verbose_name_plural = _("trackers")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class TrackerMove(models.Model):
    """That an issue moved in its tracker. What is done there is a proposal here: a person says live."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="moves")
    door = models.ForeignKey(TrackerDoor, on_delete=models.CASCADE, related_name="+")
    deed = models.CharField(max_length=200, help_text="the sender’s own id of this message")
    status = models.CharField(max_length=80)
    is_done = models.BooleanField(default=False)
    came_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("move in a tracker")
        verbose_name_plural = _("moves in a tracker")
        ordering = ("came_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("door", "deed", "change"), name="a_move_is_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.change.code} {self.status}"
