"""How long posts are kept: said per source, shown beforehand, carried out wholly, told on the trail."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from openroads.archive.queries.state import kept
from openroads.archive.rollups import verify_rollups
from openroads.cli.checking import _look_at_retention
from openroads.delivery.runner import work_off
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening.actions import imports
from openroads.listening.keeping import actions, queries
from openroads.listening.keeping import schedule as _jobs  # noqa: F401 (declares them)
from openroads.listening.keeping.models import Keeping
from openroads.listening.labels.models import Label
from openroads.listening.models import Import, Source, Topic, TopicLabel, TopicVersion

TODAY = timezone.localdate()
OLD, YOUNG = TODAY - timedelta(days=400), TODAY - timedelta(days=20)


def posts(*rows: tuple[int, date, str], author: str = "rider") -> str:
    lines = [f"{n},{day}T10:00:00Z,{author}{n},{text}" for n, day, text in rows]
    return "\n".join(["id,created_at,author,text", *lines]) + "\n"


def seen(text: str) -> int:
    """Rows of words with this text, and posts in which it is found."""
    words = archive().table("SELECT count() AS n FROM term WHERE key = {t:String}", {"t": text})
    found = archive().table("SELECT count() AS n FROM post WHERE hasAllTokens(searchable, {t:String})", {"t": text})  # fmt: skip
    return int(words["n"][0].as_py() + found["n"][0].as_py())


@pytest.fixture
def heard(brought: Callable[..., Import]) -> tuple[Source, Source]:
    """Two sources: three old posts and two young ones in the first, one old post in the second, which
    is a copy of the first's."""
    first = brought(
        posts(
            (1, OLD, "De xyzzyaccu van mijn Kade is leeg"), (2, OLD, "Mijn Kade rijdt prima"),
            (3, OLD + timedelta(days=2), "Weer een lekke band met de Kade vandaag op de dijk bij Hoorn"),
            (4, YOUNG, "Mijn Kade rijdt goed"), (5, YOUNG, "De accu van de Kade is leeg"),
        ),
    )  # fmt: skip
    other = brought(
        "nummer;moment;wie;wat\n"
        + f"9;{OLD + timedelta(days=3)} 10:00;iemand;Weer een lekke band met de Kade vandaag op de dijk bij Hoorn\n"
        + f"10;{YOUNG} 10:00;iemand;De Polder rijdt ook\n",
        name="forum.csv",
    )
    assert (first.added, other.added) == (5, 2) and first.source_id != other.source_id
    return first.source, other.source


def posts_of(*sources: Source) -> list[int]:
    counts = {row.source: row.posts for row in kept(archive())}
    return [counts.get(source.pk, 0) for source in sources]


def test_everything_is_kept_until_somebody_says_otherwise(heard: Any, ada: Any) -> None:
    assert actions.look_ahead() == []
    assert actions.take_out(by=ada).posts == 0
    assert posts_of(*heard) == [5, 2]
    assert not queries.is_overdue(timezone.now() + timedelta(days=99))


def test_what_is_past_its_time_goes_wholly_and_only_that(heard: Any, ada: Any) -> None:
    first, other = heard
    label = {"language": "nl", "aspect": "tone", "value": "positive", "said": "neutral", "said_by": "a", "why": "correction", "by": ada, "at": timezone.now()}  # fmt: skip
    table = archive().table("SELECT id, published_at FROM post WHERE source = {s:UInt32} ORDER BY published_at", {"s": first.pk}).to_pylist()  # fmt: skip
    topic = Topic.objects.create(name="Battery", by=ada)
    version = TopicVersion.objects.create(topic=topic, number=1, text="accu", canonical="accu", by=ada)  # fmt: skip
    for row in (table[1], table[-1]):
        TopicLabel.objects.create(topic=topic, post=row["id"], published_at=row["published_at"], source=first.pk, belongs=True, found=True, version=version, by=ada, at=timezone.now())  # fmt: skip
    for row in (table[0], table[-1]):
        Label.objects.create(post=row["id"], published_at=row["published_at"], source=first.pk, **label)  # fmt: skip
    actions.set_keeping(by=ada, house=0, sources={first.pk: 12})
    (ahead,) = actions.look_ahead()
    assert (ahead.source, ahead.posts, ahead.first, ahead.last) == (first.pk, 3, OLD, OLD + timedelta(days=2))  # fmt: skip
    assert posts_of(*heard) == [5, 2], "looking changes nothing"
    assert seen("xyzzyaccu") == 2

    done = actions.take_out(by=ada)
    assert (done.posts, done.labels) == (3, 2)
    assert done.words >= 1 and seen("xyzzyaccu") == 0
    assert posts_of(*heard) == [2, 2]
    assert verify_rollups(archive()) == []
    alone = archive().table("SELECT original FROM post FINAL WHERE source = {s:UInt32}", {"s": other.pk})  # fmt: skip
    assert alone["original"].to_pylist() == [0, 0], (
        "the copy that stays is now the first of its kind"
    )
    assert (Label.objects.count(), TopicLabel.objects.count()) == (1, 1)
    entry = TrailEntry.objects.get(verb="took out posts that were past their time")
    assert entry.facts["posts"] == 3 and entry.facts["name"] == first.name
    assert "xyzzyaccu" not in entry.facts_text
    assert actions.take_out(by=ada).posts == 0, "doing it again changes nothing"
    assert Keeping.objects.get().ran_at is not None


def test_the_house_says_it_where_a_source_does_not_and_files_of_that_time_go(heard: Any, ada: Any) -> None:  # fmt: skip
    first, other = heard
    item = Import.objects.get(source=first)
    Import.objects.filter(pk=item.pk).update(created_at=timezone.now() - timedelta(days=370))
    assert Path(item.path).exists() and item.reading["preview"]
    actions.set_keeping(by=ada, house=12, sources={other.pk: 0})
    done = actions.take_out(by=ada)
    assert posts_of(*heard) == [2, 2] and done.files == 1
    assert not Path(item.path).exists()
    item.refresh_from_db()
    assert (item.path, item.reading["preview"]) == ("", [])
    assert Path(Import.objects.get(source=other).path).exists()


def test_what_somebody_corrected_is_counted_once_and_goes_in_every_version(
    heard: Any, received: Any, ada: Any, sanne: Any
) -> None:
    again = received(posts((1, OLD, "De xyzzyaccu van mijn Kade is toch niet leeg")))
    imports.start_import(by=sanne, item=again, source=heard[0])
    work_off()
    again.refresh_from_db()
    assert again.changed == 1
    actions.set_keeping(by=ada, house=12, sources={})
    assert [row.posts for row in actions.look_ahead()] == [3, 1]
    actions.take_out(by=ada)
    left = archive().table("SELECT count() AS n FROM post WHERE text LIKE '%xyzzyaccu%'", {})
    assert left["n"][0].as_py() == 0


def test_the_page_says_what_would_go_and_an_administrator_says_how_long(
    heard: Any, ada: Any, noor: Any, signed_in: Any
) -> None:
    first, other = heard
    browser, address = signed_in(ada), reverse("keeping:keeping")
    assert "No post is kept longer than you say" in browser.get(address).content.decode()
    answer = browser.post(address, {"house": "24", f"source-{first.pk}": "12", f"source-{other.pk}": ""})  # fmt: skip
    assert answer.status_code == 302
    first.refresh_from_db()
    assert (Keeping.objects.get().months, first.keep_months) == (24, 12)
    page = browser.get(address).content.decode()
    assert "3 posts are past their time and go tonight" in page
    assert "as the house (2 years)" in page
    assert browser.post(address, {"house": "soon"}).status_code == 400
    verbs = set(TrailEntry.objects.values_list("verb", flat=True))
    assert {"set how long posts are kept", "set how long posts of a source are kept"} <= verbs
    assert browser.post(reverse("keeping:take_out")).status_code == 302
    work_off()
    assert posts_of(*heard) == [2, 2]
    assert "3 posts went." in browser.get(address).content.decode()
    with pytest.raises(PermissionDenied):
        actions.set_keeping(by=noor, house=1, sources={})
    with pytest.raises(PermissionDenied):
        actions.take_out(by=noor)
    with pytest.raises(ValidationError):
        actions.set_keeping(by=ada, house=601, sources={})


def test_the_doctor_says_when_nobody_took_it_out(heard: Any, ada: Any) -> None:
    assert list(_look_at_retention()) == []
    actions.set_keeping(by=ada, house=12, sources={})
    assert list(_look_at_retention()) == []
    Keeping.objects.update(set_at=timezone.now() - timedelta(days=3))
    (finding,) = _look_at_retention()
    assert finding.state == "look" and "never taken out" in finding.told
    actions.take_out(by=ada)
    assert list(_look_at_retention()) == []


@pytest.mark.parametrize(
    ("today", "months", "since"),
    [
        (date(2026, 11, 23), 12, date(2025, 11, 23)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 18, date(2025, 6, 30)),
    ],
)
def test_months_ago_is_the_same_day(today: date, months: int, since: date) -> None:
    assert queries.kept_since(today, months) == datetime(since.year, since.month, since.day, tzinfo=UTC)  # fmt: skip


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 600))
def test_a_longer_time_never_keeps_less(today: date, months: int) -> None:
    since = queries.kept_since(today, months)
    assert queries.kept_since(today, months + 1) < since < datetime(today.year, today.month, today.day, tzinfo=UTC)  # fmt: skip
    assert queries.kept_since(today + timedelta(days=1), months) >= since
