"""From a compliment in a case to a success and a spotlight, by rooms that do not know each other."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from openroads.champions.actions.spotlights import answer_spotlight, ask_for_spotlight
from openroads.champions.actions.successes import record_success
from openroads.champions.models import Spotlight, Success
from openroads.web.handing import ORIGINS
from openroads.webcare.models import Case, CaseEvent
from tests.conftest import on_the_payroll
from tests.webcare import conftest as webcare

pytestmark = pytest.mark.django_db
windmee, practice, lands = webcare.windmee, webcare.practice, webcare.lands
WORDS = "Shout-out to Fatima at the Utrecht shop: squeaky brake fixed in ten minutes. @windmee"


@pytest.fixture
def case(lands: Any, practice: Any, daan: Any) -> Case:
    """Sofia praises a mechanic."""
    from openroads.webcare.actions.taking_in import take_in

    lands(WORDS + " Is she there on Friday?", author="sofiamarquez", name="Sofia Marquez")
    take_in()
    return Case.objects.get()


@pytest.fixture
def fatima(db: None) -> Any:
    """Fatima Benali, mechanic."""
    return on_the_payroll("Fatima Benali", "fatima@windmee.example", "employee")


def form(owner: Any, **more: Any) -> dict[str, Any]:
    return {
        "title": "A customer praised the Utrecht shop", "kind": "praise", "level": "B",
        "on": timezone.localdate().isoformat(), "owner": owner.pk, "tell": "nobody", "currency": "EUR",
        **more,
    }  # fmt: skip


def test_a_case_offers_it_and_says_what_became_of_it(
    case: Case, daan: Any, fatima: Any, signed_in: Any
) -> None:
    browser = signed_in(daan)
    address = f"/champions/add/?origin=webcare&id={case.pk}"
    page = browser.get(f"/answer/cases/{case.pk}/").content.decode()
    assert address.replace("&", "&amp;") in page and "Put a colleague in the spotlight" in page
    asks = browser.get(address).content.decode()
    assert f"From case {case.code}" in asks and "squeaky" not in asks and "Sofia" not in asks
    assert browser.post(address, form(fatima)).headers["Location"] == "/champions/1/"
    success = Success.objects.get()
    assert (success.origin_room, success.origin_id, success.origin_url) == (
        "webcare", str(case.pk), f"/answer/cases/{case.pk}/",
    )  # fmt: skip
    event = CaseEvent.objects.get(case=case, type="success")
    assert event.by == daan and event.data == {"code": "S-001"}
    page = browser.get(f"/answer/cases/{case.pk}/").content.decode()
    assert "Became success S-001" in page and "Daan Kuipers made a success of it" in page


def test_who_does_not_see_the_case_sees_no_door_to_it(
    case: Case, daan: Any, bram: Any, noor: Any, fatima: Any, signed_in: Any
) -> None:
    signed_in(daan).post(f"/champions/add/?origin=webcare&id={case.pk}", form(fatima))
    for person, sees in ((daan, True), (noor, False), (fatima, False)):
        page = signed_in(person).get("/champions/1/").content.decode()
        assert ("/answer/cases/" in page) is sees, person
    # Bram answers for another team: for him the case is not there, to make something of neither.
    other = signed_in(bram)
    for made in ("add", "spotlight/ask"):
        for id in (str(case.pk), "999", "x", "1" * 40):
            address = f"/champions/{made}/?origin=webcare&id={id}"
            assert other.get(address).status_code == other.post(address).status_code == 404
    assert other.get("/champions/add/?origin=nowhere&id=1").status_code == 404


def test_a_name_of_who_said_it_does_not_come_along(case: Case, daan: Any, told: Any) -> None:
    origin = ORIGINS.seen(daan, "webcare", str(case.pk))
    assert origin is not None
    for field, text in (
        ("title", "Sofia Marquez praised us"), ("story", "It was @sofiamarquez again."),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as found:
            record_success(
                by=daan, owner=daan, told=told(**{field: text}), origin=origin, origins=ORIGINS
            )
        assert list(found.value.message_dict) == [field]
    with pytest.raises(ValidationError, match="somebody outside is called"):
        ask(daan, daan, origin, why="Sofia Marquez says so")
    assert not CaseEvent.objects.filter(type__in=("success", "spotlight")).exists()


def ask(by: Any, person: Any, origin: Any, why: str = "A customer praised her.") -> Spotlight:
    today = timezone.localdate()
    return ask_for_spotlight(
        by=by, person=person, why=why, since=today, until=today + timedelta(days=7), origin=origin,
        origins=ORIGINS,
    )  # fmt: skip


def test_a_spotlight_from_a_case_is_asked_and_noted(
    case: Case, daan: Any, fatima: Any, signed_in: Any
) -> None:
    browser = signed_in(daan)
    told = {
        "person": fatima.pk, "why": "A customer praised her.", "since": timezone.localdate(),
        "last": timezone.localdate() + timedelta(days=3),
    }  # fmt: skip
    browser.post(f"/champions/spotlight/ask/?origin=webcare&id={case.pk}", told)
    spotlight = Spotlight.objects.get()
    assert spotlight.until == timezone.localdate() + timedelta(days=4)
    assert CaseEvent.objects.filter(case=case, type="spotlight", by=daan).exists()
    page = browser.get(f"/answer/cases/{case.pk}/").content.decode()
    assert "Spotlight on Fatima Benali, waits for their yes" in page


def test_one_case_is_one_success_of_somebody_and_again_after_it_was_withdrawn(
    case: Case, daan: Any, fatima: Any, told: Any
) -> None:
    from openroads.champions.actions.successes import withdraw_success

    origin = ORIGINS.seen(daan, "webcare", str(case.pk))
    first = record_success(by=daan, owner=fatima, told=told(), origin=origin, origins=ORIGINS)
    with pytest.raises(ValidationError, match="S-001 already"):
        record_success(by=daan, owner=fatima, told=told(), origin=origin, origins=ORIGINS)
    record_success(by=daan, owner=daan, told=told(), origin=origin, origins=ORIGINS)
    withdraw_success(by=daan, success=first, why="Twice.")
    record_success(by=daan, owner=fatima, told=told(), origin=origin, origins=ORIGINS)


def test_what_cannot_be_noted_in_the_case_is_not_recorded(
    case: Case, daan: Any, bram: Any, told: Any
) -> None:
    from django.core.exceptions import PermissionDenied

    origin = ORIGINS.seen(daan, "webcare", str(case.pk))
    with pytest.raises(PermissionDenied):
        record_success(by=bram, owner=bram, told=told(), origin=origin, origins=ORIGINS)
    assert not Success.objects.exists()


def test_an_erased_author_leaves_no_word_in_a_success_or_spotlight(
    case: Case, daan: Any, fatima: Any, ada: Any, told: Any, lands: Any
) -> None:
    from openroads.champions.queries import shown_spotlights
    from openroads.delivery.runner import work_off
    from openroads.listening.erasing import schedule as erasing  # noqa: F401 (declares its jobs)
    from openroads.listening.erasing.actions import ask_erasure
    from openroads.web import schedule  # noqa: F401 (declares the job that follows)

    origin = ORIGINS.seen(daan, "webcare", str(case.pk))
    record_success(
        by=daan, owner=daan, told=told(title="A woman of Utrecht, red bike", story="Her dog is Bo."),
        tell="colleagues", origin=origin, origins=ORIGINS,
    )  # fmt: skip
    other = record_success(by=daan, owner=daan, told=told(story="Sofia Marquez, by mail"))
    answer_spotlight(by=fatima, spotlight=ask(daan, fatima, origin), yes=True)
    ask_erasure(
        by=ada, network="bluesky", handle="sofiamarquez", again="sofiamarquez", mask_mentions=True,
        names=["Sofia Marquez"],
    )  # fmt: skip
    work_off()
    success = Success.objects.get(number=1)
    assert success.title == "(taken out: this person was erased)"
    assert (success.story, success.origin_url, success.tell) == ("", "", "nobody")
    assert success.level == "C"  # that there was one, and of what kind, stays
    assert shown_spotlights() == []
    assert "praised" not in Spotlight.objects.get().why
    other.refresh_from_db()
    assert "Sofia" not in other.story and "by mail" in other.story
