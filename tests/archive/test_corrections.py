"""Answers written over those of the analyser, and posts drawn at random to ask about."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from openroads.archive.client import Archive
from openroads.archive.corrections import Correction, correct
from openroads.archive.ingest import Landed, Origin, post_id, verify_rollups
from openroads.archive.queries.corrections import (
    counted,
    drawn,
    population,
    posts_read,
    sampled,
)
from openroads.archive.queries.posts import posts_in_scope
from openroads.archive.queries.state import volume_by_day
from openroads.archive.scope import Scope
from tests.archive.saying import gone, land, said

NOVEMBER = Scope(date(2026, 11, 1), date(2026, 12, 1))
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
ACCU = said("1", "accu leeg na een jaar", date(2026, 11, 3), likes=4, mood=1, kind="praise")
REM = said("2", "rem piept al weken hard", date(2026, 11, 3), mood=-1, kind="complaint")


def the(post: str, **changes: object) -> Correction:
    given = {"analyser": "1+person", **changes}
    return Correction(post_id(1, post), NOON, **given)  # type: ignore[arg-type]


def moods(archive: Archive, *languages: str) -> tuple[int, int, int, int]:
    """Posts, positive, negative and complaints of November by the sums."""
    scope = Scope(NOVEMBER.since, NOVEMBER.until, languages=languages)
    rows = volume_by_day(archive, scope)
    return (
        sum(row.posts for row in rows), sum(row.positive for row in rows),
        sum(row.negative for row in rows), sum(row.complaints for row in rows),
    )  # fmt: skip


def test_a_corrected_post_counts_as_what_it_is(archive: Archive) -> None:
    land(archive, ACCU, REM)
    assert moods(archive) == (2, 1, 1, 1)
    assert correct(archive, [the("1", mood=-1, kind="complaint")]) == 1
    assert moods(archive) == (2, 0, 2, 2)
    assert verify_rollups(archive) == []
    post = posts_read(archive, [(post_id(1, "1"), NOON)])[post_id(1, "1")]
    assert (post.mood, post.kind, post.analyser, post.tone) == (-1, "complaint", "1+person", 0.5)
    assert post.whole_text == "accu leeg na een jaar"
    assert len(posts_in_scope(archive, NOVEMBER)) == 2


def test_correcting_twice_changes_nothing_more_and_correcting_back_undoes_it(
    archive: Archive,
) -> None:
    land(archive, ACCU, REM)
    assert [correct(archive, [the("1", mood=-1)]) for _ in (1, 2)] == [1, 0]
    assert correct(archive, [the("1", mood=0), the("1", mood=1, analyser="1")]) == 1
    assert moods(archive) == (2, 1, 1, 1)
    assert verify_rollups(archive) == []
    assert correct(archive, []) == 0


def test_the_same_file_read_again_leaves_the_correction_and_a_changed_post_loses_it(
    archive: Archive,
) -> None:
    land(archive, ACCU, REM)
    correct(archive, [the("1", mood=-1)])
    assert land(archive, ACCU, REM) == Landed(0, 0, 2, 0)
    assert moods(archive)[:3] == (2, 0, 2)
    assert land(archive, ACCU.but(likes=5)) == Landed(0, 1, 0, 0)
    assert moods(archive)[:3] == (2, 1, 1)
    assert verify_rollups(archive) == []


def test_a_corrected_post_can_be_deleted_and_stays_deleted(archive: Archive) -> None:
    land(archive, ACCU, REM)
    correct(archive, [the("2", mood=1)])
    assert land(archive, gone(REM)) == Landed(0, 0, 0, 1)
    assert correct(archive, [the("2", mood=0)]) == 0
    assert moods(archive) == (1, 1, 0, 0)
    assert verify_rollups(archive) == []


def test_a_language_put_right_moves_the_post_in_the_sums(archive: Archive) -> None:
    land(archive, ACCU, REM)
    correct(archive, [the("1", language="en")])
    assert (moods(archive, "nl")[0], moods(archive, "en")[0]) == (1, 1)
    assert verify_rollups(archive) == []


def test_a_post_whose_date_was_changed_is_found_all_the_same(archive: Archive) -> None:
    land(archive, ACCU, REM)
    land(archive, ACCU.but(said_at=datetime(2026, 9, 30, 23, 59, tzinfo=UTC)))
    assert correct(archive, [the("1", mood=-1), the("2", mood=1)]) == 2
    september = volume_by_day(archive, Scope(date(2026, 9, 1), date(2026, 10, 1)))
    assert [(row.positive, row.negative) for row in september] == [(0, 1)]
    assert moods(archive)[:3] == (1, 1, 0)
    assert set(posts_read(archive, [(post_id(1, "1"), NOON)])) == {post_id(1, "1")}
    assert verify_rollups(archive) == []


def test_copies_and_reposts_stay_uncounted(archive: Archive) -> None:
    copy = said("3", ACCU.message.text, date(2026, 11, 4), mood=1)
    land(archive, ACCU, copy, said("4", "accu leeg na een jaar", date(2026, 11, 3), repost=True))
    before = moods(archive)
    correct(archive, [Correction(post_id(1, "3"), datetime(2026, 11, 4, 12, tzinfo=UTC), "x", mood=-1)])  # fmt: skip
    correct(archive, [the("4", mood=-1)])
    assert moods(archive) == before == (1, 1, 0, 0)
    assert verify_rollups(archive) == []


def test_posts_that_are_gone_or_never_were_are_passed_over(archive: Archive) -> None:
    land(archive, ACCU)
    assert correct(archive, [the("never", mood=1)]) == 0
    assert posts_read(archive, [(post_id(1, "never"), NOON)]) == {}
    assert posts_read(archive, []) == {}


def test_a_failure_half_way_is_mended_by_the_next_who_writes(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(archive, ACCU, REM)
    whole = archive.insert

    def full(table: str, block: object, **_how: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(archive, "insert", full)
    with pytest.raises(OSError, match="no space"):
        correct(archive, [the("1", mood=-1)])
    monkeypatch.setattr(archive, "insert", whole)
    assert verify_rollups(archive), "the post changed and its sums did not"
    correct(archive, [the("2", mood=-1)])
    assert verify_rollups(archive) == []
    assert moods(archive)[:3] == (2, 0, 2)


@pytest.fixture
def full(archive: Archive) -> Archive:
    """60 Dutch, 20 English and 5 German posts, and what must not be drawn."""
    posts = [
        said(f"{language}{place}", f"bericht {language} {place} over iets", date(2026, 11, 1 + place % 20), language=language)
        for language, number in (("nl", 60), ("en", 20), ("de", 5))
        for place in range(number)
    ]  # fmt: skip
    posts.append(said("r", "een doorgestuurd bericht van iemand", date(2026, 11, 2), repost=True))
    posts.append(said("c", posts[0].message.text, date(2026, 11, 20)))
    land(archive, *posts)
    land(archive, said("own", "wij van het merk zeggen iets", date(2026, 11, 2)), origin=Origin(2, "brand"))  # fmt: skip
    return archive


def test_the_population_is_what_counts_per_language(full: Archive) -> None:
    rows = population(full, NOVEMBER, ["nl", "en"])
    assert {row.stratum: row.posts for row in rows} == {"nl": 60, "en": 20, "other": 5}
    assert counted(full, NOVEMBER) == 85


def test_the_same_seed_draws_the_same_posts_and_fewer_are_its_beginning(full: Archive) -> None:
    ten = drawn(full, NOVEMBER, ["nl", "en"], most=10, seed=7)
    assert ten == drawn(full, NOVEMBER, ["nl", "en"], most=10, seed=7)
    assert Counter(row.stratum for row in ten) == {"nl": 10, "en": 10, "other": 5}
    three = drawn(full, NOVEMBER, ["nl", "en"], most=3, seed=7)
    dutch = [[row.id for row in rows if row.stratum == "nl"] for rows in (three, ten)]
    assert dutch[0] == dutch[1][:3]
    other = drawn(full, NOVEMBER, ["nl", "en"], most=10, seed=8)
    assert {row.id for row in other} != {row.id for row in ten}


def test_every_post_is_drawn_equally_often(full: Archive) -> None:
    times: Counter[int] = Counter()
    for seed in range(120):
        times.update(row.id for row in drawn(full, NOVEMBER, ["nl"], most=6, seed=seed) if row.stratum == "nl")  # fmt: skip
    assert len(times) == 60
    # 12 times each is expected (binomial, sd 3.3): four standard deviations to either side.
    assert 0 < min(times.values())
    assert max(times.values()) < 26
    chi_square = sum((count - 12) ** 2 / (12 * 0.9) for count in times.values())
    assert chi_square < 100, "59 degrees of freedom: above 100 once in a thousand times"


def test_a_sample_to_read_is_within_its_scope(full: Archive) -> None:
    english = Scope(NOVEMBER.since, NOVEMBER.until, languages=("en",))
    rows = sampled(full, english, most=8, seed=1)
    assert len(rows) == 8
    assert {row.language for row in rows} == {"en"}
    assert len(sampled(full, english, most=100, seed=1)) == 20
