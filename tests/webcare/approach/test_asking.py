"""Asking a colleague: a real mail, an answer on the signed page or by mail, reminders, and who may not answer."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from openroads.delivery.models import Delivery, Notice
from openroads.delivery.runner import work_off
from openroads.webcare.approach.actions import answering, asking, mailboxes
from openroads.webcare.approach.mails import answer_in_mail
from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.approach.tokens import mail_numbers, reply_address, token_of
from openroads.webcare.models import CaseEvent, Message
from tests.webcare.approach.conftest import letters, way_in
from tests.webcare.saying import close

OURS = "antwoord@windmee.example"
TODAY = timezone.localdate


@pytest.fixture
def ask(daan, tom, a_case):
    def make(**told):
        told = {"by": daan, "case": a_case(), "words": "Welke accu past op een Kade uit 2024?",
                "due_on": TODAY() + timedelta(days=2), "to": tom} | told  # fmt: skip
        return asking.ask_colleague(**told)

    return make


def set_mailbox(by, **told):
    return mailboxes.set_mailbox(
        by=by, **{"address": OURS, "server": "imap.windmee.example", "user": "antwoord", "password": "app-word",
                  "folder": "INBOX", "is_on": True, **told}
    )  # fmt: skip


# ------------------------------------------------------------------------------------------- asking
def test_a_question_leaves_as_a_mail_with_its_words_and_a_way_to_answer(ask, post, tom, daan):
    question = ask()
    work_off()
    (letter,) = letters(post)
    text = letter.get_content()
    assert letter["To"] == tom.email and letter["Subject"].startswith(
        "Daan Kuipers asks: Welke accu"
    )
    assert question.words in text and token_of(question) in way_in(letter)
    assert letter["Reply-To"] is None and "answer this mail" not in text
    assert letter["Message-ID"].strip("<>").partition("@")[0] in mail_numbers(question)
    note = Message.objects.get(key=f"colleague-question-{question.pk}")
    assert (note.kind, note.by, note.seq, note.text) == ("note", daan, 2, question.words)
    event = CaseEvent.objects.get(type="asked")
    assert event.message == note and event.data == {"question": question.pk} and event.by == daan


def test_with_a_mailbox_the_mail_can_just_be_answered(ask, post, noor):
    set_mailbox(noor)
    question = ask()
    work_off()
    (letter,) = letters(post)
    assert letter["Reply-To"] == reply_address(OURS, question) and "+" in letter["Reply-To"]
    assert "answer this mail" in letter.get_content()


def test_only_the_company_is_asked_and_within_two_weeks(ask, noor, marloes):
    assert (
        ask(to=None, address="Winkel.Utrecht@windmee.example").address
        == "winkel.utrecht@windmee.example"
    )
    for told, field in (
        ({"to": None, "address": "someone@elsewhere.example"}, "address"),
        ({"to": None, "address": marloes.email}, "address"),
        ({"to": None, "address": "no address"}, "address"),
        ({"to": None}, "to"),
        ({"words": " "}, "words"),
        ({"due_on": TODAY() - timedelta(days=1)}, "due_on"),
        ({"due_on": TODAY() + timedelta(days=14)}, "due_on"),
    ):
        with pytest.raises(ValidationError) as problem:
            ask(**told)
        assert field in problem.value.message_dict
    assert Delivery.objects.count() == ColleagueQuestion.objects.count() == 1


def test_who_does_not_act_in_the_case_asks_nobody(ask, bram, sanne):
    for person in (bram, sanne):
        with pytest.raises(PermissionDenied):
            ask(by=person)


# ------------------------------------------------------------------------------------- on the page
def test_a_colleague_answers_on_the_page_without_signing_in_and_may_correct_it(
    ask, post, tom, daan
):
    question = ask()
    work_off()
    path, browser = way_in(letters(post)[0]), Client()
    page = browser.get(path)
    _frame, _main, shown = page.content.decode().partition("<main")
    assert question.words in shown and question.case.code not in shown
    assert page["Referrer-Policy"] == "no-referrer" and "noindex" in page["X-Robots-Tag"]
    assert ColleagueQuestion.objects.get().state == "asked", "looking changes nothing"
    browser.post(path, {"text": "De 500 van dit jaar."})
    question.refresh_from_db()
    assert (question.state, question.answer, question.how) == (
        "answered",
        "De 500 van dit jaar.",
        "link",
    )
    note = Message.objects.get(key=f"colleague-answer-{question.pk}")
    assert (note.kind, note.by, note.text) == ("note", tom, "De 500 van dit jaar.")
    assert (
        Notice.objects.get(to=daan).title
        == f"Tom Hendriks answered your question in {question.case.code}"
    )
    first = question.ended_at
    browser.post(path, {"text": "De 500, ook van vorig jaar."})
    question.refresh_from_db()
    assert question.corrected_at and question.ended_at == first
    assert Message.objects.get(key=note.key).text == "De 500, ook van vorig jaar."
    assert [one.data["corrected"] for one in CaseEvent.objects.filter(type="colleague")] == [
        False,
        True,
    ]
    close(question.case, timezone.now())
    gone = browser.post(path, {"text": "Toch niet"})
    assert gone.status_code == 410 and question.words not in gone.content.decode()
    assert ColleagueQuestion.objects.get().answer == "De 500, ook van vorig jaar."


def test_the_answer_of_somebody_who_never_signs_in_is_nobodys_by_name(ask, post):
    question = ask(to=None, address="winkel@windmee.example")
    work_off()
    Client().post(way_in(letters(post)[0]), {"text": "Ligt klaar."})
    event = CaseEvent.objects.get(type="colleague")
    assert event.by is None and event.actor == "human"
    assert Notice.objects.get().title.startswith("winkel@windmee.example answered")
    assert ColleagueQuestion.objects.get(pk=question.pk).answered_from == "winkel@windmee.example"


@pytest.mark.parametrize("spoil", [
    lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
    lambda token: f"{int(token.partition('-')[0]) + 1}-{token.partition('-')[2]}",
    lambda token: "1", lambda token: "x" * 300, lambda token: token.partition("-")[2],
])  # fmt: skip
def test_a_way_in_that_is_not_ours_is_not_found(ask, spoil):
    question = ask()
    ask(words="Nog een vraag")
    assert Client().get(f"/colleague/{spoil(token_of(question))}/").status_code == 404


def test_after_two_weeks_or_when_withdrawn_the_page_opens_nothing(ask, daan):
    old, back = ask(), ask()
    ColleagueQuestion.objects.filter(pk=old.pk).update(
        asked_at=timezone.now() - timedelta(days=14, minutes=1)
    )
    asking.withdraw_question(by=daan, question=back)
    for question in (old, back):
        page = Client().get(f"/colleague/{token_of(question)}/")
        assert page.status_code == 410 and question.words not in page.content.decode()
        with pytest.raises(ValidationError):
            answering.answer_question(question=question, text="Te laat", how="link")


# --------------------------------------------------------------------------------------- reminders
def test_reminders_go_on_the_day_and_every_second_day_after_three_in_all(ask, post, daan):
    question = ask()
    now = timezone.now()
    sent = [asking.look_after_questions(now=now + timedelta(days=days)) for days in range(13)]
    assert sent == [0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    work_off()
    subjects = [letter["Subject"] for letter in letters(post)]
    assert len(subjects) == 4 and sum(one.startswith("Still waiting:") for one in subjects) == 3
    assert {way_in(letter) for letter in letters(post)} == {way_in(letters(post)[0])}
    asking.look_after_questions(now=now + timedelta(days=15))
    question.refresh_from_db()
    assert question.state == "expired"
    assert Notice.objects.get(to=daan).title.startswith("Tom Hendriks did not answer")


def test_nobody_is_reminded_of_what_is_answered_or_of_a_closed_case(ask):
    answered, closed = ask(), ask()
    answering.answer_question(question=answered, text="Ja", how="link")
    close(closed.case, timezone.now())
    assert asking.look_after_questions(now=timezone.now() + timedelta(days=3)) == 0
    assert ColleagueQuestion.objects.get(pk=closed.pk).state == "withdrawn"


# ----------------------------------------------------------------------------------------- by mail
def test_an_answer_by_mail_is_known_by_its_address(ask, tom, noor):
    question = ask()
    headers = {
        "From": f"Tom <{tom.email.upper()}>",
        "To": f"Antwoord <{reply_address(OURS, question).upper()}>",
    }
    found = answer_in_mail(
        headers, "Die van 2024.\n\nGroet, Tom\n\nOp ma schreef Daan:\n> Welke accu", ours=OURS
    )
    assert found and found.text.startswith("Die van 2024.") and "Welke accu" not in found.text
    taken = answering.take_answer_by_mail(found=found)
    assert taken and (taken.how, taken.answered_from) == ("mail", tom.email)
    assert CaseEvent.objects.get(type="colleague").by == tom
    assert answering.take_answer_by_mail(found=found) == taken, (
        "the same mail twice changes nothing"
    )
    assert CaseEvent.objects.filter(type="colleague").count() == 1


def test_an_answer_by_mail_is_known_by_the_mail_it_answers(ask, post, tom):
    ask(words="Een andere vraag")
    question = ask()
    asking.look_after_questions(now=timezone.now() + timedelta(days=2))
    work_off()
    for letter in [one for one in letters(post) if question.words in one.get_content()]:
        found = answer_in_mail(
            {"From": tom.email, "References": letter["Message-ID"]}, "Ja", ours=OURS
        )
        assert found and answering.take_answer_by_mail(found=found).pk == question.pk


def test_who_passes_it_on_in_the_company_may_have_it_answered_and_a_stranger_may_not(ask, ada):
    question = ask()
    to = {"To": reply_address(OURS, question)}
    stranger = answer_in_mail({**to, "From": "x@elsewhere.example"}, "Ik weet het", ours=OURS)
    assert stranger and answering.take_answer_by_mail(found=stranger) is None
    assert ColleagueQuestion.objects.get().state == "asked"
    other = answer_in_mail({**to, "From": ada.email}, "Ik weet het", ours=OURS)
    assert answering.take_answer_by_mail(found=other)
    assert CaseEvent.objects.get(type="colleague").by == ada


def test_a_forged_or_spoiled_token_takes_nothing_in(ask, tom):
    question = ask()
    local, domain = OURS.split("@")
    for token in (f"{question.pk}-{'0' * 32}", f"{question.pk}", token_of(question)[:-1]):
        found = answer_in_mail(
            {"From": tom.email, "To": f"{local}+{token}@{domain}"}, "Ja", ours=OURS
        )
        assert found is None or answering.take_answer_by_mail(found=found) is None
    guessed = answer_in_mail(
        {"From": tom.email, "In-Reply-To": f"<{'0' * 32}@windmee.example>"}, "Ja", ours=OURS
    )
    assert guessed and answering.take_answer_by_mail(found=guessed) is None
    assert ColleagueQuestion.objects.get().state == "asked"


@pytest.mark.parametrize("more", [
    {"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X-Autoreply": "yes"}, {"Return-Path": "<>"},
    {"From": "mailer-daemon@windmee.example"}, {"From": ""}, {"From": OURS}, {"To": "someone@windmee.example"},
])  # fmt: skip
def test_what_machines_send_or_what_answers_nothing_is_no_answer(ask, tom, more):
    headers = {"From": tom.email, "To": reply_address(OURS, ask()), **more}
    assert answer_in_mail(headers, "Ik ben er niet.", ours=OURS) is None


def test_a_mail_of_nothing_but_quotes_is_no_answer(ask, tom):
    headers = {"From": tom.email, "To": reply_address(OURS, ask())}
    assert answer_in_mail(headers, "> Welke accu past\n> op een Kade?", ours=OURS) is None


# ------------------------------------------------------------------------------------- the mailbox
def test_the_password_of_the_mailbox_is_kept_and_never_shown(noor, daan, signed_in):
    with pytest.raises(PermissionDenied):
        set_mailbox(daan)
    row = set_mailbox(noor)
    set_mailbox(noor, password="", folder="Antwoorden")
    row.refresh_from_db()
    assert (row.password, row.folder) == ("app-word", "Antwoorden")
    assert "app-word" not in signed_in(noor).get("/answer/questions/mailbox/").content.decode()
    with pytest.raises(ValidationError):
        set_mailbox(noor, password="", server="imap.elsewhere.example")
    with pytest.raises(ValidationError):
        set_mailbox(noor, server="no server:x")


def test_a_mailbox_that_cannot_be_read_says_why(noor, settings, signed_in):
    set_mailbox(noor, server="127.0.0.1:1")
    assert mailboxes.read_answers(now=timezone.now()) == 0
    page = signed_in(noor).get("/answer/questions/mailbox/").content.decode()
    assert "The mailbox of colleagues could not be read" in page
    set_mailbox(noor, is_on=False)
    assert mailboxes.read_answers(now=timezone.now()) == 0


# ------------------------------------------------------------------------------------------- pages
def test_the_pages_ask_show_and_withdraw(daan, tom, bram, a_case, signed_in):
    case = a_case()
    browser = signed_in(daan)
    assert browser.get(f"/answer/cases/{case.pk}/ask/").status_code == 200
    told = {"to": tom.pk, "address": "", "words": "Wanneer komt de Polder?", "due_on": str(TODAY())}
    made = browser.post(f"/answer/cases/{case.pk}/ask/", told)
    assert browser.post(f"/answer/cases/{case.pk}/ask/", told | {"to": ""}).status_code == 400
    page = browser.get(made.url).content.decode()
    assert "Waiting for Tom Hendriks" in page and "Wanneer komt de Polder?" in page
    assert "1 question waits for a colleague" in browser.get("/answer/questions/").content.decode()
    other = signed_in(bram)
    assert (
        other.get(made.url).status_code
        == other.get(f"/answer/cases/{case.pk}/ask/").status_code
        == 404
    )
    assert "Polder" not in other.get("/answer/questions/").content.decode()
    browser.post(f"{made.url}withdraw/")
    assert "The question was withdrawn" in browser.get(made.url).content.decode()
