"""The state of the ear: what is worst first, told once, and no green where nothing is known."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from openroads.archive.ingest import Origin, ingest
from openroads.archive.message import Message
from openroads.connectors.failures import TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.port import Page
from openroads.delivery.models import Delivery, Notice
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening import queries
from openroads.listening.actions.sources import follow_feed, pause_source, visit_source
from openroads.listening.analysing import analysed
from openroads.listening.ear import actions, state
from openroads.listening.ear.actions import note_failure, note_success
from openroads.listening.ear.models import Silence
from openroads.listening.ear.page import ear_row, ears_finding
from openroads.listening.ear.silence import look_for_silence
from openroads.listening.ear.state import Ear, Health, ear_of
from openroads.listening.ear.visiting import Tally, begin_visit, end_visit
from openroads.listening.models import Deafness, Source, Visited
from tests.connectors.conftest import Server
from tests.listening.test_texts_and_visits import FEED, item

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def feed(windmee: Any, sanne: Any, server: Server) -> Source:
    return follow_feed(
        by=sanne, address=f"{server.url}/feed", name="Forum", purpose="To hear riders"
    )


def visit(source: Source, sanne: Any, server: Server, status: int = 200, items: str = "") -> None:
    server.says("/feed", FEED.format(items=items), status=status, kind="application/rss+xml")
    source.refresh_from_db()
    try:
        visit_source(by=sanne, source=source, client=Guarded((f"127.0.0.1:{server.port}",)))
    except TryLater:
        pass
    source.refresh_from_db()


def mails(about: str) -> list[str]:
    return list(
        Delivery.objects.filter(subject__contains=about).values_list("recipient", flat=True)
    )


# ------------------------------------------------------------------------------------------- visits
def test_every_visit_is_written_down_with_what_it_brought(
    feed: Source, sanne: Any, server: Server
) -> None:
    visit(feed, sanne, server, items=item(1, "One") + item(2, "Two"))
    visit(feed, sanne, server, items=item(1, "One", "The battery is full") + item(2, "Two"))
    visit(feed, sanne, server, status=500)
    last, second, first = Visited.objects.all()
    assert (first.pages, first.added, first.changed, first.same) == (1, 2, 0, 0)
    assert (second.added, second.changed, second.same) == (0, 1, 1) and second.went_well
    assert last.error and not last.went_well and not last.for_good
    assert all(one.ended_at is not None for one in (first, second, last))


def test_a_house_that_closes_leaves_no_visit_that_failed(
    feed: Source, sanne: Any, server: Server
) -> None:
    server.says("/feed", FEED.format(items=item(1, "One")), kind="application/rss+xml")
    visit_source(by=sanne, source=feed, client=Guarded((f"127.0.0.1:{server.port}",)), alive=lambda: False)  # fmt: skip
    assert not Visited.objects.exists() and not Deafness.objects.exists()


def test_old_visits_are_forgotten(feed: Source) -> None:
    Visited.objects.create(source=feed, began_at=NOW - timedelta(days=91), ended_at=NOW)
    kept = Visited.objects.create(source=feed, began_at=NOW - timedelta(days=89), ended_at=NOW)
    actions.look_at_ears(now=NOW)
    assert list(Visited.objects.all()) == [kept]


# ------------------------------------------------------------------------------------ deaf and told
def test_a_source_is_deaf_at_once_where_it_will_not_mend_itself(feed: Source, sanne: Any, ada: Any, server: Server) -> None:  # fmt: skip
    visit(feed, sanne, server, status=410)
    spell = Deafness.objects.get()
    assert spell.heard_at is None and mails("Forum is deaf") == [ada.email]
    visit(feed, sanne, server, status=410)
    assert Deafness.objects.count() == 1 and len(mails("Forum is deaf")) == 1, "once a spell"
    assert TrailEntry.objects.filter(verb="source went deaf").count() == 1


def test_what_may_pass_by_itself_is_deaf_after_three_in_a_row(feed: Source, sanne: Any, ada: Any, server: Server) -> None:  # fmt: skip
    visit(feed, sanne, server, status=500)
    visit(feed, sanne, server, status=500)
    assert not Deafness.objects.exists()
    visit(feed, sanne, server)
    for _ in range(2):
        visit(feed, sanne, server, status=500)
    assert not Deafness.objects.exists(), "a visit that went well begins the count anew"
    visit(feed, sanne, server, status=500)
    assert Deafness.objects.get().hole_from is not None and mails("Forum is deaf") == [ada.email]


def test_when_it_hears_again_that_is_told_and_the_hole_closed(feed: Source, sanne: Any, ada: Any, server: Server, signed_in: Any) -> None:  # fmt: skip
    visit(feed, sanne, server, items=item(1, "One"))
    visit(feed, sanne, server, status=410)
    Deafness.objects.update(hole_from=datetime(2026, 6, 2, tzinfo=UTC))
    visit(feed, sanne, server, items=item(1, "One") + item(9, "Nine"))
    spell = Deafness.objects.get()
    assert spell.heard_at is not None and spell.filled_at is not None, "it reaches back to before"
    assert mails("Forum hears again") == [ada.email]
    assert "has been read" in Delivery.objects.get(subject="Forum hears again").text
    assert (
        "filled"
        in signed_in(sanne).get(reverse("listening:source", args=(feed.pk,))).content.decode()
    )


def test_a_feed_that_shows_only_what_is_newer_leaves_a_hole_that_is_shown(feed: Source, sanne: Any, ada: Any, omar: Any, server: Server, signed_in: Any) -> None:  # fmt: skip
    visit(feed, sanne, server, items=item(1, "One"))
    visit(feed, sanne, server, status=410)
    Deafness.objects.update(hole_from=datetime(2026, 6, 5, tzinfo=UTC))
    visit(feed, sanne, server, items=item(9, "Nine"))
    spell = Deafness.objects.get()
    assert spell.heard_at is not None and spell.filled_at is None
    page = signed_in(sanne).get(reverse("listening:sources")).content.decode()
    assert "may be missing" in page
    with pytest.raises(PermissionDenied):
        actions.call_filled(by=omar, spell=spell)
    signed_in(sanne).post(reverse("listening:hole_filled", args=(feed.pk, spell.pk)))
    assert (
        "may be missing" not in signed_in(sanne).get(reverse("listening:sources")).content.decode()
    )


def test_a_network_is_asked_from_where_it_was_left(windmee: Any) -> None:
    source = Source.objects.create(
        kind="network", network="hackernews", name="HN", told={"topic": "x"}
    )
    Deafness.objects.create(source=source, began_at=NOW, why="gone", hole_from=NOW)
    spell = note_success(source=source, tally=Tally(oldest=NOW + timedelta(hours=1)), now=NOW)
    assert spell is not None and spell.filled_at == NOW


def test_one_that_comes_and_goes_is_told_of_once_as_long_as_it_lasts(
    feed: Source, ada: Any
) -> None:
    def fails(at: datetime) -> None:
        visited = begin_visit(feed)
        end_visit(visited, Tally(), error="gone", for_good=True)
        note_failure(source=feed, visited=visited)
        Deafness.objects.filter(heard_at=None, told_at__gt=timezone.now() - timedelta(minutes=1)).update(told_at=at)  # fmt: skip

    fails(timezone.now() - timedelta(hours=5))
    note_success(source=feed, tally=Tally(), now=timezone.now())
    fails(timezone.now())
    assert Deafness.objects.filter(told_at=None).count() == 1, (
        "within the cool-down nobody is mailed"
    )
    assert actions.look_at_ears(now=timezone.now()) == 0
    assert actions.look_at_ears(now=timezone.now() + timedelta(hours=2)) == 1, "it is deaf still"
    assert actions.look_at_ears(now=timezone.now() + timedelta(hours=9)) == 0


def test_a_key_that_expires_is_told_of_two_weeks_before(feed: Source, ada: Any) -> None:
    today = timezone.localdate()
    Source.objects.update(expires_on=today + timedelta(days=15))
    actions.look_at_ears(now=timezone.now())
    assert mails("expires soon") == []
    Source.objects.update(expires_on=today + timedelta(days=14))
    actions.look_at_ears(now=timezone.now())
    actions.look_at_ears(now=timezone.now())
    assert mails("expires soon") == [ada.email]
    feed.refresh_from_db()
    assert "Its key expires on" in ear_row(ear_of(feed, timezone.now())).told


# ---------------------------------------------------------------------------------- red before green
@pytest.mark.parametrize(
    ("said", "health"),
    [
        ({}, Health.UNKNOWN),
        ({"last_ok_at": NOW, "last_error": "gone"}, Health.DEAF),
        ({"last_ok_at": NOW - timedelta(hours=4)}, Health.STALE),
        ({"last_ok_at": NOW - timedelta(minutes=50)}, Health.UNKNOWN),
        ({"last_ok_at": NOW, "listening": False}, Health.PAUSED),
        ({"kind": "file"}, Health.BY_ITSELF),
        ({"kind": "site", "last_ok_at": NOW}, Health.HEARS),
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_called_well(
    windmee: Any, said: dict[str, Any], health: Health
) -> None:
    source = Source.objects.create(**{"kind": "feed", "name": "Forum", "address": "https://f.example/", **said})  # fmt: skip
    assert ear_of(source, NOW).health == health


def moments(hours_ago: float, every: float, n: int) -> list[int]:
    newest = NOW - timedelta(hours=hours_ago)
    return [int((newest - timedelta(hours=every * k)).timestamp()) for k in range(n)]


@pytest.mark.parametrize(
    ("ago", "n", "health"),
    [(1.9, 60, Health.HEARS), (2.1, 60, Health.SILENT), (400.0, 20, Health.HEARS)],
)
def test_silence_is_judged_by_its_own_past(windmee: Any, monkeypatch: pytest.MonkeyPatch, ago: float, n: int, health: Health) -> None:  # fmt: skip
    """One post an hour: two hours are usual. With 19 silences nothing is said of the usual one."""
    source = Source.objects.create(kind="feed", name="Forum", address="https://f.example/", last_ok_at=NOW, every_minutes=15)  # fmt: skip
    came = [state.Arrivals(source.pk, moments(ago, 1.0, n), 60)]
    monkeypatch.setattr(state, "arrivals", lambda *_: came)
    ear = ear_of(source, NOW)
    assert ear.health == health and ear.lag == timedelta(minutes=1)
    assert ear.usual_silence == (timedelta(hours=2) if n > 20 else None)
    if health == Health.SILENT:
        assert ear_row(ear).told == "Nothing for 2 hours; up to 2 hours is usual here."


# -------------------------------------------------------------------------------- silent, told once
def speaks(source: Source, *hours_ago: float) -> None:
    """Posts of so many hours before `NOW`, collected when they were said."""
    said = [NOW - timedelta(hours=hours) for hours in hours_ago]
    messages = [
        Message(native_id=f"{at:%d%H%M}", network="forum", text=f"The plug of {at:%A %H:%M} is loose", said_at=at)
        for at in said
    ]  # fmt: skip
    for page, analysis in analysed([Page(messages, "", [])], queries.reader()):
        origin = Origin(source.pk, "customer", 0, queries.own_handles())
        ingest(archive(), page.messages, analysis, origin, now=max(said))


def silent_ones(person: Any) -> list[Notice]:
    return list(Notice.objects.filter(to=person, deed__startswith="silent "))


@pytest.fixture
def hourly(windmee: Any) -> Source:
    """A forum with a post an hour, the last of ten hours ago, that was just visited."""
    source = Source.objects.create(kind="feed", name="Forum", address="https://f.example/", last_ok_at=NOW, every_minutes=15)  # fmt: skip
    speaks(source, *range(10, 50))
    return source


def test_who_falls_silent_is_told_of_once_until_it_spoke_again(hourly: Source, ada: Any, sanne: Any, signed_in: Any) -> None:  # fmt: skip
    assert ear_of(hourly, NOW).health == Health.SILENT
    assert look_for_silence(now=NOW) == 1
    (notice,) = silent_ones(ada)
    assert notice.title == "Forum is unusually silent" and "up to 2 hours is usual" in notice.text
    assert notice.url == reverse("listening:source", args=(hourly.pk,))
    assert not silent_ones(sanne), "administrators are told"
    assert mails("unusually silent") == [], "silence is no fault: nobody is mailed"
    Source.objects.update(last_ok_at=NOW + timedelta(hours=6))
    assert look_for_silence(now=NOW + timedelta(hours=6)) == 0
    assert len(silent_ones(ada)) == 1, "as long as it lasts, once"
    page = signed_in(sanne).get(reverse("listening:source", args=(hourly.pk,))).content.decode()
    assert "When it was unusually silent" in page and "not yet" in page
    speaks(hourly, 0)
    Source.objects.update(last_ok_at=NOW)
    assert look_for_silence(now=NOW) == 0
    assert Silence.objects.get().spoke_at == NOW
    later = NOW + timedelta(hours=30)
    Source.objects.update(last_ok_at=later)
    assert look_for_silence(now=later) == 1 and len(silent_ones(ada)) == 2, "another spell"
    verbs = list(TrailEntry.objects.filter(verb__startswith="source ").order_by("number").values_list("verb", flat=True))  # fmt: skip
    assert verbs == ["source fell silent", "source spoke again", "source fell silent"]


@pytest.mark.parametrize("told", [{"last_error": "gone"}, {"listening": False}, {"kind": "file"}])
def test_nobody_is_told_of_silence_that_has_another_reason(
    hourly: Source, ada: Any, told: dict[str, Any]
) -> None:
    Source.objects.update(**told)
    assert look_for_silence(now=NOW) == 0 and not Silence.objects.exists()


def test_deaf_and_paused_meanwhile_it_is_the_same_spell(hourly: Source, ada: Any) -> None:
    look_for_silence(now=NOW)
    Source.objects.update(last_error="gone")
    look_for_silence(now=NOW)
    Source.objects.update(last_error="", listening=False)
    look_for_silence(now=NOW)
    Source.objects.update(listening=True)
    assert look_for_silence(now=NOW) == 0
    assert len(silent_ones(ada)) == 1 and Silence.objects.get().spoke_at is None


def test_a_source_with_too_short_a_past_is_not_called_silent(windmee: Any, ada: Any) -> None:
    source = Source.objects.create(kind="feed", name="Forum", address="https://f.example/", last_ok_at=NOW)  # fmt: skip
    speaks(source, *range(100, 115))
    assert look_for_silence(now=NOW) == 0


def ears(*healths: Health) -> list[Ear]:
    source = Source(name="Forum", kind="feed")
    return [Ear(source, health, 0, None, None, None, None, None, None, None, 0, 0, None) for health in healths]  # fmt: skip


def test_the_headline_says_what_is_worst_first_and_well_only_when_all_is() -> None:
    hears, deaf = Health.HEARS, Health.DEAF
    assert ears_finding([]) == "No source yet"
    assert ears_finding(ears(hears, hears, Health.PAUSED)) == "All 2 ears hear"
    assert ears_finding(ears(hears)) == "The one ear hears"
    assert ears_finding(ears(deaf, deaf, *[hears] * 7)) == "Of 9 ears 2 are deaf"
    assert ears_finding(ears(deaf, Health.STALE, Health.SILENT, hears)) == "Of 4 ears 1 is deaf, of 1 nothing is known and 1 is unusually silent"  # fmt: skip
    assert "hear" not in ears_finding(ears(Health.UNKNOWN, hears)).replace("ears", "").replace(
        "heard", ""
    )
    assert ears_finding(ears(Health.BY_ITSELF)).startswith("No source is visited")


def test_the_rate_is_of_this_week_against_eight_before(windmee: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    source = Source.objects.create(
        kind="feed", name="Forum", address="https://f.example/", last_ok_at=NOW
    )
    today = timezone.localdate(NOW)
    for first, usual in ((today - timedelta(days=62), 2.0), (today - timedelta(days=34), 4.0), (today - timedelta(days=10), None)):  # fmt: skip
        volume = [state.SourceVolume(source.pk, 21, 112, first)]
        monkeypatch.setattr(state, "posts_by_source", lambda *_, found=volume: found)
        from django.core.cache import caches

        caches["answers"].clear()
        ear = ear_of(source, NOW)
        assert (ear.a_day, ear.usual_a_day) == (3.0, usual)


def test_the_page_of_a_source_shows_visits_and_register(feed: Source, sanne: Any, omar: Any, server: Server, signed_in: Any) -> None:  # fmt: skip
    visit(feed, sanne, server, items=item(1, "One"))
    page = signed_in(omar).get(reverse("listening:source", args=(feed.pk,))).content.decode()
    assert "Last visits" in page and "to its end" in page and "To hear riders" in page
    assert "Visit now" not in page, "who may not keep sources is shown no deed"
    pause_source(by=sanne, source=feed, listening=False)
    assert (
        "paused"
        in signed_in(sanne).get(reverse("listening:source", args=(feed.pk,))).content.decode()
    )


def test_metrics_count_the_deaf(feed: Source, sanne: Any, server: Server) -> None:
    from openroads.web.metrics import metrics_text

    assert "openroads_ears_deaf 0" in metrics_text()
    visit(feed, sanne, server, status=410)
    assert "openroads_ears_deaf 1" in metrics_text() and state.deaf_now() == 1
