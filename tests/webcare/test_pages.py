"""The inbox as its people see it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

pytestmark = pytest.mark.django_db


def test_the_inbox_shows_their_words_and_the_case_the_whole_story(
    case: Any, daan: Any, lands: Any, client: Any
) -> None:
    lands(
        "Zelfde hier. En het staat nergens op de site.",
        author="tonnie",
        name="Tonnie",
        native="t",
        reply_to="winter",
        thread="winter",
    )
    client.force_login(daan)
    page = client.get("/answer/inbox/")
    assert page.status_code == 200
    assert "Marloes de Groot" in page.content.decode()
    page = client.get(f"/answer/cases/{case.pk}/").content.decode()
    assert "nog 48 km" in page
    assert "Tonnie" in page
    assert "in the same thread" in page
    assert "A rule opened it." in page


def test_words_that_were_erased_are_gone_from_the_inbox_at_once(
    case: Any, daan: Any, lands: Any, client: Any
) -> None:
    lands("", native="winter", op="delete")
    client.force_login(daan)
    for address in (
        "/answer/inbox/",
        f"/answer/cases/{case.pk}/",
        f"/answer/people/{case.identity.contact_id}/",
    ):
        page = client.get(address).content.decode()
        assert "48 km" not in page
        assert "Marloes" not in page


def test_what_a_stranger_wrote_is_never_markup(
    lands: Any, practice: Any, daan: Any, client: Any
) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("@windmee <script>alert(1)</script> hoe dan?", name="<b>x</b>", native="evil")
    take_in()
    client.force_login(daan)
    case = Case.objects.get()
    for address in (
        "/answer/inbox/",
        f"/answer/cases/{case.pk}/",
        f"/answer/people/{case.identity.contact_id}/",
    ):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_an_answer_is_written_sent_and_taken_back_without_a_script(
    case: Any, daan: Any, client: Any
) -> None:
    client.force_login(daan)
    page = client.get(f"/answer/cases/{case.pk}/")
    key = page.context["write"]["key"]
    told = {"kind": "public", "text": "Hoi Marloes", "key": key, "seen": 1, "then": "waiting"}
    assert client.post(f"/answer/cases/{case.pk}/reply/", told).status_code == 302
    page = client.get(f"/answer/cases/{case.pk}/").content.decode()
    assert re.search(r"leaves in 1?\d seconds?", page)
    message = case.messages.get(kind="ours")
    client.post(f"/answer/messages/{message.pk}/take-back/")
    page = client.get(f"/answer/cases/{case.pk}/").content.decode()
    assert ">Hoi Marloes</textarea>" in page


def test_a_fault_keeps_what_was_written(case: Any, daan: Any, client: Any) -> None:
    client.force_login(daan)
    told = {"kind": "public", "text": "x" * 600, "key": "k", "seen": 1}
    page = client.post(f"/answer/cases/{case.pk}/reply/", told)
    assert page.status_code == 409
    assert "100 characters too many" in page.content.decode()
    assert "x" * 600 in page.content.decode()


def test_the_counter_counts_as_the_network_does(case: Any, daan: Any, client: Any) -> None:
    client.force_login(daan)
    page = client.post(
        f"/answer/cases/{case.pk}/draft/",
        {"text": "Hoi", "kind": "public", "seen": 1},
        headers={"HX-Request": "true"},
    )
    assert page.content.decode().strip() == '<b class="num">3</b> of 500. Kept as a draft.'


def test_who_is_there_and_who_writes_is_shown(
    case: Any, daan: Any, merel: Any, client: Any
) -> None:
    client.force_login(merel)
    client.post(f"/answer/cases/{case.pk}/there/", {"seen": 1, "writes": "1"})
    client.force_login(daan)
    page = client.post(f"/answer/cases/{case.pk}/there/", {"seen": 0}).content.decode()
    assert "Merel Kuin is writing here" in page
    assert "Something was said meanwhile" in page


def test_a_case_is_found_by_words_number_and_answer(case: Any, daan: Any, client: Any) -> None:
    from openroads.webcare.actions.noting import add_note

    add_note(by=daan, case=case, text="Vraag Tom naar de winterrange")
    client.force_login(daan)
    for words in ("48 km", f"#{case.pk}", "winterrange"):
        page = client.get("/answer/inbox/", {"q": words}).content.decode()
        assert "Marloes de Groot" in page, words
    assert (
        "No case holds these words"
        in client.get("/answer/inbox/", {"q": "zeppelin"}).content.decode()
    )


def test_the_list_goes_on_where_the_page_ended_and_misses_nothing(case: Any, daan: Any) -> None:
    from openroads.webcare import queries
    from openroads.webcare.models import Case, Contact, Identity

    now = timezone.now()
    for place in range(60):
        identity = Identity.objects.create(
            contact=Contact.objects.create(), network="x", author=1_000 + place
        )
        due = None if place % 3 == 0 else now + timedelta(minutes=place % 7)
        Case.objects.create(
            identity=identity,
            network="x",
            source=1,
            thread=f"t{place}",
            priority=place % 3 - 1,
            due_at=due,
            opened_at=now - timedelta(minutes=place % 5),
        )
    seen, after = [], None
    for _page in range(10):
        found, after = queries.page_of(queries.cases_for(daan).filter(state="todo"), "todo", after)
        seen += [one.pk for one in found]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 61
    ordered = [
        one.pk for one in queries.in_order(queries.cases_for(daan).filter(state="todo"), "todo")
    ]
    assert seen == ordered


def test_a_page_of_the_inbox_asks_few_questions_however_long_it_is(
    case: Any, daan: Any, client: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(daan)
    client.get("/answer/inbox/")
    with django_assert_max_num_queries(12):
        client.get("/answer/inbox/")
    with django_assert_max_num_queries(20):
        client.get(f"/answer/cases/{case.pk}/")


def test_a_case_becomes_evidence_of_an_insight_without_a_name(
    case: Any, daan: Any, client: Any
) -> None:
    from openroads.changes.models import Insight
    from openroads.directory.models import Department

    product = Department.objects.create(name="Product")
    client.force_login(daan)
    told = {
        "title": "In winter nobody gets as far as we say",
        "department": product.pk,
        "insight": "",
    }
    assert client.post(f"/answer/cases/{case.pk}/insight/", told).status_code == 302
    insight = Insight.objects.get()
    case.refresh_from_db()
    assert case.insight == insight.code
    evidence = insight.evidence.get()
    assert (evidence.kind, evidence.cases, evidence.people) == ("case", 1, 1)
    assert "48 km" in evidence.samples.get().text
    page = client.get(f"/answer/cases/{case.pk}/").content.decode()
    assert "In winter nobody gets as far as we say" in page


def test_an_empty_queue_and_a_case_of_one_word_say_what_to_do_next(
    case: Any, daan: Any, client: Any
) -> None:
    client.force_login(daan)
    page = client.get("/answer/inbox/?queue=approve").content.decode()
    assert "What there is to do" in page
    assert "becomes a case by the rules" not in page
    page = client.get(f"/answer/cases/{case.pk}/split/").content.decode()
    assert "there is nothing to split" in page
    assert "Make them a case" not in page
    page = client.get(f"/answer/people/{case.identity.contact_id}/").content.decode()
    assert ">Bluesky marloes<" in page, page[page.find("Accounts") :][:600]


def test_the_inbox_is_home_for_who_answers_and_for_nobody_else(
    case: Any, daan: Any, noor: Any, signed_in: Any
) -> None:
    assert signed_in(daan).get("/").url == "/answer/inbox/"
    assert signed_in(noor).get("/").status_code == 200
