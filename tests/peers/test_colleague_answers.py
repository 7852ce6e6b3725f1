"""Colleagues answer by mail, on a mail server by others (pymap): what answers a question is taken in once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from openroads.webcare.approach.actions import asking, mailboxes
from openroads.webcare.approach.models import AnswerMailbox, ColleagueQuestion
from openroads.webcare.approach.tokens import mail_numbers, reply_address
from openroads.webcare.models import Case, Contact, Identity, Message
from tests.peers.mail import MailServer

OURS = "antwoord@windmee.example"


@pytest.fixture
def questions(daan: Any, tom: Any) -> list[ColleagueQuestion]:
    identity = Identity.objects.create(
        contact=Contact.objects.create(), network="bluesky", author=1
    )
    case = Case.objects.create(identity=identity, network="bluesky", source=1, thread="t")
    due = timezone.localdate() + timedelta(days=2)
    return [
        asking.ask_colleague(by=daan, case=case, words=words, due_on=due, to=tom)
        for words in ("Welke accu?", "Welke lader?", "Welk slot?")
    ]


def letter(body: str, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"From: Tom Hendriks <tom@windmee.example>\r\nSubject: Re: vraag\r\n{lines}\r\n{body}\r\n".encode()


def test_answers_by_mail_are_taken_in_once_and_nothing_else_is(
    mail_server: MailServer, noor: Any, questions: list[ColleagueQuestion]
) -> None:
    by_address, by_number, unanswered = questions
    mailboxes.set_mailbox(
        by=noor, address=OURS, server=mail_server.address, user="marloes", password="app-word",
        folder="INBOX", is_on=True,
    )  # fmt: skip
    number = min(mail_numbers(by_number))
    mail_server.deliver(
        letter(
            "De 500.\r\n\r\n> Welke accu?", To=reply_address(OURS, by_address), Message_ID="<c1@x>"
        )
    )
    mail_server.deliver(
        letter("Lader 2.", To=OURS, In_Reply_To=f"<{number}@windmee.example>", Message_ID="<c2@x>")
    )
    away = {"Auto_Submitted": "auto-replied", "Message_ID": "<c3@x>"}
    mail_server.deliver(letter("Ik ben er niet.", To=reply_address(OURS, unanswered), **away))
    mail_server.deliver(letter("Lunch?", To=OURS, Message_ID="<c4@x>"))
    now, client = timezone.now(), mail_server.client()
    assert mailboxes.read_answers(now=now, client=client) == 2
    assert mailboxes.read_answers(now=now, client=client) == 0
    states = dict(ColleagueQuestion.objects.values_list("words", "state"))
    assert states == {"Welke accu?": "answered", "Welke lader?": "answered", "Welk slot?": "asked"}
    assert Message.objects.get(key=f"colleague-answer-{by_address.pk}").text == "De 500."
    row = AnswerMailbox.objects.get()
    assert row.read_at == now and row.uid > 0 and not row.why
    AnswerMailbox.objects.update(
        uid=0, validity=0
    )  # read anew from the beginning: the same answers
    mailboxes.read_answers(now=now, client=client)
    assert Message.objects.filter(key__startswith="colleague-answer").count() == 2


def test_a_wrong_password_is_told_and_not_shown(mail_server: MailServer, noor: Any) -> None:
    mailboxes.set_mailbox(
        by=noor, address=OURS, server=mail_server.address, user="marloes", password="wrong-word",
        folder="INBOX", is_on=True,
    )  # fmt: skip
    assert mailboxes.read_answers(now=timezone.now(), client=mail_server.client()) == 0
    why = AnswerMailbox.objects.get().why
    assert "app password" in why and "wrong-word" not in why
