"""The tables of how we answer: approaches, which case goes by which, questions to colleagues, their mailbox."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.encryption import EncryptedTextField
from openroads.directory.models import Department

OPEN_FOR = timedelta(days=14)
"""How long a colleague's way to answer is open."""
MAILBOX = 1
"""There is one mailbox for colleagues' answers; its row has this key."""


def new_key() -> str:
    return get_random_string(24)


class Approach(models.Model):
    """How one kind of question or complaint of one kind of people is answered, by whom and how soon.

    `words` are what such a question says (each separated by a comma); `intent` what kind of post it is. They find
    the approach of a case; a person may choose another.
    """

    class Intent(models.TextChoices):
        ANY = "", pgettext_lazy("intent", "whatever kind")
        QUESTION = "question", pgettext_lazy("intent", "a question")
        COMPLAINT = "complaint", pgettext_lazy("intent", "a complaint")
        PRAISE = "praise", pgettext_lazy("intent", "praise")

    name = models.CharField(_("kind of question or complaint"), max_length=120)
    people = models.CharField(_("of whom"), max_length=120)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("department that owns it"),
    )  # fmt: skip
    role = models.CharField(_("who there"), max_length=120, blank=True)
    steps = models.TextField(_("steps"), max_length=3_000, blank=True)
    tone = models.CharField(_("tone of voice"), max_length=300, blank=True)
    legal = models.TextField(_("legal notes"), max_length=2_000, blank=True)
    target = models.CharField(_("target in words"), max_length=200, blank=True)
    minutes = models.PositiveIntegerField(_("first answer within minutes"), null=True, blank=True)
    intent = models.CharField(_("kind of post"), max_length=10, choices=Intent, blank=True)
    words = models.CharField(_("words it is known by"), max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("approach")
        verbose_name_plural = _("approaches")
        ordering = ("people", "name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("name", "people"), condition=Q(ended_at=None), name="one_approach_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.people}"

    @property
    def steps_in_order(self) -> list[str]:
        """Each step, without the sign it was listed with."""
        lines = (line.strip().removeprefix("- ").strip() for line in self.steps.splitlines())
        return [line for line in lines if line]


class CaseApproach(models.Model):
    """By which approach a case is answered; `by` is empty where its words said so."""

    case = models.OneToOneField("webcare.Case", on_delete=models.CASCADE, related_name="+")
    approach = models.ForeignKey(Approach, on_delete=models.CASCADE, related_name="cases")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "webcare"
        verbose_name = _("approach of a case")
        verbose_name_plural = _("approaches of cases")

    def __str__(self) -> str:
        return f"{self.case_id} {self.approach_id}"


class ColleagueQuestion(models.Model):
    """What a colleague was asked about a case, and what they said. They need no right in the house: who
    holds the signed address in the mail may answer, until it is closed or too long ago.

    `to` is empty for an address of ours that nobody signs in with. `key` is secret: their address and the
    number of our mail are made with it.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("colleague question", "waits")
        ANSWERED = "answered", pgettext_lazy("colleague question", "answered")
        WITHDRAWN = "withdrawn", pgettext_lazy("colleague question", "withdrawn")
        EXPIRED = "expired", pgettext_lazy("colleague question", "too long ago")

    class How(models.TextChoices):
        LINK = "link", pgettext_lazy("how answered", "by the link")
        MAIL = "mail", pgettext_lazy("how answered", "by mail")

    case = models.ForeignKey("webcare.Case", on_delete=models.CASCADE, related_name="questions")
    cycle = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    address = models.EmailField(_("mail address"))
    words = models.TextField(_("question"), max_length=4_000)
    due_on = models.DateField(_("answer by"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was first answered, withdrawn or too long ago"
    )
    answer = models.TextField(_("answer"), max_length=8_000, blank=True)
    how = models.CharField(_("how answered"), max_length=4, choices=How, blank=True)
    answered_from = models.EmailField(blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_on = models.DateField(null=True, blank=True)
    key = models.CharField(max_length=24, default=new_key, editable=False)

    class Meta:
        app_label = "webcare"
        verbose_name = _("question to a colleague")
        verbose_name_plural = _("questions to colleagues")
        ordering = ("asked_at", "pk")
        indexes = [
            models.Index(fields=("state", "due_on"), name="colleague_questions_due"),
            models.Index(fields=("case", "asked_at"), name="colleague_questions_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.address}"

    @property
    def open_until(self) -> datetime:
        """The moment after which the address in the mail opens nothing."""
        return self.asked_at + OPEN_FOR

    @property
    def whom(self) -> str:
        """Who was asked, as a colleague calls them."""
        return str(self.to) if self.to else self.address


class AnswerMailbox(models.Model):
    """One row: the mailbox in which colleagues' answers by mail arrive, and how far it was read."""

    is_on = models.BooleanField(_("is read"), default=True)
    address = models.EmailField(_("its mail address"))
    server = models.CharField(_("IMAP server"), max_length=200)
    user = models.CharField(_("user name"), max_length=200)
    password = EncryptedTextField(_("app password"))
    folder = models.CharField(_("folder"), max_length=80, default="INBOX")
    validity = models.PositiveBigIntegerField(default=0)
    uid = models.PositiveBigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("mailbox of colleagues")
        verbose_name_plural = _("mailbox of colleagues")
        constraints = [
            models.CheckConstraint(condition=Q(pk=MAILBOX), name="there_is_one_answer_mailbox")
        ]

    def __str__(self) -> str:
        return self.address
