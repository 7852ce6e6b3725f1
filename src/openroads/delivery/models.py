"""The tables of delivery: jobs beside their tasks, workers, schedules, the out-tray, who is told outside
the house and who reads there, the accounts through which answers leave, and what people are told inside it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from openroads.delivery.keys.models import ApiKey
from openroads.directory.encryption import EncryptedTextField
from openroads.directory.models import Account, Person

__all__ = [
    "ApiKey", "Channel", "Delivery", "Endpoint", "Notice", "QueuedJob", "Schedule", "Worker",
]  # fmt: skip


class Worker(models.Model):
    """One running process that does jobs. Silent for too long, it counts as dead."""

    id = models.CharField(primary_key=True, max_length=32)
    host = models.CharField(max_length=200)
    pid = models.PositiveBigIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.host}, {self.pid}"


class QueuedJob(models.Model):
    """What a task lacks: a name, a key that is unique while unfinished, who asked, how to stop it.

    State, arguments, times and attempts stand in the task's own row and nowhere else.
    """

    task = models.OneToOneField(
        DBTaskResult, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    name = models.CharField(max_length=80, db_index=True)
    key = models.CharField(max_length=200, blank=True)
    open_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 (NULL = free again)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    again = models.BooleanField(default=False)
    failures = models.PositiveIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.key}".strip()


class Schedule(models.Model):
    """When a job of the time-table is due next. The table itself is in each room's schedule.py."""

    name = models.CharField(primary_key=True, max_length=80)
    rule = models.CharField(max_length=80)
    next_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.rule}"


class Endpoint(models.Model):
    """An address outside the house that is told what happens in it, signed with a secret of its own.

    After a new secret was made, the one before still signs too until `old_until`. An endpoint that was
    taken out stays, without its secrets, for the deliveries that name it.
    """

    name = models.CharField(_("name"), max_length=120)
    address = models.URLField(_("address"), max_length=500)
    events = models.JSONField(_("what it is told"), default=list)
    secret = EncryptedTextField()
    old_secret = EncryptedTextField(blank=True)
    old_until = models.DateTimeField(null=True, blank=True)
    is_on = models.BooleanField(_("is told"), default=True)
    why_off = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """An account of ours through which answers leave, as one way of `connectors.answering` asks it.

    `sources` are numbers of the archive; with none it answers whatever its networks bring.
    `characters` is what the very server lets an answer be, where it told so.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("account"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("name"), max_length=120, unique=True)
    told = models.JSONField(default=dict, help_text="settings of the way, without its secrets")
    secrets = EncryptedTextField(blank=True, help_text="the secret ones, as JSON")
    sources = models.JSONField(_("sources it answers"), default=list, blank=True)
    is_on = models.BooleanField(_("answers"), default=True)
    characters = models.PositiveIntegerField(null=True, blank=True)
    handle = models.CharField(_("who we are there"), max_length=200, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answering channel")
        verbose_name_plural = _("answering channels")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """Something that leaves the house: its state is the queue.

    A mail leaves once. A hook may arrive twice when a line breaks; both bear the same id, by which
    the other side knows them (Standard Webhooks). A reply leaves once too: what may have left is looked
    up at the network first. Of a reply `attempt_started_at` stays as long as nobody knows how it ended.
    """

    class Kind(models.TextChoices):
        MAIL = "mail", _("mail")
        HOOK = "hook", _("webhook")
        REPLY = "reply", _("answer")

    class State(models.TextChoices):
        DUE = "due", _("due")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        RETRY = "retry", _("to be tried again")
        REFUSED = "refused", _("refused")
        NEEDS_A_LOOK = "needs_a_look", _("needs a look")
        RECALLED = "recalled", _("taken back")
        LEFT = "left", _("left as it is")

    WAITING = (State.DUE, State.RETRY)

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    deed = models.CharField(max_length=200, unique=True)
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    draft = models.JSONField(null=True, blank=True, help_text="of a reply, without its picture")
    picture = models.BinaryField(null=True, blank=True)
    receipt_id = models.CharField(max_length=500, blank=True)
    receipt_url = models.URLField(_("address"), max_length=2_000, blank=True)
    recipient = models.CharField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DUE)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempt_started_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    proof = models.CharField(max_length=255, blank=True)
    last_error = models.CharField(_("what went wrong"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("due_at", "pk")
        indexes = [models.Index(fields=("state", "due_at"), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.deed}"

    @property
    def title(self) -> str:
        """What it is called in a list: its subject, of an answer how it begins, or its deed."""
        words = " ".join(str((self.draft or {}).get("text", "")).split())
        return self.subject or (words if len(words) <= 80 else f"{words[:79]}…") or self.deed

    @property
    def answered(self) -> str:
        """What an answer answers, as its network calls it: for who must look whether it stands there."""
        return str((self.draft or {}).get("reply_to", ""))


class Notice(models.Model):
    """Something a person is told inside the house, once a deed; it waits until they have seen it."""

    to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    deed = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-made_at", "-pk")
        constraints = [models.UniqueConstraint(fields=("to", "deed"), name="one_notice_a_deed")]
        indexes = [
            models.Index(
                fields=("to",), condition=models.Q(seen_at__isnull=True), name="notice_unseen"
            )
        ]

    def __str__(self) -> str:
        return self.title
