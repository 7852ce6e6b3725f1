"""Topics: defined by a query, filed over the archive and as posts come in, changed in versions."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from openroads.archive.filing import different
from openroads.archive.queries.topics import Different, filed_posts, last_version
from openroads.delivery.runner import work_off
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening.topics import actions, filing, queries
from openroads.listening.topics.differences import Piece, differences
from openroads.listening.topics.figures import figures_of, whole_weeks
from openroads.listening.topics.models import Filing, Topic, TopicVersion

RIGHT = Different(0, 0)
SINCE, UNTIL = date(2026, 6, 1), date(2026, 7, 1)
PERIOD = f"since={SINCE}&until=2026-06-30"
HEAD = "id,created_at,network,author,text\n"
ROWS = (
    "1,2026-06-02T10:00:00Z,x,a,the battery is empty\n"
    "2,2026-06-03T10:00:00Z,x,b,a lovely bell on this bike\n"
    "3,2026-05-04T10:00:00Z,x,c,battery demo in the shop\n"
    "4,2026-06-15T10:00:00Z,x,d,new Batteries for Windmee\n"
)


@pytest.fixture
def heard(brought: Any) -> Any:
    """A house that read four posts: three of batteries, one of these a demo."""
    from openroads.listening.topics import schedule  # noqa: F401 (declares the room's jobs)

    return brought(HEAD + ROWS)


def define(by: Any, text: str, name: str = "Battery", **more: Any) -> Topic:
    return actions.define_topic(by=by, name=name, text=text, **more)


def posts(topic: Topic) -> int | None:
    topic.refresh_from_db()
    found = figures_of([topic], SINCE, UNTIL)[topic.pk]
    return found.posts if found else None


def filed_right(topic: Topic) -> Different:
    topic.refresh_from_db()
    assert topic.in_force is not None
    return different(archive(), queries.standing_of(topic.in_force))


def test_a_topic_is_filed_over_what_is_there_and_what_comes(heard: Any, sanne: Any, brought: Any) -> None:  # fmt: skip
    topic = define(sanne, "batter* NOT demo")
    assert posts(topic) is None, "nothing is claimed before the archive is filed"
    work_off()
    assert (posts(topic), filed_right(topic)) == (2, RIGHT)
    brought(HEAD + "9,2026-06-20T10:00:00Z,x,e,battery once more\n", name="more.csv")
    assert (posts(topic), filed_right(topic)) == (3, RIGHT)
    state = topic.in_force.filing  # type: ignore[union-attr]
    assert state.filed_to == last_version(archive()), "what came filed is not looked at again"
    verbs = set(TrailEntry.objects.values_list("verb", flat=True))
    assert {"defined a topic", "put a version of a topic in force"} <= verbs


def test_the_version_before_counts_until_the_new_one_is_filed_to_the_end(
    heard: Any, sanne: Any
) -> None:
    topic = define(sanne, "battery")
    work_off()
    assert posts(topic) == 1
    version = actions.change_query(by=sanne, topic=topic, text="batter* OR bell", note="wider")
    left = iter([True, False])
    assert not filing.file_topic(topic_id=topic.pk, alive=lambda: next(left))
    version.filing.refresh_from_db()
    assert (version.filing.state, version.filing.share) == (Filing.State.RUNNING, 3 / 4)
    assert (posts(topic), topic.in_force.number) == (1, 1)  # type: ignore[union-attr]
    assert set(filed_posts(archive())) == {topic.versions.last().pk, version.pk}
    assert filing.file_topic(topic_id=topic.pk)
    assert (posts(topic), filed_right(topic)) == (3, RIGHT)
    assert set(filed_posts(archive())) == {version.pk}, "the old filing is cleared away"
    first, second = topic.versions.order_by("number")
    assert (first.text, second.text, second.note) == ("battery", "batter* OR bell", "wider")


def test_posts_that_come_while_the_archive_is_filed_are_filed_too(
    heard: Any, sanne: Any, brought: Any
) -> None:
    topic = define(sanne, "battery")
    left = iter([True])
    with pytest.raises(StopIteration):  # the worker dies between two months
        filing.file_topic(topic_id=topic.pk, alive=lambda: next(left))
    brought(HEAD + "9,2026-06-20T10:00:00Z,x,e,battery once more\n", name="more.csv")
    assert (posts(topic), filed_right(topic)) == (2, RIGHT)


def test_going_back_is_a_new_version_with_the_old_query(heard: Any, sanne: Any) -> None:
    topic = define(sanne, "battery")
    actions.change_query(by=sanne, topic=topic, text="bell")
    work_off()
    first = topic.versions.get(number=1)
    again = actions.go_back(by=sanne, version=first)
    work_off()
    assert (again.number, again.text, again.same_as, posts(topic)) == (3, "battery", 1, 1)
    assert actions.go_back(by=sanne, version=first) == again, "it asks that already"
    passed = topic.versions.get(number=1).filing
    assert passed.state == Filing.State.PASSED_OVER, "a newer version came before its turn"


def test_a_filing_is_stopped_and_goes_on(heard: Any, sanne: Any) -> None:
    topic = define(sanne, "battery")
    actions.stop_filing(by=sanne, topic=topic)
    work_off()
    assert posts(topic) is None
    newest = queries.newest_filing(topic)
    assert newest is not None
    assert newest.may_go_on
    actions.resume_filing(by=sanne, topic=topic)
    asked_to_stop = iter([True])

    def alive() -> bool:
        if next(asked_to_stop, False):
            actions.stop_filing(by=sanne, topic=topic)
        return True

    assert not filing.file_topic(topic_id=topic.pk, alive=alive)
    newest.refresh_from_db()
    assert (newest.state, len(newest.months)) == (Filing.State.STOPPED, 1)
    actions.resume_filing(by=sanne, topic=topic)
    work_off()
    assert (posts(topic), filed_right(topic)) == (1, RIGHT)


def test_a_filing_nobody_is_at_any_more_says_so_and_can_go_on(heard: Any, sanne: Any) -> None:
    from openroads.delivery.models import QueuedJob

    topic = define(sanne, "battery")
    assert filing.settle_filings() == 0, "its job waits"
    QueuedJob.objects.all().delete()
    assert filing.settle_filings() == 1
    actions.resume_filing(by=sanne, topic=topic)
    work_off()
    assert posts(topic) == 1


def test_a_topic_put_away_is_not_filed_and_made_up_for_when_taken_up(
    heard: Any, sanne: Any, brought: Any
) -> None:
    topic = define(sanne, "battery")
    work_off()
    actions.put_away(by=sanne, topic=topic)
    assert queries.standing() == []
    brought(HEAD + "9,2026-06-20T10:00:00Z,x,e,battery once more\n", name="more.csv")
    topic.refresh_from_db()
    with pytest.raises(ValidationError, match="put away"):
        actions.change_query(by=sanne, topic=topic, text="bell")
    actions.take_up_again(by=sanne, topic=topic)
    work_off()
    assert (posts(topic), filed_right(topic)) == (2, RIGHT)


def test_what_was_corrected_or_brought_back_is_made_up_for(heard: Any, sanne: Any) -> None:
    from openroads.archive.corrections import Correction, correct
    from openroads.archive.queries.posts import posts_in_scope
    from openroads.archive.scope import Scope

    topic = define(sanne, "bell tone:negative")
    work_off()
    assert (posts(topic), filing.make_up()) == (0, 0)
    post = next(row for row in posts_in_scope(archive(), Scope(SINCE, UNTIL)) if "bell" in row.text)
    correct(archive(), [Correction(post.id, post.published_at, "a person", mood=-1)])
    assert filing.make_up() == 1
    assert (posts(topic), filed_right(topic)) == (1, RIGHT)
    assert filing.make_up() == 0
    archive().command("ALTER TABLE topic_post DELETE WHERE 1")
    Filing.objects.update(filed_to=10_000)  # as after an older archive was put back
    filing.cache.clear()
    assert filing.make_up() == 1
    assert posts(topic) == 1


def test_a_query_keeps_its_meaning_when_names_change(heard: Any, sanne: Any) -> None:
    from openroads.directory.company import Brand

    topic = define(sanne, "brand:Windmee batter*")
    Brand.objects.update(name="Zeemee")
    assert topic.versions.get().canonical.startswith("brand:")
    work_off()
    assert (posts(topic), filed_right(topic)) == (1, RIGHT)
    actions.change_query(by=sanne, topic=topic, text="bell")
    again = actions.go_back(by=sanne, version=topic.versions.get(number=1))
    assert again.canonical == topic.versions.get(number=1).canonical


def test_a_query_with_a_fault_and_a_name_that_is_taken_are_refused(
    windmee: Any, sanne: Any
) -> None:
    with pytest.raises(ValidationError, match="no second one"):
        define(sanne, '"battery')
    define(sanne, "battery")
    with pytest.raises(ValidationError, match="already"):
        define(sanne, "bell", name="BATTERY")
    assert TopicVersion.objects.count() == 1


def test_who_may_define_topics(windmee: Any, cast: dict[str, Any]) -> None:
    for name in ("noor", "sanne", "ada"):
        define(cast[name], "battery", name=name)
    topic = Topic.objects.get(name="noor")
    for name in ("daan", "fleur", "ilse", "tom", "omar", "ida", "marloes"):
        with pytest.raises(PermissionDenied):
            define(cast[name], "battery", name=name)
        for deed in (actions.stop_filing, actions.resume_filing, actions.put_away, actions.take_up_again):  # fmt: skip
            with pytest.raises(PermissionDenied):
                deed(by=cast[name], topic=topic)


def test_an_erased_author_is_in_no_topic(heard: Any, sanne: Any, ada: Any) -> None:
    from openroads.listening.erasing import actions as erasing
    from openroads.listening.erasing import schedule  # noqa: F401

    topic = define(sanne, "batter*")
    work_off()
    assert posts(topic) == 2
    erasing.ask_erasure(by=ada, network="x", handle="a", again="a")
    work_off()
    assert (posts(topic), filed_posts(archive())) == (1, {topic.versions.get().pk: 2})


# ------------------------------------------------------------------------------------------- pages
def test_the_pages_of_a_topic_from_defining_to_going_back(
    heard: Any, sanne: Any, signed_in: Any
) -> None:
    browser = signed_in(sanne)
    told = browser.get(reverse("listening:topics")).content.decode()
    assert "No topic is defined yet" in told
    form = browser.get(reverse("listening:add_topic") + "?q=batter*").content.decode()
    assert "It finds 3 posts" in form
    asked = {"text": "autor:noor battery", "name": "Battery"}
    faulty = browser.post(reverse("listening:add_topic"), asked)
    assert faulty.status_code == 400
    assert "Use “author:noor” instead" in faulty.content.decode()
    mended = browser.post(reverse("listening:add_topic"), {**asked, "mend": "author:noor battery"})
    assert "author:noor battery</textarea>" in mended.content.decode()
    assert not Topic.objects.exists(), "mending and looking keep nothing"
    answer = browser.post(reverse("listening:add_topic"), {"text": "battery", "name": "Battery"})
    topic = Topic.objects.get()
    assert answer.url == reverse("listening:topic", args=[topic.pk])
    waiting = browser.get(answer.url).content.decode()
    assert "waits for its turn" in waiting
    assert "filed for the first time" in waiting
    work_off()
    done = browser.get(reverse("listening:topic_filing", args=[topic.pk]))
    assert done.headers["HX-Refresh"] == "true"
    page = browser.get(f"{answer.url}?{PERIOD}").content.decode()
    assert "Battery: 1 post, 33.3% of all we heard" in page
    change = reverse("listening:change_topic", args=[topic.pk])
    looked = browser.post(change, {"text": "batter*", "look": "1", "against": topic.in_force_id or ""})  # fmt: skip
    assert "Against version 1: 1 more, 0 fewer" in looked.content.decode()
    browser.post(change, {"text": "batter* NOT demo", "note": "no demos"})
    work_off()
    listed = browser.get(f"{reverse('listening:topics')}?{PERIOD}").content.decode()
    assert "“Battery” is talked of most: 2 posts" in listed
    page = browser.get(answer.url).content.decode()
    assert "<del>" in page
    assert "Go back to version 1" in page
    first = topic.versions.get(number=1)
    browser.post(reverse("listening:back_topic", args=[topic.pk, first.pk]))
    work_off()
    assert posts(topic) == 1


def test_a_topic_is_a_choice_in_the_sentence_of_explore_and_compare(
    heard: Any, sanne: Any, signed_in: Any
) -> None:
    topic, other = define(sanne, "battery"), define(sanne, "bell", name="Bell")
    browser = signed_in(sanne)

    def found(more: str) -> Any:
        answer = browser.get(f"{reverse('listening:explore')}?brand=0&{PERIOD}&{more}")
        assert answer.status_code == 200
        return answer.context["page"].finding, answer.content.decode()

    before = found(f"topic={topic.pk}")
    assert before[0].startswith("1 post fits"), "asked by its query until it is filed"
    work_off()
    finding, page = found(f"topic={topic.pk}")
    assert finding.startswith("1 post fits")
    assert "topic “Battery”" in page
    assert found(f"topic={topic.pk}&topic={other.pk}")[0].startswith("2 posts fit"), "any of them"
    assert found(f"topic={topic.pk}&q=empty")[0].startswith("1 post fits"), "and the query"
    assert found(f"topic={topic.pk}&topic={other.pk}&q=bell")[0].startswith("1 post fits")
    assert found("topic=999")[0].startswith("3 posts"), "what is no topic is passed over"
    actions.put_away(by=sanne, topic=topic)
    finding, page = found(f"topic={topic.pk}&topic={other.pk}&q=battery")
    assert finding.startswith("1 post fits"), "put away, an address still means what it meant"
    assert "Make this query a topic" in page
    compare = browser.get(
        f"{reverse('listening:compare')}?brand=0&{PERIOD}&topic={topic.pk}"
        f"&with.brand=0&with.since={SINCE}&with.until=2026-06-30&with.topic={other.pk}"
    )
    assert compare.context["page"].finding.startswith("1 posts against 1")


def test_a_mended_query_is_one_click_away_in_explore(windmee: Any, sanne: Any, signed_in: Any) -> None:  # fmt: skip
    browser = signed_in(sanne)
    page = browser.get(f"{reverse('listening:explore')}?brand=0&{PERIOD}&q=autor:noor").content.decode()  # fmt: skip
    assert "&amp;q=author%3Anoor" in page
    assert "Use “author:noor” instead" in page


def test_differences_are_told_piece_by_piece() -> None:
    before, after = 'battery AND (empty OR "goes flat")', "battery AND (empty OR cold)"
    assert differences(before, after) == [
        Piece("same", "battery AND (empty OR"),
        Piece("out", '"goes flat"'),
        Piece("in", "cold", apart=False),
        Piece("same", ")"),
    ]
    assert differences("a b", "a b") == [Piece("same", "a b")]


def test_only_whole_weeks_are_drawn() -> None:
    mondays = whole_weeks(date(2026, 6, 2), date(2026, 6, 29))
    assert mondays == [date(2026, 6, 8), date(2026, 6, 15), date(2026, 6, 22)]
    assert whole_weeks(date(2026, 6, 1), date(2026, 6, 8)) == [date(2026, 6, 1)]


def test_whoever_answers_knows_what_each_topic_is_called_and_asks(heard: Any, sanne: Any) -> None:
    """After every deed that changes one of the three, and when a version comes in force."""
    from openroads.directory.known_topics import known_topics, queries_in_use

    def known() -> tuple[str, str, bool]:
        one = known_topics()[topic.pk]
        return one.name, one.canonical, one.in_use

    topic = define(sanne, "batter*")
    assert known() == ("Battery", "batter*", True)
    work_off()
    actions.change_query(by=sanne, topic=topic, text="batter* NOT demo")
    assert known()[1] == "batter*", "until it is filed the version before counts"
    work_off()
    assert known()[1] == "batter* AND NOT demo"
    topic.refresh_from_db()
    actions.describe_topic(by=sanne, topic=topic, name="Range")
    actions.put_away(by=sanne, topic=topic)
    assert known() == ("Range", "batter* AND NOT demo", False) and topic.pk not in queries_in_use()
    actions.take_up_again(by=sanne, topic=topic)
    assert queries_in_use() == {topic.pk: "batter* AND NOT demo"}


def test_topics_from_before_become_known_by_the_migration(heard: Any, sanne: Any) -> None:
    from importlib import import_module

    from django.apps import apps

    from openroads.directory.known_topics import KnownTopic

    define(sanne, "bell", name="Bell")
    work_off()
    define(sanne, "batter*")  # not filed yet
    before = list(KnownTopic.objects.values())
    KnownTopic.objects.all().delete()
    moved = import_module("openroads.listening.migrations.0024_make_topics_known")
    moved.make_known(apps, None)
    assert list(KnownTopic.objects.values()) == before and len(before) == 2
