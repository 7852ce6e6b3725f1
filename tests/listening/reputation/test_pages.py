"""Reputation, signals and themes on a house whose posts anybody can count."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openroads.directory.models import TrailEntry
from openroads.listening.explore.models import Event
from openroads.listening.models import MonthTheme, Promise, SteeringAction, Topic
from openroads.listening.reputation import actions as steering
from openroads.listening.signals import actions as promising
from tests.listening.corpus import Sentences

FIRST = date(2026, 5, 4)
WEEKS = 12
ON = FIRST + timedelta(weeks=8)
LAST = FIRST + timedelta(weeks=WEEKS) - timedelta(days=1)
PERIOD = f"since={ON}&until={LAST}"
LONG = "the buzzer of this Windmee fell off again on the way to work today, thanks for nothing"
BELLS = 14
"""Posts of a bell a week; 30 from `ON` on."""


def posts_csv() -> str:
    """A week: bells (14, later 30) and saddles (24) of Windmee, 6 of Tramont, 2 of both."""
    said = Sentences(13)
    rows = ["id,created_at,network,author,text,reply_to,repost,replies,reposts"]

    def add(week: int, n: int, text: str, author: str, **more: str) -> None:
        if text.find(LONG) < 0:  # words of its own, so that no two posts look like copies
            text += "".join(f" {letter}{len(rows)}" for letter in "qwxzvkjy")
        at = FIRST + timedelta(weeks=week, days=n % 7)
        told = [more.get(name, "") for name in ("reply_to", "repost", "replies", "reposts")]
        name = more.get("id") or f"{week}-{n}-{author}"
        rows.append(",".join([name, f"{at}T10:00:00Z", "x", author, f'"{text}"', *told]))

    for week in range(WEEKS):
        for n in range(BELLS if week < 8 else 30):
            add(week, n, said.about("Windmee buzzer"), f"bell{week}x{n}")
        for n in range(24):
            add(week, n, said.about("Windmee saddle"), f"saddle{n}")
        for n in range(6):
            add(week, n, said.about("Tramont pedal"), f"pedal{n}")
        for n in range(2):
            add(week, n, said.about("Windmee or Tramont pedal"), f"both{n}")
    for n in range(4):
        add(11, n, said.about("Windmee buzzer"), "carla", id=f"c{n}", replies="40", reposts="9")
    for n in range(3):
        add(11, 4 + n % 3, said.about("mirror"), f"reader{n}", reply_to="c0")
    for n in range(5):
        add(9, n, f"Where is the buzzer with a whistle on {said.about('Windmee')}?", f"asker{n}")
    add(10, 0, LONG, "dana", id="long")
    add(10, 1, LONG + " indeed", "outlet")
    add(10, 2, "RT @dana: " + LONG, "fan", repost="yes")
    return "\n".join(rows)


@pytest.fixture(scope="module")
def house(lasting_house: Any) -> Any:
    """Windmee beside Tramont, twelve weeks of posts, a topic about bells."""
    from openroads.delivery.runner import work_off
    from openroads.directory.company import Brand
    from openroads.directory.people import system_person
    from openroads.listening.actions import imports
    from openroads.listening.sight.actions import give_sight
    from openroads.listening.topics import schedule  # noqa: F401 (declares the room's jobs)
    from openroads.listening.topics.actions import define_topic

    brand, sanne = lasting_house
    give_sight(by=system_person(), person=sanne, why="Answers who is taken up.")
    Brand.objects.create(name="Tramont", own=False)
    item = imports.receive_file(
        by=sanne, name="posts.csv", content=[posts_csv().encode()], brand=None
    )
    imports.start_import(by=sanne, item=item)
    topic = define_topic(by=sanne, name="Bells", text="buzzer*", brand=brand)
    define_topic(by=sanne, name="Thanks", text="thanks", brand=brand)
    work_off()
    return brand, sanne, topic  # fmt: skip


@pytest.fixture
def browser(house: Any, db: None) -> Client:
    client = Client()
    client.force_login(house[1])
    return client


def shown(browser: Client, name: str, asked: str = PERIOD) -> Any:
    answer = browser.get(f"{reverse(name)}?{asked}")
    assert answer.status_code == 200
    return answer.context


WINDMEE_NOW = 4 * (30 + 24 + 2) + 4 + 5 + 1
WINDMEE_BEFORE = 4 * (BELLS + 24 + 2)


def test_the_page_has_volume_and_share_beside_the_competitor(browser: Client) -> None:
    page = shown(browser, "reputation:reputation")["page"]
    ours, theirs = page.rows
    assert (ours.name, theirs.name) == ("Windmee", "Tramont")
    assert (ours.posts.value, theirs.posts.value) == (f"{WINDMEE_NOW}", "32")
    split = (WINDMEE_NOW - 4) / (WINDMEE_NOW + 24)
    assert ours.share.value == f"{100 * split:.0f}%"
    change = 100 * (WINDMEE_NOW / WINDMEE_BEFORE - 1)
    assert ours.posts.change == f"+{change:.0f}%"
    assert "8 of them name several" in page.counted
    assert page.finding.startswith(f"Windmee has {ours.share.value} of the conversation")


def test_posts_can_count_whole_and_net_sentiment_the_other_way(browser: Client) -> None:
    context = shown(browser, "reputation:reputation", f"{PERIOD}&count=full&net=nsr")
    full = context["page"].rows[0].share.value
    assert full == f"{100 * WINDMEE_NOW / (WINDMEE_NOW + 24):.0f}%"
    assert "NSR" in context["page"].formula
    links = [choice.query for choice in context["asked"].parts["language"].choices]
    assert all("count=full&net=nsr" in link for link in links)


def test_who_is_taken_up_stands_first_with_who_answered_them(browser: Client) -> None:
    rows = shown(browser, "reputation:reputation")["carriers"].rows
    assert rows[0].name == "carla, X"
    assert (rows[0].posts, rows[0].raw, rows[0].engagers) == ("4", "49.0", "3")
    assert not any("reader" in row.name for row in rows), "fewer than three posts"


def test_an_action_is_logged_marked_and_measured(house: Any, browser: Client) -> None:
    brand, sanne, topic = house
    action = steering.log_steering(
        by=sanne, on=ON, what="Louder bell", brand=brand, topic=topic, hope="more"
    )
    assert Event.objects.get(on=ON, what="Louder bell") == action.event
    assert TrailEntry.objects.filter(verb="logged a steering action").exists()
    (row,) = shown(browser, "reputation:steering")["actions"]
    assert (row.key, row.verdict) == ("worked", "as hoped")
    assert [side.before for side in row.sides] == [f"{4 * BELLS}", f"{4 * 26}"]
    steering.withdraw_steering(by=sanne, action=action)
    assert not Event.objects.filter(what="Louder bell").exists()
    assert shown(browser, "reputation:steering")["actions"] == []


def test_an_action_aims_at_one_thing_of_its_own_brand_and_not_tomorrow(
    house: Any, db: None
) -> None:
    from django.utils import timezone

    brand, sanne, topic = house
    told = {"by": sanne, "on": ON, "what": "x", "brand": brand, "hope": "more"}
    with pytest.raises(ValidationError):
        steering.log_steering(**told, topic=topic, product=brand.products.first())
    with pytest.raises(ValidationError):
        steering.log_steering(**told | {"on": timezone.localdate() + timedelta(days=1)})
    assert SteeringAction.objects.count() == 0


def test_who_may_not_mark_events_logs_nothing(house: Any, ilse: Any) -> None:
    with pytest.raises(PermissionDenied):
        steering.log_steering(by=ilse, on=ON, what="x", brand=house[0], hope="more")
    client = Client()
    client.force_login(ilse)
    told = {"what": "x", "on": ON, "brand": house[0].pk, "hope": "more"}
    assert client.post(reverse("reputation:steering"), told).status_code == 403


def test_the_form_says_what_is_wrong_with_it(browser: Client, house: Any) -> None:
    told = {"what": "x", "on": ON, "brand": house[0].pk, "hope": "more", "topic": house[2].pk}
    answer = browser.post(reverse("reputation:steering"), told | {"product": house[0].products.first().pk})  # fmt: skip
    assert answer.status_code == 400
    assert "not at both" in answer.content.decode()
    assert browser.post(reverse("reputation:steering"), told).status_code == 302
    assert SteeringAction.objects.get().topic == house[2]


def promise(house: Any, name: str, text: str, **more: Any) -> Promise:
    """A promise that is written down in English alone."""
    return promising.make_promise(by=house[1], names={"en": name}, texts={"en": text}, brand=house[0], **more)  # fmt: skip


def test_a_promise_shows_both_sides_and_who_speaks_of_it(house: Any, browser: Client) -> None:
    promise(house, "Bell", "buzzer*", claim="You hear it.")
    promise(house, "Saddle", "saddle")
    context = shown(browser, "signals:signals")
    page = context["page"]
    bell = next(row for row in page.rows if row.promise.name == "Bell")
    hits = 4 * 30 + 4 + 5 + 1
    assert bell.they == f"{100 * hits / WINDMEE_NOW:.1f}%"
    assert bell.they_interval.endswith(f"{hits} of {WINDMEE_NOW}")
    assert bell.we == "unknown", "we said nothing at all"
    assert bell.gap == "unknown"
    assert len(bell.quotes) == 2
    assert [row[:2] for row in page.map.rows] == [("Windmee", f"{WINDMEE_NOW}"), ("Tramont", "32")]
    assert page.map.rows[1][2].startswith("0.0%")


def test_questions_are_grouped_by_the_words_they_share(house: Any, browser: Client) -> None:
    page = shown(browser, "signals:signals")["page"]
    (group,) = page.questions
    assert {word for word, _language in group.words} == {"buzzer", "whistle"}
    assert group.posts == "5"
    assert group.example is not None and group.example.author.startswith("asker")
    assert (group.answer, page.questions_counted) == ("", "5 questions, 5 different.")


def test_a_promise_is_refused_with_a_broken_query_or_a_taken_name(house: Any, ilse: Any) -> None:
    sanne = house[1]
    made = promise(house, "Bell", "bell")
    for told in (("Bell", "bell"), ("Other", "(bell"), ("", "bell"), ("Other", " ")):
        with pytest.raises(ValidationError):
            promise(house, *told)
    with pytest.raises(PermissionDenied):
        promising.end_promise(by=ilse, promise=made)
    promising.end_promise(by=sanne, promise=made)
    assert promise(house, "Bell", "bell").pk != made.pk
    assert Promise.objects.filter(ended_at=None).count() == 1


def test_a_promise_has_a_name_and_a_query_in_each_language(house: Any, browser: Client) -> None:
    told = {
        "name_nl": "Bel", "text_nl": "saddle", "name_en": "Bell", "text_en": "buzzer* AND whistle",
        "brand": house[0].pk,
    }  # fmt: skip
    assert browser.post(reverse("signals:add_promise"), told).status_code == 302
    made = Promise.objects.get()
    assert (made.names, made.name) == ({"nl": "Bel", "en": "Bell"}, "Bel")
    (row,) = shown(browser, "signals:signals")["page"].rows
    assert row.they_interval.endswith(f"{24 * 4 + 5} of {WINDMEE_NOW}"), "of either language"
    assert row.promise.called == "Bell"
    found = browser.get(f"{reverse('listening:explore_posts')}?{row.explore}").context["finding"]
    assert found.startswith(f"{24 * 4 + 5} posts"), "Explore finds the same"
    browser.cookies["language"] = "nl"
    dutch = browser.get(f"{reverse('signals:signals')}?{PERIOD}").content.decode()
    assert ">Bel</a>" in dutch and ">Bell<" not in dutch
    change = browser.get(reverse("signals:change_promise", args=(made.pk,)))
    assert change.context["form"].initial["text_en"] == "buzzer* AND whistle"


def test_a_language_without_a_name_or_a_query_falls_back_on_the_other(house: Any) -> None:
    brand, sanne, _topic = house
    made = promising.make_promise(
        by=sanne, names={"nl": "Bel", "en": " "}, texts={"nl": "", "en": "buzzer*"}, brand=brand
    )
    with override("en"):
        assert (made.called, str(made)) == ("Bel", "Bel")
    assert (made.text, made.texts) == ("buzzer*", {"en": "buzzer*"})
    with pytest.raises(ValidationError, match="this name already"):
        promising.make_promise(by=sanne, names={"en": "Bel"}, texts={"en": "x"}, brand=brand)


def test_a_fault_is_told_where_it_was_written(house: Any, browser: Client) -> None:
    told = {"name_en": "Bell", "text_nl": "bel", "text_en": "(bell", "brand": house[0].pk}
    answer = browser.post(reverse("signals:add_promise"), told)
    assert answer.status_code == 400 and list(answer.context["form"].errors) == ["text_en"]
    long = " OR ".join(f"word{n}" for n in range(150))
    told |= {"text_nl": long, "text_en": long.replace("word", "term")}
    answer = browser.post(reverse("signals:add_promise"), told)
    assert "together are too long" in answer.content.decode()


def test_a_promise_from_before_is_of_the_first_language(house: Any, browser: Client) -> None:
    brand, sanne, _topic = house
    old = Promise.objects.create(
        name="Bell", text="buzzer*", canonical="buzzer*", brand=brand, by=sanne
    )
    form = browser.get(reverse("signals:change_promise", args=(old.pk,))).context["form"]
    assert (form.initial["name_nl"], form.initial["text_nl"]) == ("Bell", "buzzer*")
    assert list(form.fields)[:4] == ["name_nl", "text_nl", "name_en", "text_en"]
    with override("nl"):
        assert old.called == "Bell"


def test_one_card_stands_for_copies_and_opens_them(browser: Client) -> None:
    context = shown(browser, "listening:explore_posts", f"{PERIOD}&q=thanks")
    (card,) = context["cards"]
    assert (card.alike.copies, card.alike.reposts) == (1, 1)
    page = browser.get(reverse("labels:post", args=(card.mark,)))
    around = page.context["around"]
    assert [post.author for post in around.alike] == ["outlet", "fan"]
    assert around.alike_words == "1 more like this; passed on 1 time"
    counted = shown(browser, "listening:explore", f"{PERIOD}&q=thanks")["page"].counted
    assert counted.startswith("2 posts, 1 different.")


def test_an_answer_shows_what_it_answers(browser: Client) -> None:
    context = shown(browser, "listening:explore_posts", f"{PERIOD}&brand=0&q=author:reader0")
    (card,) = context["cards"]
    around = browser.get(reverse("labels:post", args=(card.mark,))).context["around"]
    assert around.answered.author == "carla"
    root = browser.get(reverse("labels:post", args=(around.answered_mark,))).context["around"]
    assert sorted(post.author for post in root.answers) == ["reader0", "reader1", "reader2"]


def test_themes_are_made_per_month_and_only_those_that_hold_together(house: Any, browser: Client) -> None:  # fmt: skip
    from openroads.listening.themes.actions import make_month, make_themes, months_before

    assert shown(browser, "themes:themes", "")["page"].finding == "No themes yet"
    assert make_themes(today=LAST) >= 0
    make_month(brand=house[0], month=date(2026, 7, 1))
    rows = MonthTheme.objects.all()
    assert all(row.coherence >= 0.05 and row.posts <= row.of for row in rows)
    assert months_before(date(2026, 1, 5), 3) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]  # fmt: skip


def test_a_theme_that_goes_on_keeps_its_line_and_proposes_a_topic(house: Any, browser: Client) -> None:  # fmt: skip
    from openroads.analysis.themes import Theme
    from openroads.archive.queries.gap import term_ids
    from openroads.directory.conversations import archive
    from openroads.listening.themes.actions import _keep

    ids = term_ids(archive(), ["buzzer", "saddle", "mirror"])
    bell = Theme(((ids["buzzer"], 3.0), (ids["mirror"], 1.0)), 40, 0.3)
    saddle = Theme(((ids["saddle"], 3.0),), 30, 0.2)
    _keep(house[0], date(2026, 6, 1), [saddle, bell], 100)
    _keep(house[0], date(2026, 7, 1), [bell], 80)
    lines = {(row.month.month, row.place): row.line for row in MonthTheme.objects.all()}
    assert lines == {(6, 0): 1, (6, 1): 2, (7, 0): 2}
    _keep(house[0], date(2026, 7, 1), [saddle, bell], 80)
    assert list(MonthTheme.objects.filter(month="2026-07-01").values_list("line", flat=True)) == [1, 2]  # fmt: skip
    page = shown(browser, "themes:themes", "")["page"]
    card = page.cards[1]
    assert (card.share, card.posts, card.since) == ("50%", "40", "goes on since June 2026")
    assert card.topic.endswith("?q=buzzer+AND+%28mirror%29&brand=" + str(house[0].pk))
    assert card.quotes


def topic_page(browser: Client, name: str) -> Any:
    topic = Topic.objects.get(name=name)
    answer = browser.get(f"{reverse('listening:topic', args=(topic.pk,))}?{PERIOD}")
    assert answer.status_code == 200
    return answer


def test_a_topic_counts_its_copies_and_its_cards_open_them(browser: Client) -> None:
    answer = topic_page(browser, "Thanks")
    page, cards = answer.context["page"], answer.context["cards"]
    assert page.row.posts == "1" and page.counted.startswith("2 posts, 1 different. Customers’")
    assert [(card.post.author, card.alike.copies, card.alike.reposts) for card in cards] == [("dana", 1, 1)]  # fmt: skip
    assert "1 more like this" in answer.content.decode()
    explored = shown(browser, "listening:explore", page.row.explore)["page"].counted
    assert explored.startswith("2 posts, 1 different."), "as Explore counts them"


def test_where_no_post_is_a_copy_a_topic_says_nothing_of_copies(browser: Client) -> None:
    topic = Topic.objects.get(name="Bells")
    week = f"since={FIRST}&until={FIRST + timedelta(days=6)}"
    page = browser.get(f"{reverse('listening:topic', args=(topic.pk,))}?{week}").context["page"]
    assert page.row.posts == f"{BELLS}" and "different" not in page.counted


def test_a_topic_shows_its_newest_posts_without_what_repeats_them(browser: Client) -> None:
    answer = topic_page(browser, "Bells")
    assert answer.context["page"].counted.startswith(f"{4 * 30 + 4 + 5 + 2} posts, ")
    moments = [card.post.published_at for card in answer.context["cards"]]
    assert len(moments) == 6 and moments == sorted(moments, reverse=True)
