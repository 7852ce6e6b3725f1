"""What people say to us becomes a case, once, and goes on in it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

pytestmark = pytest.mark.django_db


def test_a_question_said_to_us_becomes_a_case_and_a_remark_to_nobody_does_not(
    lands: Any, windmee: Any
) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case, CaseEvent, RuleRun

    lands("@windmee hoe ver kom ik met een Kade in de winter?", native="a")
    lands("Hoe ver kom ik met een fiets in de winter?", author="piet", native="b")
    told = take_in()
    assert (told.opened, told.went_on) == (1, 0)
    case = Case.objects.get()
    assert (case.network, case.kind, case.state, case.intent) == (
        "bluesky",
        "public",
        "todo",
        "question",
    )
    assert case.waiting_since is not None
    assert [event.type for event in CaseEvent.objects.all()] == ["opened", "came_in"]
    assert RuleRun.objects.get().did[0][1] == "open"


def test_a_handle_of_several_parts_names_us_and_one_that_goes_on_or_ends_otherwise_does_not(
    lands: Any, windmee: Any, noor: Any
) -> None:
    """As handles are at Bluesky, where the part before the point is anybody's."""
    from openroads.directory.models import Account
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    Account.objects.create(network="bluesky", handle="kade-fiets.windmee.example", owner=noor)
    lands("@kade.fiets.example hoe ver kom ik?", native="a", author="a")
    lands("@kade-fiets.windmee.example.net hoe ver kom ik?", native="b", author="b")
    lands("mail@kade-fiets.windmee.example hoe ver kom ik?", native="c", author="c")
    take_in()
    assert not Case.objects.exists()
    lands("Zeg @Kade-fiets.windmee.example, hoe ver kom ik?", native="d", author="d")
    lands("Hoe ver kom ik? Zeg het, @kade-fiets.windmee.example.", native="e", author="e")
    take_in()
    assert Case.objects.count() == 2


def test_to_look_twice_changes_nothing(lands: Any, windmee: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case, Message

    lands("@windmee hoe ver kom ik?", native="a")
    assert take_in().opened == 1
    assert take_in().opened == 0
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)


def test_a_complaint_comes_first_and_praise_becomes_no_case(lands: Any, windmee: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands(
        "@windmee wat een slechte service, al drie weken wachten en niemand belt terug. Klacht!",
        native="a",
    )
    lands("@windmee wat een fantastische fiets, dank jullie wel!", author="sofia", native="b")
    take_in()
    assert [case.priority for case in Case.objects.all()] == [1]


def test_mail_is_private_and_a_review_is_a_review(lands: Any, windmee: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands(
        "Graag een offerte voor 25 Polders.",
        network="mail",
        author="thuiszorg@noord.example",
        native="<1@noord.example>",
    )
    lands("Al 19 dagen wachten.", network="google", author="pieter", native="r1")
    take_in()
    assert dict(Case.objects.values_list("network", "kind")) == {
        "mail": "private",
        "google": "review",
    }


def test_the_next_word_of_the_same_person_goes_on_in_the_case_and_another_person_does_not(
    lands: Any, case: Any
) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("Het is een Kade uit 2025.", native="more", reply_to="winter", thread="winter")
    lands(
        "Zelfde hier.",
        author="tonnie",
        name="Tonnie",
        native="other",
        reply_to="winter",
        thread="winter",
    )
    assert take_in().went_on == 1
    assert Case.objects.count() == 1
    assert case.messages.count() == 2


def test_a_word_after_closing_opens_it_again_in_a_new_cycle(
    lands: Any, case: Any, daan: Any
) -> None:
    from openroads.webcare.actions.moving import close_case
    from openroads.webcare.actions.taking_in import take_in

    close_case(by=daan, case=case, ending="no_answer")
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == ("closed", None)
    lands(
        "En nu doet hij het helemaal niet meer!", native="again", reply_to="winter", thread="winter"
    )
    take_in()
    case.refresh_from_db()
    assert (case.state, case.cycle) == ("todo", 2)
    assert case.waiting_since is not None
    assert [event.type for event in case.events.filter(cycle=2)] == ["reopened", "came_in"]


def test_who_is_blocked_is_not_taken_in(lands: Any, case: Any, daan: Any) -> None:
    from openroads.webcare.actions.moving import block_identity
    from openroads.webcare.actions.taking_in import take_in

    block_identity(by=daan, identity=case.identity, why="Only sends adverts")
    lands("@windmee koop hier goedkope accu's?", native="spam")
    assert take_in().opened == 0


def test_history_that_is_imported_opens_no_cases(lands: Any, windmee: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in

    lands("@windmee hoe ver kom ik?", native="old", ago=timedelta(days=40))
    assert take_in().opened == 0


def test_a_batch_that_came_into_sight_late_is_not_missed(lands: Any, windmee: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Intake

    lands("@windmee hoe ver kom ik?", native="late")
    Intake.objects.update(collected_at=timezone.now() + timedelta(minutes=2))
    assert take_in().opened == 1


def test_an_answer_given_at_the_network_itself_counts(lands: Any, case: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in

    lands(
        "Hoi Marloes, onder de 5 graden is dat gewoon.",
        author="windmee",
        name="Windmee",
        native="ours",
        reply_to="winter",
        thread="winter",
        ago=timedelta(0),
    )
    take_in()
    case.refresh_from_db()
    assert case.waiting_since is None
    message = case.messages.get(kind="ours")
    assert (message.by, message.delivery) == (None, None)
    assert case.events.get(type="replied").actor == "human"


def test_a_post_that_two_sources_bring_is_one_message_and_stands_nowhere_twice(
    lands: Any, case: Any, daan: Any, client: Any
) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("@windmee bij 2 graden haal ik met mijn Kade nog 48 km. Is dat normaal of is mijn accu stuk?", native="winter", source=8)  # fmt: skip
    lands("Zelfde hier, tweemaal gehoord.", author="piet", native="too", thread="winter", reply_to="winter")  # fmt: skip
    lands("Zelfde hier, tweemaal gehoord.", author="piet", native="too", thread="winter", reply_to="winter", source=8)  # fmt: skip
    told = take_in()
    assert (told.opened, told.went_on) == (0, 0)
    assert (Case.objects.count(), case.messages.count()) == (1, 1)
    client.force_login(daan)
    page = client.get(f"/answer/cases/{case.pk}/").content.decode()
    assert page.count("tweemaal gehoord") == 1


def test_an_answer_that_came_in_before_its_question_was_taken_in_counts(
    lands: Any, windmee: Any
) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    # One visit of a source brings both, half an hour after they were said.
    lands("Hoi Marloes, onder de 5 graden is dat gewoon.", author="windmee", native="a", reply_to="q", ago=timedelta(minutes=25))  # fmt: skip
    lands("@windmee hoe ver kom ik in de winter?", native="q", ago=timedelta(minutes=30))
    take_in()
    case = Case.objects.get()
    assert [one.kind for one in case.messages.all()] == ["theirs", "ours"]
    assert case.waiting_since is None


def test_what_answers_a_word_in_a_case_goes_on_in_it_where_the_network_tells_no_thread(
    lands: Any, case: Any
) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("En met een volle tas?", native="second", reply_to="winter")
    lands("En tegen de wind in?", native="third", reply_to="second")
    lands("Dat wil ik ook weten.", author="piet", native="other", reply_to="third")
    assert take_in().went_on == 2
    assert Case.objects.count() == 1
    assert case.messages.count() == 3


def test_any_post_becomes_a_case_by_a_click(
    lands: Any, windmee: Any, client: Any, daan: Any
) -> None:
    from openroads.archive.queries.cases import collected_after
    from openroads.directory.conversations import archive
    from openroads.webcare.models import Case
    from openroads.webcare.words import mark_of

    lands("Mijn buurman zegt dat zijn Kade kraakt.", author="buur", native="x")
    now = timezone.now()
    (post,) = collected_after(
        archive(),
        now - timedelta(hours=1),
        0,
        since=now.date() - timedelta(days=1),
        until=now.date() + timedelta(days=1),
        limit=5,
    )
    client.force_login(daan)
    assert client.get(f"/answer/take/{mark_of(post)}/").status_code == 200
    assert Case.objects.count() == 0
    answer = client.post(f"/answer/take/{mark_of(post)}/")
    case = Case.objects.get()
    assert answer.url == f"/answer/cases/{case.pk}/"
    assert client.get(f"/answer/take/{mark_of(post)}/").url == f"/answer/cases/{case.pk}/"


def test_who_is_erased_is_in_no_answer_note_or_draft_of_ours_any_more(
    case: Any, daan: Any, ada: Any, lands: Any
) -> None:
    from openroads.delivery.runner import work_off
    from openroads.listening.erasing import schedule  # noqa: F401 (declares its jobs)
    from openroads.listening.erasing.actions import ask_erasure
    from openroads.listening.erasing.models import Erasure
    from openroads.webcare import schedule as webcare  # noqa: F401 (declares what follows)
    from openroads.webcare.actions.arriving import note_answered_elsewhere
    from openroads.webcare.actions.drafting import keep_draft
    from openroads.webcare.actions.noting import add_note

    lands("@windmee hoe laad ik hem op?", author="kees", name="Kees", native="kees")
    note_answered_elsewhere(
        by=daan, case=case, text="Hoi Marloes, dat is gewoon", url="https://bsky.example/marloes/1"
    )
    add_note(by=daan, case=case, text="Marloes belt morgen terug")
    keep_draft(by=daan, case=case, text="Dag Marloes", kind="public", seen=1)
    ask_erasure(by=ada, network="bluesky", handle="marloes", again="marloes")
    work_off()
    kept = [one.text for one in case.messages.exclude(kind="theirs")]
    assert kept == ["(taken out: this person was erased)"] * 2
    assert not case.drafts.exists()
    assert not case.messages.filter(elsewhere_url__contains="marloes").exists()
    assert Erasure.objects.get().state in ("searching", "done")
