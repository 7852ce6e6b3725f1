"""The figures of the gap, counted by hand."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from openroads.archive.client import Archive
from openroads.archive.ingest import Landed, Origin, withdraw_text
from openroads.archive.queries import gap
from openroads.archive.scope import Scope, period_of
from tests.archive.saying import land, land_texts, passage, said

Read = Callable[[gap.TermCounts], dict[str, tuple[int, int, int]]]
OCTOBER = Scope(date(2026, 10, 1), date(2026, 11, 1))


@pytest.fixture
def ten(archive: Archive) -> Archive:
    """Ten posts and what is worth counting in them."""
    day = date(2026, 10, 1)
    land(
        archive,
        said("1", "accu leeg", day, mood=-1, brands=(1,), products=(4,), author="ans"),
        said("2", "accu leeg", day, mood=-1, brands=(1,), products=(4, 5), author="ans"),
        said("3", "accu prima", date(2026, 10, 5), mood=1, brands=(1,), author="bob"),
        said("4", "rem piept", date(2026, 10, 18), brands=(1,), products=(5,), author=""),
        said("5", "brake squeaks", date(2026, 10, 31), language="en", brands=(1,), mood=-128),
        said("6", "accu elders", date(2026, 10, 20), brands=(2,), author="cor"),
        said("7", "accu", date(2026, 9, 30), brands=(1,), author="dik"),
        said("8", "accu", date(2026, 11, 1), brands=(1,), author="ed"),
        said("9", "accu doorgestuurd", date(2026, 10, 7), repost=True, brands=(1,)),
    )
    own = Origin(source=2, purpose_voice="brand", brand=1)
    land(archive, said("1", "onze accu is sterk", date(2026, 10, 12)), origin=own)
    return archive


def test_terms_are_counted_per_document_within_the_days(ten: Archive, in_words: Read) -> None:
    assert in_words(gap.term_counts(ten, OCTOBER)) == {
        "accu": (4, 1, 2), "leeg": (2, 0, 2), "prima": (1, 1, 0), "rem": (1, 0, 0),
        "piept": (1, 0, 0), "brake": (1, 0, 0), "squeaks": (1, 0, 0), "elders": (1, 0, 0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "accu"),
    [
        (Scope(date(2026, 10, 1), date(2026, 11, 1), brand=1), (3, 1, 2)),
        (Scope(date(2026, 10, 1), date(2026, 11, 1), brand=1, products=(4,)), (2, 0, 2)),
        (Scope(date(2026, 10, 1), date(2026, 11, 1), products=(4,)), (2, 0, 2)),
        (Scope(date(2026, 10, 1), date(2026, 11, 1), brand=2, products=(4,)), None),
        (Scope(date(2026, 10, 1), date(2026, 11, 1), brand=1, products=(4, 5)), (2, 0, 2)),
        (Scope(date(2026, 10, 1), date(2026, 11, 1), languages=("en",)), None),
        (Scope(date(2026, 10, 1), date(2026, 11, 1), languages=("en", "nl")), (4, 1, 2)),
        (Scope(date(2026, 10, 2), date(2026, 10, 20)), (1, 1, 0)),
        (Scope(date(2026, 9, 30), date(2026, 11, 2)), (6, 1, 2)),
        (Scope(date(2026, 10, 5), date(2026, 10, 6)), (1, 1, 0)),
    ],
)
def test_every_filter_counts_what_it_lets_through(
    ten: Archive, in_words: Read, scope: Scope, accu: tuple[int, int, int] | None
) -> None:
    assert in_words(gap.term_counts(ten, scope)).get("accu") == accu


def test_any_days_give_the_count_of_those_days(archive: Archive, in_words: Read) -> None:
    first = date(2026, 9, 24)
    for place in range(45):
        day = first + timedelta(days=place)
        land(archive, said(str(place), f"dag {day}", day))
    for start in range(0, 45, 4):
        for length in (1, 6, 7, 8, 20, 45 - start):
            since = first + timedelta(days=start)
            until = min(since + timedelta(days=length), first + timedelta(days=45))
            counts = in_words(gap.term_counts(archive, Scope(since, until)))
            assert counts["dag"] == ((until - since).days, 0, 0), (since, until)


def test_weeks_and_months_are_whole_numbers_of_periods() -> None:
    for step in range(800):
        day = date(2026, 1, 1) + timedelta(days=step)
        assert period_of(day) <= day
        assert period_of(day).month == day.month
        assert (period_of(day) == day) == (day.weekday() == 0 or day.day == 1)


def test_rare_terms_can_be_left_out(ten: Archive, in_words: Read) -> None:
    assert set(in_words(gap.term_counts(ten, OCTOBER, least=2))) == {"accu", "leeg"}


def test_the_brand_is_counted_in_passages_and_own_posts(ten: Archive, in_words: Read) -> None:
    land_texts(
        ten,
        passage(1, 0, "accu met garantie", date(2026, 1, 1)),
        passage(1, 1, "garantie op alles", date(2026, 1, 1)),
        passage(2, 0, "oude accu tekst", date(2025, 1, 1), date(2026, 10, 1)),
        passage(3, 0, "nieuwe accu tekst", date(2026, 11, 1)),
        passage(4, 0, "korte actie", date(2026, 10, 3), date(2026, 10, 4)),
    )
    counts = in_words(gap.brand_term_counts(ten, OCTOBER))
    assert counts["accu"] == (2, 0, 0)
    assert counts["garantie"] == (2, 0, 0)
    assert counts["actie"] == (1, 0, 0)
    assert "oude" not in counts
    assert "nieuwe" not in counts
    found = gap.totals(ten, OCTOBER)
    assert (found.texts, found.passages, found.passage_words, found.brand_words) == (2, 3, 8, 12)


def test_totals_tell_what_was_left_out(ten: Archive) -> None:
    found = gap.totals(ten, OCTOBER)
    assert (found.posts, found.own_posts, found.left_out_reposts) == (6, 1, 1)
    # ans, bob, author-5 and cor, and the nameless one.
    assert (found.people, found.nameless) == (5, 1)
    assert (found.words, found.mood_unknown) == (12, 1)


def test_people_are_counted_once_per_term(ten: Archive) -> None:
    accu, rem = gap.term_id(ten, "accu"), gap.term_id(ten, "rem")
    assert accu is not None
    assert rem is not None
    found = gap.term_people(ten, OCTOBER, [accu, rem])
    assert found.term.tolist() == [accu, rem]
    assert found.posts.tolist() == [4, 1]
    assert found.people.tolist() == [3, 1]
    assert found.nameless.tolist() == [0, 1]


def test_months_are_calendar_months(ten: Archive) -> None:
    accu = gap.term_id(ten, "accu")
    found = gap.term_counts_by_month(ten, Scope(date(2026, 9, 15), date(2026, 11, 2)), [accu or 0])
    assert found.month.astype(str).tolist() == ["2026-09-01", "2026-10-01", "2026-11-01"]
    assert found.docs.tolist() == [1, 4, 1]
    everything = gap.term_counts_by_month(ten, OCTOBER)
    assert len(everything) == 8


def test_documents_are_the_terms_of_single_posts(ten: Archive) -> None:
    documents = gap.sample_documents(ten, OCTOBER)
    assert len(documents) == 6
    spelled = {term.id: term.key for term in gap.terms(ten, documents.terms.tolist())}
    counted = Counter(spelled[term] for term in documents.terms.tolist())
    assert counted["accu"] == 4
    assert len(gap.sample_documents(ten, OCTOBER, limit=2)) == 2
    assert len(gap.brand_documents(ten, OCTOBER)) == 1


def test_an_empty_archive_answers_everything(archive: Archive) -> None:
    assert len(gap.term_counts(archive, OCTOBER)) == 0
    assert len(gap.term_people(archive, OCTOBER, [1])) == 0
    assert len(gap.term_counts_by_month(archive, OCTOBER)) == 0
    assert len(gap.sample_documents(archive, OCTOBER)) == 0
    assert gap.totals(archive, OCTOBER).people == 0
    assert gap.terms(archive, []) == []
    assert gap.term_id(archive, "accu") is None


def test_terms_keep_their_id_and_their_reading(ten: Archive) -> None:
    accu = gap.term_id(ten, "accu")
    land(ten, said("x", "accu", date(2026, 10, 9)))
    assert gap.term_id(ten, "accu") == accu
    assert gap.terms(ten, [accu or 0, 4_000_000]) == [gap.Term(accu or 0, "accu", "Accu", "nl")]


def test_a_text_read_again_replaces_its_passages(archive: Archive) -> None:
    day = date(2026, 1, 1)
    before = [passage(1, n, f"alinea {n}", day) for n in range(3)]
    assert land_texts(archive, *before) == Landed(3, 0, 0, 0)
    assert land_texts(archive, *before) == Landed(0, 0, 3, 0)
    after = [before[0], passage(1, 1, "alinea anders", day)]
    assert land_texts(archive, *after) == Landed(0, 1, 1, 1)
    assert gap.totals(archive, OCTOBER).passages == 2
    assert land_texts(archive, *before) == Landed(1, 1, 1, 0)
    assert gap.totals(archive, OCTOBER).passages == 3


def test_a_withdrawn_text_was_never_said(archive: Archive) -> None:
    land_texts(archive, passage(1, 0, "a", OCTOBER.since), passage(2, 0, "b", OCTOBER.since))
    assert withdraw_text(archive, 1) == 1
    assert gap.totals(archive, OCTOBER).texts == 1
    assert withdraw_text(archive, 1) == 0


def test_a_period_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no day"):
        Scope(date(2026, 1, 2), date(2026, 1, 2))


def test_a_word_of_many_products_is_counted_per_product(archive: Archive, in_words: Any) -> None:
    land(archive, said("1", "accu", OCTOBER.since, brands=(1, 2), products=(4, 5)))
    for brand in (0, 1, 2):
        for products in ((), (4,), (5,), (4, 5), (4, 9)):
            scope = Scope(OCTOBER.since, OCTOBER.until, brand, products)
            assert in_words(gap.term_counts(archive, scope)) == {"accu": (1, 0, 0)}
