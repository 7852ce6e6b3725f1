"""Kept posts are looked up again: what was edited there changes, what is gone there goes, and what cannot be looked
up in time goes too."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.archive.queries.stored import Place, deleted_ids, stored_months, stored_posts
from openroads.connectors.failures import Refused
from openroads.connectors.http import Guarded
from openroads.connectors.youtube import UNITS
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening.actions.sources import visit_source
from openroads.listening.models import Recheck, RecheckDay, Source
from openroads.listening.networks import BY_KIND, network_of, staying_sources
from openroads.listening.refreshing import actions, queries
from openroads.listening.spending.metering import SourceMeter
from openroads.safekeeping.exporting import make_export, stayed_behind
from tests.connectors.conftest import Server
from tests.connectors.visiting import answers, lets_in
from tests.listening.spending.conftest import LINKED, RED, TUBE, Clock, follow
from tests.listening.test_networks import heard


class Forum:
    """Reddit with some posts, each of which can be changed or taken away."""

    def __init__(self, server: Server, clock: Clock, texts: dict[str, str]) -> None:
        self.texts = dict(texts)
        self.moments = {name: clock.now - timedelta(hours=1 + n) for n, name in enumerate(texts)}
        self.asked: list[list[str]] = []
        lets_in(server)
        answers(server, "/search", lambda _: self.listing(self.texts))
        answers(server, "/api/info", self.info)

    def info(self, told: dict[str, str]) -> Any:
        self.asked.append(told["id"].split(","))
        return self.listing([name for name in self.asked[-1] if name in self.texts])

    def listing(self, names: Any) -> Any:
        things = [
            {"kind": "t3", "data": {
                "name": name, "selftext": self.texts[name], "title": "Kade", "author": f"rider_{name}",
                "created_utc": self.moments[name].timestamp(), "permalink": f"/r/x/{name}", "num_comments": 2}}
            for name in sorted(names, key=self.moments.__getitem__, reverse=True)
        ]  # fmt: skip
        return {"data": {"children": things, "after": None}}


def look_again(source: Source, client: Guarded, **more: Any) -> None:
    network: Any = network_of(source, client, lambda _: None)
    actions.refresh_source(source=source, network=network, **more)


def texts_of(source: Source) -> set[str]:
    found = archive().table(
        "SELECT text FROM post FINAL WHERE source = {source:UInt32}", {"source": source.pk}
    )
    return set(found["text"].to_pylist())


@pytest.fixture
def forum(windmee: Any, server: Server, at_test: Guarded, clock: Clock) -> Forum:
    return Forum(server, clock, {f"t3_{n}": f"De Windmee accu is leeg, {n}" for n in range(5)})


@pytest.fixture
def red(sanne: Any, forum: Forum, at_test: Guarded) -> Source:
    """A source on it, read once."""
    source = follow(sanne, "reddit", RED)
    visit_source(by=sanne, source=source, client=at_test)
    assert heard(source) == 5
    return source  # type: ignore[no-any-return]


def test_nothing_is_looked_up_before_its_time(
    red: Source, forum: Forum, at_test: Guarded, clock: Clock
) -> None:
    clock.now += timedelta(hours=23)
    look_again(red, at_test)
    assert forum.asked == []


def test_what_was_edited_or_taken_away_there_is_so_here(
    red: Source, forum: Forum, at_test: Guarded, clock: Clock
) -> None:
    clock.now += timedelta(hours=25)
    del forum.texts["t3_0"]
    forum.texts["t3_1"] = "[removed]"
    forum.texts["t3_2"] = "De Windmee accu was leeg"
    look_again(red, at_test)
    assert texts_of(red) == {
        "De Windmee accu was leeg",
        *(f"De Windmee accu is leeg, {n}" for n in (3, 4)),
    }
    day = RecheckDay.objects.get()
    assert (day.checked, day.changed, day.deleted, day.forgotten) == (5, 1, 2, 0)
    look_again(red, at_test)
    assert len(forum.asked) == 1  # once is enough until the next day
    seen = queries.looked(red, clock.now)
    assert seen is not None and seen.fresh_since == clock.now and not seen.late


def test_labels_of_a_post_that_is_gone_go_with_it(
    red: Source, forum: Forum, at_test: Guarded, clock: Clock, sanne: Any
) -> None:
    from openroads.archive.batch import post_id
    from openroads.listening.models import Label

    Label.objects.create(
        post=post_id(red.pk, "t3_0"), source=red.pk, published_at=clock.now, aspect="mood", value="negative",
        by=sanne, at=clock.now,
    )  # fmt: skip
    del forum.texts["t3_0"]
    clock.now += timedelta(hours=25)
    look_again(red, at_test)
    assert not Label.objects.exists()


def test_a_walk_goes_on_where_it_was_broken_off(
    red: Source, forum: Forum, at_test: Guarded, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    clock.now += timedelta(hours=25)
    look_again(red, at_test, alive=lambda: False)
    assert [len(some) for some in forum.asked] == [2]
    row = Recheck.objects.get()
    assert row.began_at == clock.now and row.verified_at is None
    look_again(red, at_test)
    asked = [name for some in forum.asked for name in some]
    assert sorted(asked) == [f"t3_{n}" for n in range(5)]
    row.refresh_from_db()
    assert (row.verified_at, row.began_at, row.cursor) == (clock.now, None, "")


def test_posts_that_came_while_a_walk_was_under_way_are_looked_up_at_the_next(
    red: Source, forum: Forum, at_test: Guarded, clock: Clock, sanne: Any
) -> None:
    clock.now += timedelta(hours=25)
    forum.texts["t3_9"] = "De Windmee is nieuw"
    forum.moments["t3_9"] = clock.now - timedelta(minutes=1)
    visit_source(by=sanne, source=red, client=at_test)
    look_again(red, at_test)
    assert "t3_9" not in {name for some in forum.asked for name in some}
    clock.now += timedelta(hours=25)
    look_again(red, at_test)
    assert "t3_9" in {name for some in forum.asked for name in some}


def test_a_second_look_keeps_what_it_does_not_tell(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, clock: Clock
) -> None:
    """YouTube tells of a comment alone neither its likes here nor its video."""
    said = {"textDisplay": "De Kade rijdt fijn", "authorDisplayName": "@ilse", "publishedAt": (clock.now - timedelta(hours=1)).isoformat()}  # fmt: skip
    top = {"id": "c1", "snippet": {**said, "videoId": "kadeRIDEday", "likeCount": 7}}
    answers(server, "/commentThreads", lambda _: {"items": [{"snippet": {"topLevelComment": top}}]})
    answers(server, "/comments", lambda _: {"items": [{"id": "c1", "snippet": said}]})
    source = follow(sanne, "youtube", TUBE)
    visit_source(by=sanne, source=source, client=at_test)
    clock.now += timedelta(days=26)
    look_again(source, at_test)
    assert RecheckDay.objects.get().changed == 0
    (post,) = posts(source, clock)
    assert (post.likes, post.thread) == (7, "video/kadeRIDEday")


def posts(source: Source, clock: Clock) -> list[Any]:
    return [
        post
        for month in stored_months(archive(), source.pk)
        for post in stored_posts(archive(), source.pk, month.month, Place(), clock.now + timedelta(days=1), 100)
    ]  # fmt: skip


def test_youtube_is_refreshed_from_day_25_or_forgotten_on_day_30(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, clock: Clock
) -> None:
    said = {"textDisplay": "De Kade rijdt fijn", "authorDisplayName": "@ilse", "publishedAt": (clock.now - timedelta(hours=1)).isoformat()}  # fmt: skip
    top = {"id": "c1", "snippet": {**said, "videoId": "kadeRIDEday"}}
    answers(server, "/commentThreads", lambda _: {"items": [{"snippet": {"topLevelComment": top}}]})
    answers(server, "/comments", lambda _: {"items": [top]})
    source = follow(sanne, "youtube", TUBE)
    visit_source(by=sanne, source=source, client=at_test)
    rule = BY_KIND["youtube"].rule(source.told)  # type: ignore[attr-defined]

    def night() -> int:
        return actions.let_go(by=sanne, source=source, rule=rule, now=clock.now)

    clock.now += timedelta(days=24)
    look_again(source, at_test)
    assert not RecheckDay.objects.exists()
    clock.now += timedelta(days=2)
    look_again(source, at_test)
    assert RecheckDay.objects.get().checked == 1
    clock.now += timedelta(days=28)  # 54 days old, looked up 28 days ago
    assert night() == 0 and heard(source) == 1
    # From here on the quota is gone whenever it is tried.
    clock.now += timedelta(days=3)
    SourceMeter(source).spend(UNITS, 10_000)
    look_again(source, at_test)
    assert night() == 1
    assert heard(source) == 0 and posts(source, clock) == []
    assert TrailEntry.objects.first().facts == {"posts": 1, "names": 0}
    assert night() == 0


def test_posts_that_a_walk_has_passed_are_not_forgotten(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    tops = [
        {"id": f"c{n}", "snippet": {
            "textDisplay": f"De Kade rijdt fijn {n}", "videoId": "kadeRIDEday", "authorDisplayName": "@i",
            "publishedAt": (clock.now.replace(day=clock.now.day) - timedelta(minutes=9 - n)).isoformat()}}
        for n in range(3)
    ]  # fmt: skip
    answers(server, "/commentThreads", lambda _: {"items": [{"snippet": {"topLevelComment": top}} for top in reversed(tops)]})  # fmt: skip
    answers(
        server,
        "/comments",
        lambda told: {"items": [top for top in tops if top["id"] in told["id"]]},
    )
    source = follow(sanne, "youtube", TUBE)
    visit_source(by=sanne, source=source, client=at_test)
    clock.now += timedelta(days=26)
    look_again(source, at_test, alive=lambda: False)  # one post of three
    clock.now += timedelta(days=5)
    rule = BY_KIND["youtube"].rule(source.told)  # type: ignore[attr-defined]
    assert actions.let_go(by=sanne, source=source, rule=rule, now=clock.now) == 2
    assert texts_of(source) == {"De Kade rijdt fijn 0"}


@pytest.fixture
def linked(windmee: Any, sanne: Any, server: Server, at_test: Guarded, clock: Clock) -> Source:
    """A source on LinkedIn with one post of the page and one comment."""
    ms = int((clock.now - timedelta(hours=2)).timestamp() * 1000)
    comment = {
        "actor": "urn:li:person:marloes", "commentUrn": "urn:li:comment:(urn:li:activity:7,9)", "created": {"time": ms},
        "message": {"text": "Wat een mooie Windmee"}, "object": "urn:li:activity:7",
    }  # fmt: skip
    post = {"id": "urn:li:share:7", "author": "urn:li:organization:12345", "commentary": "De Kade is er", "publishedAt": ms}  # fmt: skip
    answers(server, "/posts", lambda _: {"elements": [post]})
    answers(
        server, "/socialActions/urn%3Ali%3Ashare%3A7/comments", lambda _: {"elements": [comment]}
    )
    source = follow(sanne, "linkedin", LINKED)
    visit_source(by=sanne, source=source, client=at_test)
    assert heard(source) == 2
    return source  # type: ignore[no-any-return]


def test_linkedin_names_go_after_a_day_and_words_after_two_when_nobody_looks(
    linked: Source, clock: Clock, sanne: Any
) -> None:
    rule = BY_KIND["linkedin"].rule(linked.told)  # type: ignore[attr-defined]

    def authors() -> set[str]:
        found = archive().table(
            "SELECT author, author_key FROM post WHERE source = {s:UInt32}", {"s": linked.pk}
        )
        assert 0 not in found["author_key"].to_pylist()  # the pseudonym stays
        return set(found["author"].to_pylist())

    clock.now += timedelta(hours=23)
    assert actions.let_go(by=sanne, source=linked, rule=rule, now=clock.now) == 0
    assert "urn:li:person:marloes" in authors()
    clock.now += timedelta(hours=2)
    assert actions.let_go(by=sanne, source=linked, rule=rule, now=clock.now) == 0
    assert authors() == {""} and heard(linked) == 2
    assert RecheckDay.objects.latest("on").unnamed == 2
    clock.now += timedelta(hours=24)
    assert actions.let_go(by=sanne, source=linked, rule=rule, now=clock.now) == 2
    assert heard(linked) == 0


def test_linkedin_stays_in_the_house_and_an_export_says_how_many(
    linked: Source, red: Source, tmp_path: Path
) -> None:
    assert staying_sources() == {linked.pk}
    manifest = make_export(archive(), tmp_path / "out")
    written = [
        pq.read_table(path) for path in (tmp_path / "out" / "archive").glob("post-*.parquet")
    ]
    assert {source for table in written for source in table["source"].to_pylist()} == {red.pk}
    assert manifest["archive"]["post"][0] == sum(table.num_rows for table in written) == 5
    assert manifest["stayed"]["posts"] == stayed_behind(tmp_path / "out") == 2


def test_what_repeats_a_post_that_stays_repeats_nobody_where_it_goes(
    linked: Source, clock: Clock, tmp_path: Path
) -> None:
    """Two say word for word the same; the first of them stays."""
    from openroads.archive.message import Message
    from openroads.archive.whole import write_parquet
    from openroads.connectors.port import Page
    from openroads.listening.actions.landing import land

    words = "De accu van mijn Windmee Kade is na een winter al versleten en dat is jammer"
    other = Source.objects.create(kind="network", network="reddit", name="r")
    for source, hours in ((linked, 3), (other, 1)):
        post = Message("twin", "web", words, clock.now - timedelta(hours=hours))
        list(land(source, [Page([post], "")]))
    copies = "SELECT original FROM post FINAL WHERE source = {s:UInt32}"
    assert archive().table(copies, {"s": other.pk})["original"].to_pylist() != [0]
    (path,) = (
        p
        for p in write_parquet(archive(), tmp_path, staying=[linked.pk])
        if p.name.startswith("post")
    )
    assert pq.read_table(path)["original"].to_pylist() == [0]


def test_a_token_that_is_revoked_is_written_on_the_source(
    red: Source, forum: Forum, server: Server, at_test: Guarded, clock: Clock
) -> None:
    clock.now += timedelta(hours=25)
    answers(server, "/api/info", lambda _: (401, {}))
    look_again(red, at_test)
    red.refresh_from_db()
    assert "no longer lets this app in" in red.last_error
    assert heard(red) == 5


def test_what_nobody_asked_for_is_not_taken_in(
    red: Source, forum: Forum, server: Server, at_test: Guarded, clock: Clock
) -> None:
    clock.now += timedelta(hours=25)
    forum.texts["t3_evil"] = "De Windmee heeft een staartje"
    forum.moments["t3_evil"] = clock.now
    answers(server, "/api/info", lambda _: forum.listing(forum.texts))
    look_again(red, at_test)
    assert "De Windmee heeft een staartje" not in texts_of(red)


def test_paused_sources_are_looked_up_too_and_each_once_in_line(
    red: Source, forum: Forum, sanne: Any
) -> None:
    from openroads.delivery.models import QueuedJob
    from openroads.delivery.runner import work_off
    from openroads.listening.actions.sources import pause_source
    from openroads.listening.refreshing import schedule  # noqa: F401

    pause_source(by=sanne, source=red, listening=False)
    assert list(queries.refreshed_sources()) == [red]
    from openroads.delivery.jobs import enqueue

    enqueue("listening.refresh_due", by=sanne)
    work_off(limit=2)
    assert QueuedJob.objects.filter(key=f"refresh-{red.pk}").exists()


def test_by_night_what_was_deleted_leaves_the_files_and_one_entry_says_so(
    red: Source, forum: Forum, at_test: Guarded, clock: Clock, sanne: Any
) -> None:
    clock.now += timedelta(hours=25)
    del forum.texts["t3_0"]
    look_again(red, at_test)
    assert len(deleted_ids(archive())) == 1
    every = "SELECT count() AS n FROM post WHERE text LIKE '%leeg, 0'"
    assert archive().table(every, {})["n"].to_pylist() == [1]  # hidden, still on the disk
    clock.now += timedelta(days=1)
    actions.sweep(by=sanne)
    assert archive().table(every, {})["n"].to_pylist() == [0] and deleted_ids(archive()) == []
    entry = TrailEntry.objects.first()
    assert entry.verb == "looked kept posts up again"
    assert entry.facts == {
        "on": str((clock.now - timedelta(days=1)).date()), "cleared": 1, "checked": 5, "changed": 0, "deleted": 1,
        "forgotten": 0,
    }  # fmt: skip
    before = TrailEntry.objects.count()
    clock.now += timedelta(days=2)
    actions.sweep(by=sanne)
    assert TrailEntry.objects.count() == before


def test_a_post_that_moved_in_time_is_not_taken_for_deleted(windmee: Any, sanne: Any) -> None:
    from openroads.archive.message import Message
    from openroads.connectors.port import Page
    from openroads.listening.actions.landing import land

    source = Source.objects.create(kind="network", network="reddit", name="r")
    when = datetime(2026, 6, 1, tzinfo=UTC)
    for moment in (when, when + timedelta(days=40)):
        list(land(source, [Page([Message("a", "reddit", "De accu is leeg", moment)], "")]))
    assert heard(source) == 1 and deleted_ids(archive()) == []


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fates=st.lists(st.sampled_from(["stays", "edited", "gone"]), min_size=5, max_size=5),
    portion=st.integers(1, 5),
)
def test_whatever_became_of_posts_the_archive_says_what_the_network_says(
    red: Source, forum: Forum, at_test: Guarded, clock: Clock, fates: list[str], portion: int,
) -> None:  # fmt: skip
    actions_at_once, actions.AT_ONCE = actions.AT_ONCE, portion
    try:
        clock.now += timedelta(hours=25)
        for name, fate in zip([f"t3_{n}" for n in range(5)], fates, strict=True):
            if fate == "gone":
                forum.texts.pop(name, None)
            elif fate == "edited" and name in forum.texts:
                forum.texts[name] += "!"
        look_again(red, at_test)
        assert texts_of(red) == set(forum.texts.values())
    finally:
        actions.AT_ONCE = actions_at_once


def test_a_setting_that_is_no_number_of_hours_is_refused(windmee: Any, sanne: Any) -> None:
    with pytest.raises(Refused, match="hours"):
        follow(sanne, "reddit", {**RED, "recheck": "soon"})
