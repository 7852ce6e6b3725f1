"""A colleague's answer, by the signed page or by mail: taken in once, corrected while the case is open."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from openroads.connectors.plain import clean
from openroads.delivery.notices import language_of, notify
from openroads.directory.models import Person
from openroads.webcare.approach import queries
from openroads.webcare.approach.actions.asking import add_note
from openroads.webcare.approach.mails import AnswerInMail
from openroads.webcare.approach.models import OPEN_FOR, ColleagueQuestion
from openroads.webcare.approach.tokens import is_of, mail_numbers, number_in
from openroads.webcare.happening import Actor, Type, happened
from openroads.webcare.models import Message

State = ColleagueQuestion.State
How = ColleagueQuestion.How


def closed_why(question: ColleagueQuestion, now: datetime) -> str:
    """Why a question can be answered no more, as its reader is told; empty while it can."""
    if question.state == State.WITHDRAWN:
        return _("The question was withdrawn: nobody waits for an answer any more.")
    if not question.case.is_open:
        return _("The conversation it was about is closed: nobody waits for an answer any more.")
    if question.state == State.EXPIRED or now > question.open_until:
        return _("The question was asked too long ago to be answered here.")
    return ""


@transaction.atomic
def answer_question(
    *,
    question: ColleagueQuestion,
    text: str,
    how: str,
    sender: str = "",
    now: datetime | None = None,
) -> ColleagueQuestion:
    """Take in what a colleague says to a question, or what they say instead now, and tell who asked.

    Nobody signs in for it: whoever calls this has seen that the token, or the mail, is of this question.
    Raises ValidationError without words, and when it can be answered no more.
    """
    moment = now or timezone.now()
    held = ColleagueQuestion.objects.select_for_update(of=("self",))
    question = held.select_related("case", "asked_by", "to").get(pk=question.pk)
    said = clean(text)[:8_000]
    if why := closed_why(question, moment):
        raise ValidationError(why)
    if not said:
        raise ValidationError({"text": _("Say what you know, or who knows it.")})
    if question.state == State.ANSWERED and said == question.answer:
        return question
    corrected = question.state == State.ANSWERED
    question.answer, question.how, question.answered_from = said, how, sender or question.address
    if corrected:
        question.corrected_at = moment
    else:
        question.state, question.ended_at = State.ANSWERED, moment
    question.save()
    note = _note(question, said, moment)
    who = _who(question)
    happened(
        question.case, Type.COLLEAGUE, by=who, actor=Actor.HUMAN, at=moment, message=note,
        question=question.pk, how=how, corrected=corrected,
    )  # fmt: skip
    _tell_asker(question, corrected, moment)
    return question


def take_answer_by_mail(
    *, found: AnswerInMail, now: datetime | None = None
) -> ColleagueQuestion | None:
    """Take in a mail as a colleague's answer, if it is one: by the token behind the plus of its address,
    or by the number of the mail of ours that it answers; and only from who was asked, or another address
    of our company. None when it is not, or comes too late: nothing is changed then."""
    question = _meant(found)
    if question is None:
        return None
    domain = found.sender.rpartition("@")[2]
    if found.sender != question.address.lower() and domain not in queries.our_domains():
        return None
    try:
        return answer_question(
            question=question, text=found.text, how=How.MAIL, sender=found.sender, now=now
        )
    except ValidationError:
        return None


def _meant(found: AnswerInMail) -> ColleagueQuestion | None:
    rows = ColleagueQuestion.objects.select_related("case", "asked_by", "to")
    number = number_in(found.token) if found.token else None
    if number is not None:
        by_token = rows.filter(pk=number).first()
        return by_token if by_token is not None and is_of(found.token, by_token) else None
    answers = set(found.answers)
    lately = rows.filter(asked_at__gte=timezone.now() - 2 * OPEN_FOR)
    return next((one for one in lately.iterator() if answers & mail_numbers(one)), None)


def _who(question: ColleagueQuestion) -> Person | None:
    """Who answered, where they are known by name: they who were asked, or another colleague to whom it
    was passed on."""
    if question.answered_from.lower() == question.address.lower():
        return question.to
    return Person.objects.filter(
        email__iexact=question.answered_from, is_active=True, is_system=False
    ).first()


def _note(question: ColleagueQuestion, said: str, now: datetime) -> Message:
    """The answer as it stands in the case: one row, whose words are the last they gave."""
    key = f"colleague-answer-{question.pk}"
    note = Message.objects.filter(key=key).first()
    if note is None:
        return add_note(question, by=_who(question), text=said, key=key, now=now)
    note.text = said
    note.save(update_fields=["text"])
    return note


def _tell_asker(question: ColleagueQuestion, corrected: bool, now: datetime) -> None:
    words = {"whom": question.whom, "code": question.case.code}
    with translation.override(language_of(question.asked_by)):
        if corrected:
            title = _("%(whom)s corrected the answer in %(code)s") % words
        else:
            title = _("%(whom)s answered your question in %(code)s") % words
    notify(
        to=question.asked_by, deed=f"colleague question {question.pk} answered {now.isoformat()}",
        title=title, url=f"/answer/questions/{question.pk}/",
    )  # fmt: skip
