"""Asking a colleague about a case: the question, its reminders, and taking it back."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from openroads.connectors.plain import clean
from openroads.delivery.actions import post_mail
from openroads.delivery.notices import language_of, notify
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.directory.policy import require
from openroads.webcare.actions.claiming import check_not_merged
from openroads.webcare.approach import policy, queries
from openroads.webcare.approach.mails import mail_of
from openroads.webcare.approach.models import OPEN_FOR, ColleagueQuestion
from openroads.webcare.approach.tokens import REMINDERS, deed_of, reply_address
from openroads.webcare.happening import Actor, Type, happened
from openroads.webcare.models import Case, Message
from openroads.webcare.settling import add_message

State = ColleagueQuestion.State
APART = timedelta(days=2)
"""Days between two reminders."""


@transaction.atomic
def ask_colleague(
    *, by: Person, case: Case, words: str, due_on: date, to: Person | None = None, address: str = ""
) -> ColleagueQuestion:
    """Ask a colleague about a case, by mail: somebody by name, or an address of our own company. They read
    these words and nothing else of the case.

    Raises ValidationError without words, without anybody, for an address elsewhere, and for a day that is
    over or later than the way to answer is open.
    """
    require(by, policy.may_ask, case)
    check_not_merged(case)
    asked = clean(words)
    if not asked:
        raise ValidationError({"words": _("Say what you want to know.")})
    address = to.email if to else _of_ours(address)
    today = timezone.localdate()
    if not today <= due_on <= today + OPEN_FOR - timedelta(days=1):
        raise ValidationError({"due_on": _("Choose a day within two weeks.")})
    to = to or Person.objects.filter(email__iexact=address, is_active=True, is_system=False).first()
    now = timezone.now()
    question = ColleagueQuestion.objects.create(
        case=case, cycle=case.cycle, asked_by=by, to=to, address=address, words=asked[:4_000],
        due_on=due_on, asked_at=now,
    )  # fmt: skip
    note = add_note(question, by=by, text=asked, key=f"colleague-question-{question.pk}", now=now)
    happened(case, Type.ASKED, by=by, at=now, message=note, question=question.pk)
    trail.record(by, "asked a colleague", question, number=case.code, until=due_on)
    send_mail(question)
    return question


@transaction.atomic
def withdraw_question(*, by: Person, question: ColleagueQuestion) -> None:
    """Take a question back: its address opens nothing any more."""
    require(by, policy.may_withdraw, question)
    if end_question(question, State.WITHDRAWN):
        trail.record(by, "withdrew a question to a colleague", question, number=question.case.code)


@transaction.atomic
def look_after_questions(*, now: datetime) -> int:
    """Remind who was asked on the day and every second day after, three times in all; end what was asked
    two weeks ago, telling who asked, and what is asked about a case that is closed. Returns how many
    reminders went."""
    today = timezone.localdate(now)
    waiting = ColleagueQuestion.objects.filter(state=State.ASKED).select_related(
        "case", "asked_by", "to"
    )
    reminded = 0
    for question in waiting.order_by("pk"):
        if not question.case.is_open:
            end_question(question, State.WITHDRAWN, now)
        elif now > question.open_until:
            end_question(question, State.EXPIRED, now)
            _tell_expired(question)
        elif _is_due(question, today):
            number = question.reminders + 1
            mine = ColleagueQuestion.objects.filter(pk=question.pk, reminders=question.reminders)
            if mine.update(reminders=F("reminders") + 1, reminded_on=today):
                send_mail(question, reminder=number)
                reminded += 1
    return reminded


def _is_due(question: ColleagueQuestion, today: date) -> bool:
    if today < question.due_on or question.reminders >= REMINDERS:
        return False
    return question.reminded_on is None or today >= question.reminded_on + APART


def send_mail(question: ColleagueQuestion, *, reminder: int = 0) -> None:
    """Put the mail of a question in the out-tray, in the language of who is asked."""
    mailbox = queries.open_mailbox()
    language = language_of(question.to or question.asked_by)
    with translation.override(language):
        mail = mail_of(question, by_mail=mailbox is not None, reminder=reminder)
    headers = {"Reply-To": reply_address(mailbox.address, question)} if mailbox else {}
    post_mail(
        by=question.asked_by, deed=deed_of(question, reminder), to=question.address,
        subject=mail.subject, text=mail.text, headers=headers,
    )  # fmt: skip


def end_question(question: ColleagueQuestion, state: str, now: datetime | None = None) -> bool:
    """Let a question that waits wait no more; whether it waited."""
    mine = ColleagueQuestion.objects.filter(pk=question.pk, state=State.ASKED)
    ended = bool(mine.update(state=state, ended_at=now or timezone.now()))
    question.refresh_from_db(fields=["state", "ended_at"])
    return ended


def add_note(
    question: ColleagueQuestion, *, by: Person | None, text: str, key: str, now: datetime
) -> Message:
    """A row in the case that colleagues see, in its order; `key` tells what it is."""
    case = Case.objects.select_for_update().get(pk=question.case_id)
    return add_message(case, kind=Message.Kind.NOTE, said_at=now, by=by, text=text, key=key)


def _tell_expired(question: ColleagueQuestion) -> None:
    with translation.override(language_of(question.asked_by)):
        title = _("%(whom)s did not answer your question in %(code)s") % {
            "whom": question.whom, "code": question.case.code,
        }  # fmt: skip
    notify(
        to=question.asked_by, deed=f"colleague question {question.pk} expired", title=title,
        url=f"/answer/questions/{question.pk}/",
    )  # fmt: skip
    happened(question.case, Type.COLLEAGUE, by=system_person(), actor=Actor.HOUSE, question=question.pk, expired=True)  # fmt: skip


def _of_ours(address: str) -> str:
    address = address.strip().lower()
    if not address:
        raise ValidationError({"to": _("Choose a colleague, or give an address of the company.")})
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError({"address": _("This is no e-mail address.")}) from None
    if address.rpartition("@")[2] not in queries.our_domains():
        raise ValidationError({"address": _("This is no address of our own company.")})
    return address
