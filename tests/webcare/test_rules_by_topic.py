"""Rules that ask for a topic: as posts come in, in the trial and in the log, and when the topic is no more what it was."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from openroads.directory.known_topics import KnownTopic, keep_known
from openroads.webcare.actions.taking_in import take_in
from openroads.webcare.models import Case
from openroads.webcare.rules.actions import keep_rule, try_rule
from openroads.webcare.rules.models import Rule
from openroads.webcare.rules.page import log_rows, rule_rows, wrong_with
from tests.webcare.test_rules import a_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def battery(windmee: Any) -> int:
    """A topic as the listening room makes it known."""
    keep_known(number=3, name="Battery", canonical="accu* NOT handleiding", in_use=True)
    keep_known(number=4, name="Charger", canonical="lader", in_use=True)
    return 3


def cases() -> list[str]:
    return [case.thread for case in Case.objects.order_by("pk")]


def test_a_post_about_the_topic_is_taken_in_and_the_log_says_for_which(
    battery: int, lands: Any, noor: Any, daan: Any
) -> None:
    rule = a_rule(noor, name="Batteries", topics=[battery, 4], priority=1)
    lands("Wat een accu, elke ochtend leeg", native="a")
    lands("Wat een accu, en wat een lader", native="b", author="een")
    lands("Waar staat de accu in de handleiding", native="c", author="twee")
    lands("Wat een bel", native="d", author="drie")
    take_in()
    assert sorted(cases()) == ["a", "b"] and rule.topics == [[3, "Battery"], [4, "Charger"]]
    assert {case.thread: case.rule_runs.get().did for case in Case.objects.all()} == {
        "a": [[rule.pk, "open, priority", [3]]], "b": [[rule.pk, "open, priority", [3, 4]]],
    }  # fmt: skip
    told = [name for row in log_rows(daan, None)[0] for name, _did in row["did"]]
    assert sorted(told) == ["Batteries (about Battery and Charger)", "Batteries (about Battery)"]
    assert rule_rows()[0].when == "about “Battery” and “Charger”" and rule_rows()[0].lately == "2"


def test_the_trial_finds_what_the_intake_would(battery: int, lands: Any, noor: Any) -> None:
    rule = a_rule(noor, topics=[battery])
    for n, text in enumerate(("accu leeg", "accu in de handleiding", "de accu's zijn op", "bel kapot")):  # fmt: skip
        lands(text, native=f"n{n}", author=f"a{n}")
    tried = try_rule(by=noor, rule=rule)
    take_in()
    assert (tried.looked_at, tried.found, tried.opened) == (4, 2, 2) and len(cases()) == 2


def test_a_topic_and_words_must_both_hold(battery: int, lands: Any, noor: Any) -> None:
    a_rule(noor, topics=[battery], query="winter")
    lands("accu leeg", native="a")
    lands("accu leeg in de winter", native="b", author="een")
    take_in()
    assert cases() == ["b"]


def test_a_topic_that_asks_otherwise_now_is_asked_for_as_it_is(
    battery: int, lands: Any, noor: Any
) -> None:
    a_rule(noor, topics=[battery])
    keep_known(number=battery, name="Battery", canonical="bel", in_use=True)
    lands("accu leeg", native="a")
    lands("de bel is stuk", native="b", author="een")
    take_in()
    assert cases() == ["b"]


def test_a_topic_that_was_renamed_is_called_by_both_names_until_the_rule_is_kept_again(
    battery: int, lands: Any, noor: Any
) -> None:
    rule = a_rule(noor, topics=[battery])
    keep_known(number=battery, name="Range in winter", canonical="accu*", in_use=True)
    assert rule_rows()[0].when == "about “Range in winter” (“Battery” when it was chosen)"
    assert wrong_with(rule) == ""
    lands("accu leeg", native="a")
    take_in()
    assert cases() == ["a"], "a name is only a name"
    keep_rule(by=noor, rule=rule, told={"topics": [battery]})
    assert rule_rows()[0].when == "about “Range in winter”"


def test_a_topic_that_was_put_away_finds_nothing_and_the_rule_says_so(
    battery: int, lands: Any, noor: Any, signed_in: Any
) -> None:
    rule = a_rule(noor, topics=[battery, 4])
    keep_known(number=battery, name="Battery", canonical="accu*", in_use=False)
    assert wrong_with(rule) == "By “Battery” this rule finds nothing any more: it was put away."
    lands("accu leeg", native="a")
    lands("lader stuk", native="b", author="een")
    take_in()
    assert cases() == ["b"]
    KnownTopic.objects.filter(number=4).delete()
    row = rule_rows()[0]
    assert row.when == "about “Battery” (put away) and “Charger” (is no more)"
    assert row.wrong.startswith("This rule finds nothing any more: “Battery” and “Charger”")
    lands("lader en accu", native="c", author="twee")
    take_in()
    assert cases() == ["b"], "a rule without its topics fits nothing, not everything"
    browser = signed_in(noor)
    for address in ("/answer/rules/", f"/answer/rules/{rule.pk}/", f"/answer/rules/{rule.pk}/try/"):
        assert "finds nothing any more" in browser.get(address).content.decode(), address
    with translation.override("nl"):
        assert "Deze regel vindt niets meer" in rule_rows()[0].wrong


def test_only_topics_in_use_can_be_chosen_but_a_rule_keeps_what_it_had(
    battery: int, noor: Any
) -> None:
    rule = a_rule(noor, topics=[battery])
    keep_known(number=battery, name="Battery", canonical="accu*", in_use=False)
    with pytest.raises(ValidationError) as problem:
        a_rule(noor, topics=[battery])
    assert "topics" in problem.value.message_dict
    with pytest.raises(ValidationError):
        keep_rule(by=noor, rule=rule, told={"topics": [battery, 99]})
    rule = keep_rule(by=noor, rule=rule, told={"name": "Other", "topics": [battery]})
    assert rule.topics == [[battery, "Battery"]]


def test_topics_are_chosen_on_the_page(battery: int, noor: Any, signed_in: Any) -> None:
    browser = signed_in(noor)
    page = browser.get("/answer/rules/add/").content.decode()
    assert "Is about the topic" in page and "Battery" in page and "Charger" in page
    told = {"name": "Batteries", "position": "7", "is_on": "on", "does": "open", "topics": ["3"]}
    assert browser.post("/answer/rules/add/", told).status_code == 302
    rule = Rule.objects.get(name="Batteries")
    assert rule.topics == [[3, "Battery"]]
    keep_known(number=battery, name="Battery", canonical="accu*", in_use=False)
    page = browser.get(f"/answer/rules/{rule.pk}/").content.decode()
    assert "“Battery” (put away)" in page
    assert browser.post(f"/answer/rules/{rule.pk}/", told).status_code == 302
    assert browser.post("/answer/rules/add/", {**told, "topics": ["77"]}).status_code == 400


def test_without_topics_the_form_says_who_defines_them(windmee: Any, noor: Any, signed_in: Any) -> None:  # fmt: skip
    assert "There are no topics yet" in signed_in(noor).get("/answer/rules/add/").content.decode()


def test_a_house_without_such_rules_asks_nothing_of_topics(battery: int, lands: Any, noor: Any) -> None:  # fmt: skip
    def asked_for_topics() -> int:
        with CaptureQueriesContext(connection) as asked:
            take_in()
        return sum("directory_knowntopic" in one["sql"] for one in asked)

    lands("accu leeg", native="a")
    assert asked_for_topics() == 0
    a_rule(noor, topics=[battery])
    for n in range(5):
        lands("accu leeg", native=f"n{n}", author=f"a{n}")
    assert asked_for_topics() == 1
