"""Saying where a post belongs: it holds through every change of the query, can be taken back, and judges it."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from openroads.analysis.query.kept import node_of
from openroads.archive.filing import different
from openroads.archive.queries.posts import Quote, posts_in_scope
from openroads.archive.queries.topics import Different, filings_of
from openroads.archive.scope import Scope
from openroads.delivery.runner import work_off
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening.gap_queries import mark_of
from openroads.listening.labels.actions.labelling import label_post, undo_label, undo_last
from openroads.listening.labels.actions.rescoring import forget_posts
from openroads.listening.labels.models import Label
from openroads.listening.topics import actions, filing, judged_page, queries, said, saying
from openroads.listening.topics.figures import figures_of
from openroads.listening.topics.judged_page import rightness_page
from openroads.listening.topics.models import Topic, TopicLabel
from openroads.listening.topics.rightness import Rightness, agreement_on, rightness_of

RIGHT = Different(0, 0)
SINCE, UNTIL = date(2026, 6, 1), date(2026, 7, 1)
DAYS = "?" + urlencode({"since": "2026-06-01", "until": "2026-06-30", "brand": 0})
HEAD = "id,created_at,network,author,likes,text\n"
ROWS = {
    "empty": "1,2026-06-02T10:00:00Z,x,a,0,the battery is empty\n",
    "bell": "2,2026-06-03T10:00:00Z,x,b,0,a lovely bell on this bike\n",
    "demo": "3,2026-06-04T10:00:00Z,x,c,0,battery demo in the shop\n",
    "flat": "4,2026-06-15T10:00:00Z,x,d,0,it goes flat when it is cold\n",
}


@pytest.fixture
def battery(brought: Any, sanne: Any) -> Topic:
    """A topic filed over four posts: it finds a demo that does not belong, and misses one that does."""
    from openroads.listening.labels import schedule as _labels  # noqa: F401 (declare the room's jobs)
    from openroads.listening.topics import schedule  # noqa: F401

    brought(HEAD + "".join(ROWS.values()))
    topic = actions.define_topic(by=sanne, name="Battery", text="battery")
    work_off()
    topic.refresh_from_db()
    return topic


def post(name: str) -> Quote:
    text = ROWS[name].split(",")[-1].strip()
    return next(row for row in posts_in_scope(archive(), Scope(SINCE, UNTIL)) if row.text == text)


def say(by: Any, topic: Topic, name: str, *, belongs: bool) -> TopicLabel:
    one = post(name)
    return saying.say_topic(by=by, topic=topic, post=one.id, published_at=one.published_at, belongs=belongs)  # fmt: skip


def is_in(topic: Topic) -> set[str]:
    """The posts filed under the version in force; nothing is filed otherwise than it should be."""
    topic.refresh_from_db()
    assert topic.in_force is not None
    assert different(archive(), queries.standing_of(topic.in_force)) == RIGHT
    rows = {name: post(name) for name in ROWS}
    keys = [(row.id, row.published_at) for row in rows.values()]
    filed = filings_of(archive(), [topic.in_force.pk], keys)
    return {name for name, row in rows.items() if row.id in filed}


def counted(topic: Topic) -> int:
    topic.refresh_from_db()
    found = figures_of([topic], SINCE, UNTIL)[topic.pk]
    assert found is not None
    return found.posts


def rightness(topic: Topic, version: int | None = None) -> Rightness:
    asked = topic.versions.get(number=version) if version else queries.asked_by(topic)
    return rightness_of(topic.pk, node_of(asked.canonical))


# -------------------------------------------------------------------------------------------- saying it
def test_what_is_said_holds_at_once_in_the_topic_and_its_figures(battery: Topic, daan: Any) -> None:
    assert (is_in(battery), counted(battery)) == ({"empty", "demo"}, 2)
    label = say(daan, battery, "demo", belongs=False)
    assert (is_in(battery), counted(battery)) == ({"empty"}, 1)
    assert (label.found, label.confirms, label.version.number) == (True, False, 1)
    say(daan, battery, "flat", belongs=True)
    assert (is_in(battery), counted(battery)) == ({"empty", "flat"}, 2)
    label.refresh_from_db()
    assert label.filed_at is not None
    entry = TrailEntry.objects.filter(verb="said where a post belongs").order_by("pk")[0]
    assert entry.facts == {"topic": "Battery", "belongs": False, "found": True}
    assert (entry.by, entry.thing) == (daan, str(label.pk))


def test_a_changed_query_never_undoes_what_a_person_said(battery: Topic, sanne: Any) -> None:
    say(sanne, battery, "demo", belongs=False)
    say(sanne, battery, "flat", belongs=True)
    actions.change_query(by=sanne, topic=battery, text="battery OR bell OR demo")
    assert is_in(battery) == {"empty", "flat"}, "the version before, until it is filed"
    work_off()
    assert is_in(battery) == {"empty", "flat", "bell"}
    actions.go_back(by=sanne, version=battery.versions.get(number=1))
    work_off()
    assert is_in(battery) == {"empty", "flat"}


def test_what_is_said_while_the_archive_is_filed_holds_in_both_versions(
    battery: Topic, sanne: Any
) -> None:
    actions.change_query(by=sanne, topic=battery, text="batter* OR bell")
    say(sanne, battery, "bell", belongs=False)
    say(sanne, battery, "flat", belongs=True)
    assert is_in(battery) == {"empty", "demo", "flat"}
    work_off()
    assert is_in(battery) == {"empty", "demo", "flat"}
    assert filing.hold_topic_labels() == 0


def test_a_label_taken_back_gives_the_word_to_the_query_again(battery: Topic, sanne: Any) -> None:
    label = say(sanne, battery, "demo", belongs=False)
    saying.undo_topic(by=sanne, label=label)
    saying.undo_topic(by=sanne, label=label)
    assert (is_in(battery), counted(battery)) == ({"empty", "demo"}, 2)
    assert TrailEntry.objects.filter(verb="took back where a post belongs").count() == 1
    assert TopicLabel.objects.count() == 1, "nothing is forgotten"


def test_a_person_has_one_label_per_post_and_the_last_of_all_holds(
    battery: Topic, sanne: Any, noor: Any
) -> None:
    say(sanne, battery, "demo", belongs=True)
    say(sanne, battery, "demo", belongs=False)
    hers = say(noor, battery, "demo", belongs=True)
    assert is_in(battery) == {"empty", "demo"}
    assert [(row.by.name, row.belongs) for row in said.labels_on(noor, [hers.post])[hers.post]] == [
        ("Sanne de Wit", False),
        ("Noor Verbeek", True),
    ]
    saying.undo_topic(by=noor, label=hers)
    assert is_in(battery) == {"empty"}
    assert TopicLabel.objects.count() == 3


def test_who_may_say_where_a_post_belongs(battery: Topic, cast: dict[str, Any]) -> None:
    label = say(cast["noor"], battery, "demo", belongs=False)
    for name in ("ilse", "omar", "ida", "marloes", "fleur", "tom"):
        with pytest.raises(PermissionDenied):
            say(cast[name], battery, "demo", belongs=True)
        with pytest.raises(PermissionDenied):
            saying.undo_topic(by=cast[name], label=label)
        assert said.labels_on(cast[name], [label.post]) == {}
        assert said.label_for(cast[name], label.pk) is None
        assert said.holding_for(cast[name], battery.pk) == []
    with pytest.raises(PermissionDenied):
        saying.undo_topic(by=cast["daan"], label=label)  # an agent takes back his own only
    saying.undo_topic(by=cast["sanne"], label=label)
    assert say(cast["bram"], battery, "demo", belongs=True).by == cast["bram"]


def test_a_topic_put_away_and_a_post_that_is_gone_are_refused(battery: Topic, sanne: Any) -> None:
    one = post("demo")
    with pytest.raises(ValidationError, match="no longer here"):
        saying.say_topic(by=sanne, topic=battery, post=17, published_at=one.published_at, belongs=True)  # fmt: skip
    actions.put_away(by=sanne, topic=battery)
    with pytest.raises(ValidationError, match="put away"):
        say(sanne, battery, "demo", belongs=False)
    assert not TopicLabel.objects.exists()


def test_taken_back_of_a_topic_put_away_is_filed_when_it_is_taken_up(
    battery: Topic, sanne: Any, signed_in: Any
) -> None:
    label = say(sanne, battery, "demo", belongs=False)
    actions.put_away(by=sanne, topic=battery)
    explore = reverse("listening:explore") + f"{DAYS}&topic={battery.pk}"
    assert signed_in(sanne).get(explore).context["page"].finding.startswith("1 post fits")
    saying.undo_topic(by=sanne, label=label)
    assert signed_in(sanne).get(explore).context["page"].finding.startswith("2 posts fit")
    actions.take_up_again(by=sanne, topic=battery)
    work_off()
    assert filing.hold_topic_labels() == 1
    assert is_in(battery) == {"empty", "demo"}


def test_what_a_batch_meanwhile_did_not_know_is_told_again(battery: Topic, sanne: Any) -> None:
    say(sanne, battery, "demo", belongs=False)
    say(sanne, battery, "flat", belongs=True)
    assert filing.hold_topic_labels() == 0
    unaware = "INSERT INTO topic_post SELECT DISTINCT topic, version, id, published_at, stamp, id = {out:UInt64} FROM topic_post WHERE id IN {ids:Array(UInt64)}"  # fmt: skip
    archive().command(unaware, {"out": post("flat").id, "ids": [post("demo").id, post("flat").id]})
    assert counted(battery) == 2
    assert filing.hold_topic_labels() == 2
    assert is_in(battery) == {"empty", "flat"}
    TopicLabel.objects.filter(belongs=True).update(
        filed_at=None
    )  # killed before the archive was told
    assert filing.hold_topic_labels() == 1
    assert filing.hold_topic_labels() == 0


def test_posts_that_come_in_again_stay_where_people_put_them(
    battery: Topic, sanne: Any, brought: Any
) -> None:
    say(sanne, battery, "demo", belongs=False)
    say(sanne, battery, "flat", belongs=True)
    changed = [row.replace(",0,", ",7,") for row in ROWS.values()]
    brought(HEAD + "".join(changed))
    assert post("demo").likes == 7
    keys = [(row.id, row.published_at) for row in posts_in_scope(archive(), Scope(SINCE, UNTIL))]
    assert len(keys) == 4
    assert battery.in_force is not None
    assert len(filings_of(archive(), [battery.in_force.pk], keys)) == 2
    assert different(archive(), queries.standing_of(battery.in_force)) == RIGHT
    assert filing.hold_topic_labels() == 0


def test_a_corrected_tone_reaches_the_topics_that_ask_for_it_at_once(
    battery: Topic, sanne: Any
) -> None:
    angry = actions.define_topic(by=sanne, name="Angry", text="bell tone:negative")
    work_off()
    assert is_in(angry) == set()
    one = post("bell")
    label = label_post(by=sanne, post=one.id, published_at=one.published_at, aspect="tone", value="negative")  # fmt: skip
    assert is_in(angry) == {"bell"}
    undo_label(by=sanne, label=label)
    assert is_in(angry) == set()


def test_taking_back_the_last_thing_said_takes_back_topics_too(battery: Topic, sanne: Any) -> None:
    one = post("demo")
    label_post(by=sanne, post=one.id, published_at=one.published_at, aspect="tone", value="negative")  # fmt: skip
    say(sanne, battery, "demo", belongs=False)
    assert len(undo_last(by=sanne, post=one.id)) == 1
    assert is_in(battery) == {"empty", "demo"}
    assert Label.objects.filter(undone_at=None).count() == 1
    assert len(undo_last(by=sanne, post=one.id)) == 1
    assert undo_last(by=sanne, post=one.id) == []


def test_topics_are_confirmed_at_once_and_taken_back_at_once(battery: Topic, sanne: Any) -> None:
    actions.define_topic(by=sanne, name="Demos", text="demo")
    work_off()
    one = post("demo")
    labels = saying.confirm_topics(by=sanne, post=one.id, published_at=one.published_at)
    assert [(label.topic.name, label.confirms) for label in labels] == [("Battery", True), ("Demos", True)]  # fmt: skip
    assert len(undo_last(by=sanne, post=one.id)) == 2
    bell = post("bell")
    assert saying.confirm_topics(by=sanne, post=bell.id, published_at=bell.published_at) == []


def test_what_was_said_of_an_erased_post_goes_with_it(battery: Topic, sanne: Any) -> None:
    label = say(sanne, battery, "demo", belongs=False)
    assert forget_posts(posts=[label.post]) == 1
    assert not TopicLabel.objects.exists()


# ------------------------------------------------------------------------------------ how right it is
def test_how_right_a_query_is_is_told_by_the_posts_people_looked_at(
    battery: Topic, sanne: Any, daan: Any
) -> None:
    assert rightness(battery) == Rightness()
    assert "Nobody has said yet" in rightness_page(battery).finding
    say(sanne, battery, "empty", belongs=True)
    say(sanne, battery, "demo", belongs=False)
    say(daan, battery, "flat", belongs=True)
    say(daan, battery, "bell", belongs=False)
    found = rightness(battery)
    assert (found.right, found.wrong, found.missed, found.kept_out) == (1, 1, 1, 1)
    assert (found.posts, found.people) == (4, 2)
    page = rightness_page(battery)
    assert page.finding == (
        "Of what it finds, people looked at 2: 1 rightly found. "
        "Of what belongs, people say, it misses 1 of 2."
    )
    assert (page.precise.value, page.precise.counted) == ("too few to say", "of the posts it finds: 1 of 2")  # fmt: skip
    actions.change_query(by=sanne, topic=battery, text='(battery NOT demo) OR "goes flat"')
    work_off()
    battery.refresh_from_db()
    better = rightness(battery)
    assert (better.right, better.wrong, better.missed) == (2, 0, 0)
    assert rightness(battery, version=1) == found, "an earlier version is judged by the same posts"


def test_a_share_is_told_with_its_interval_and_people_are_compared(
    battery: Topic, sanne: Any, noor: Any
) -> None:
    one = post("demo")
    for n in range(
        8
    ):  # four of five found belong; five posts two people spoke of, agreeing on all but one
        TopicLabel.objects.bulk_create(
            TopicLabel(
                topic=battery, post=n + 1, published_at=one.published_at, source=1, by=person,
                belongs=n != 0 or person == sanne, found=True, version=queries.asked_by(battery),
                at=one.published_at,
            )
            for person in ((sanne, noor) if n < 5 else (noor,))
        )  # fmt: skip
    found = agreement_on(battery.pk)
    assert (found.units, found.values) == (5, 10)
    assert found.alpha == 0.0, "nine in, one out: no better than chance"
    told = judged_page._share(4, 5, "%(hits)s of %(n)s")
    assert (told.value, told.interval) == ("80%", "38 to 96"), "Wilson for 4 of 5"


def test_a_query_being_written_is_judged_by_the_same_posts(
    battery: Topic, sanne: Any, omar: Any, signed_in: Any
) -> None:
    browser = signed_in(sanne)
    check = reverse("listening:check_topic")
    asked = {"text": 'battery OR "goes flat"', "against": battery.in_force_id or ""}
    assert "people say" not in browser.get(check, asked).content.decode()
    say(sanne, battery, "demo", belongs=False)
    say(sanne, battery, "flat", belongs=True)
    told = " ".join(browser.get(check, asked).content.decode().split())
    assert "Of the posts that belong, people say, it finds 1 of 1 (version 1: 0)." in told
    assert "Of the posts that do not belong, it finds 1 of 1 (version 1: 1)." in told


# ---------------------------------------------------------------------------------------------- pages
def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def mark(name: str) -> str:
    return mark_of(post(name))


def test_a_card_shows_its_topics_and_says_otherwise_with_and_without_a_script(
    battery: Topic, sanne: Any, omar: Any, signed_in: Any
) -> None:
    browser: Client = signed_in(sanne)
    back = reverse("listening:explore_posts") + DAYS
    page = text_of(browser.get(back))
    assert page.count('data-key="t"') == 4
    assert f'value="{battery.pk}:out" data-key="1" aria-pressed="true"' in page
    assert 'data-key="t"' not in text_of(signed_in(omar).get(back))
    address = reverse("labels:say_topic", args=(mark("demo"),))
    answer = browser.post(address, {"says": f"{battery.pk}:out", "next": back}, follow=True)
    assert answer.redirect_chain == [(back, 302)]
    assert "Not in “Battery” now" in text_of(answer)
    assert "You: not in “Battery”" in text_of(answer)
    told: Any = {"headers": {"HX-Request": "true"}}
    card = text_of(browser.post(address, {"says": f"{battery.pk}:in"}, **told))
    assert "data-say>In “Battery” now" in card
    assert "data-own-keys open" in card
    assert "<html" not in card
    card = text_of(browser.post(address, {"says": "right"}, **told))
    assert "data-say>Confirmed: its topics are right" in card
    assert "not one of the answers" in text_of(browser.post(address, {"says": "1:perhaps"}, **told))
    assert browser.post(address, {"says": "999:in"}).status_code == 404
    assert signed_in(omar).post(address, {"says": f"{battery.pk}:in"}).status_code == 403
    history = text_of(browser.get(reverse("labels:post", args=(mark("demo"),))))
    assert "Topic: in “Battery”" in history
    assert "Topic: not in “Battery”" in history
    assert "found by the query" in history
    label = TopicLabel.objects.filter(undone_at=None).get()
    undo = reverse("labels:undo_topic", args=(label.pk,))
    assert undo in history
    browser.post(undo)
    assert not TopicLabel.objects.filter(undone_at=None).exists()


def test_a_topic_beyond_the_nine_with_a_key_is_chosen_on_the_page_of_the_post(
    battery: Topic, sanne: Any, signed_in: Any
) -> None:
    for n in range(9):
        actions.define_topic(by=sanne, name=f"A{n}", text=f"word{n}")
    last = actions.define_topic(by=sanne, name="Zest", text="zest")
    browser: Client = signed_in(sanne)
    page = text_of(browser.get(reverse("listening:explore_posts") + DAYS))
    assert "Zest" not in page.split("<main")[1].split('class="posts')[1]
    assert "Another topic" in page
    address = reverse("labels:post", args=(mark("bell"),))
    assert f'<option value="{last.pk}">Zest</option>' in text_of(browser.get(address))
    browser.post(reverse("labels:say_topic", args=(mark("bell"),)), {"topic": last.pk})
    assert TopicLabel.objects.get().topic == last
    assert "in Zest" in text_of(browser.get(address))


def test_on_the_desk_a_post_is_put_in_a_topic_unseen_what_the_query_found(
    battery: Topic, sanne: Any, signed_in: Any
) -> None:
    from openroads.listening.labels.actions.auditing import draw_audit_sample

    draw_audit_sample(by=sanne, since=SINCE, until=UNTIL, size=4)
    browser: Client = signed_in(sanne)
    page = browser.get(reverse("labels:read"))
    turn = page.context["turn"]
    assert 'data-key="t"' in text_of(page)
    assert 'aria-pressed="true"' not in text_of(page).split("<main")[1]
    said_so = {"aspect": "tone", "item": turn.item.pk, "topic": f"{battery.pk}:in"}
    answer = browser.post(reverse("labels:read"), said_so, headers={"HX-Request": "true"})
    assert answer.context["turn"].item == turn.item, "the post stays before its reader"
    assert f'value="{battery.pk}:out" data-key="1" aria-pressed="true"' in text_of(answer)
    assert TopicLabel.objects.get().post == turn.item.post
    browser.post(reverse("labels:read"), {**said_so, "topic": f"{battery.pk}:out"})
    assert not TopicLabel.objects.filter(undone_at=None).exists(), "taken back, not said otherwise"


def test_the_page_of_a_topic_leads_to_the_posts_that_judge_it(
    battery: Topic, sanne: Any, omar: Any, signed_in: Any
) -> None:
    page = reverse("listening:topic", args=(battery.pk,))
    address = reverse("listening:topic_said", args=(battery.pk,))
    assert address not in text_of(signed_in(omar).get(page))
    say(sanne, battery, "demo", belongs=False)
    say(sanne, battery, "flat", belongs=True)
    told = text_of(signed_in(omar).get(page))
    assert "Of what it finds, people looked at 1: 0 rightly found." in told
    assert "These posts are no random sample" in told
    assert "Said by 1 person" in told
    assert address in told
    browser: Client = signed_in(sanne)
    shown = text_of(browser.get(address))
    assert "People looked at 2 posts of “Battery”" in shown
    assert "battery demo in the shop" in shown
    assert "it goes flat" not in shown
    missed = text_of(browser.get(address + "?which=missed"))
    assert "it goes flat when it is cold" in missed
    assert "Sanne" not in text_of(signed_in(omar).get(address)).split("<main")[1]
    assert "None of the posts" in text_of(browser.get(address + "?which=right"))


def test_ids_of_the_archive_fit_whatever_their_size(battery: Topic, sanne: Any) -> None:
    large = max((post(name) for name in ROWS), key=lambda row: row.id)
    label = TopicLabel.objects.create(
        topic=battery, post=large.id | 1 << 63, published_at=datetime.fromisoformat("2026-06-01T00:00Z"),
        source=1, belongs=True, found=True, version=queries.asked_by(battery), by=sanne,
        at=datetime.fromisoformat("2026-06-01T00:00Z"),
    )  # fmt: skip
    assert said.says_of([battery.pk])[battery.pk].put_in == {large.id | 1 << 63}
    assert label.post >= 1 << 63
