"""The figures of the gap, counted by hand."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from openroads.archive.client import Archive
from openroads.archive.ingest import Landed, Origin, withdraw_text
from openroads.archive.queries import documents, gap
from openroads.archive.queries.totals import totals, volume
from openroads.archive.scope import Scope, period_of
from tests.archive.saying import gone, land, land_texts, passage, said

Read = Callable[[gap.TermCounts], dict[str, tuple[int, int, int]]]
OCTOBER = Scope(date(2026, 10, 1), date(2026, 11, 1))
SCOPES = (
    OCTOBER,
    Scope(date(2026, 9, 30), date(2026, 10, 21), 1),
    Scope(date(2026, 10, 5), date(2026, 10, 6), 1),
    Scope(date(2026, 9, 30), date(2026, 10, 21), 1, (4, 5)),
)


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


def said_by_the_brand(archive: Archive, scope: Scope) -> list[set[str]]:
    """The words of each document of the brand."""
    found = documents.dated_brand_documents(archive, scope).documents
    keys = {term.id: term.key for term in gap.terms(archive, found.terms.tolist())}
    bounds = zip(found.offsets[:-1].tolist(), found.offsets[1:].tolist(), strict=True)
    return [{keys[term] for term in found.terms[start:end].tolist()} for start, end in bounds]


def test_the_brand_is_heard_in_passages_and_own_posts(ten: Archive) -> None:
    land_texts(
        ten,
        passage(1, 0, "accu met garantie", date(2026, 1, 1)),
        passage(1, 1, "garantie op alles", date(2026, 1, 1)),
        passage(2, 0, "oude accu tekst", date(2025, 1, 1), date(2026, 10, 1)),
        passage(3, 0, "nieuwe accu tekst", date(2026, 11, 1)),
        passage(4, 0, "korte actie", date(2026, 10, 3), date(2026, 10, 4)),
    )
    words = said_by_the_brand(ten, OCTOBER)
    assert len(words) == 4
    assert [sum(word in said for said in words) for word in ("accu", "garantie", "actie")] == [
        2, 2, 1,
    ]  # fmt: skip
    assert not any({"oude", "nieuwe"} & said for said in words)
    dated = documents.dated_brand_documents(ten, OCTOBER)
    passages, known = dated.passages(np.ones(len(dated.mood), np.bool_)), totals(ten, OCTOBER)
    assert (passages.texts, passages.passages) == (known.texts, known.passages)
    assert passages.passage_words == known.passage_words > 0
    spans = {
        (str(since), str(until)) for since, until in zip(dated.since, dated.until, strict=True)
    }
    assert {("2026-10-03", "2026-10-04"), ("2026-10-12", "2026-10-13")} < spans
    found = totals(ten, OCTOBER)
    assert (found.texts, found.passages, found.passage_words, found.brand_words) == (2, 3, 8, 12)


def test_totals_tell_what_was_left_out(ten: Archive) -> None:
    found = totals(ten, OCTOBER)
    assert (found.posts, found.own_posts, found.left_out_reposts) == (6, 1, 1)
    # ans, bob, author-5 and cor; and a post of nobody we know.
    assert (found.people, found.nameless) == (4, 1)
    assert (found.words, found.mood_unknown) == (12, 1)


def test_posts_whose_tone_is_unknown_are_not_rated(ten: Archive) -> None:
    counts = gap.term_counts(ten, OCTOBER)
    rated = {
        term.key: int(counts.rated[counts.term == term.id][0])
        for term in gap.terms(ten, counts.term.tolist())
    }
    assert (rated["accu"], rated["brake"]) == (4, 0)


def test_the_parts_of_a_count_add_up_to_it(ten: Archive, in_words: Read) -> None:
    for scope in SCOPES:
        docs = Counter[int]()
        for block in gap.docs_parts(ten, scope):
            for term, n in zip(block.term.tolist(), block.docs.tolist(), strict=True):
                docs[term] += n
        counts = gap.term_counts(ten, scope)
        assert dict(zip(counts.term.tolist(), counts.docs.tolist(), strict=True)) == dict(docs)


@pytest.mark.parametrize("brand", [0, 1, 2])
def test_products_are_counted_side_by_side(ten: Archive, brand: int) -> None:
    accu = gap.term_id(ten, "accu") or 0
    for scope in (
        Scope(date(2026, 10, 1), date(2026, 11, 1), brand),
        Scope(date(2026, 9, 30), date(2026, 10, 20), brand, (5,)),
    ):
        found = gap.docs_by_product(ten, scope, (4, 5), [accu])
        posted = volume(ten, scope, (4, 5)) if brand else None
        for product in (4, 5):
            one = Scope(scope.since, scope.until, brand, (product,))
            alone = gap.term_counts(ten, one, terms=[accu]).docs.sum()
            assert found.docs[(found.product == product) & (found.term == accu)].sum() == alone
            if posted:
                posts = posted.between(scope.since, scope.until, product=product).posts
                assert posts == totals(ten, one).posts


@pytest.mark.parametrize("scope", SCOPES)
def test_terms_that_are_named_are_counted_like_all(ten: Archive, scope: Scope) -> None:
    every = gap.term_counts(ten, scope)
    for some in (every.term.tolist(), every.term[:1].tolist(), []):
        found = gap.term_counts(ten, scope, terms=some)
        chosen = np.isin(every.term, some)
        for name in ("term", "docs", "rated", "positive", "negative"):
            assert getattr(found, name).tolist() == getattr(every, name)[chosen].tolist()


def test_the_volume_of_some_days_is_of_those_days(ten: Archive) -> None:
    for products in ((), (4,), (4, 5)):
        scope = Scope(date(2026, 9, 25), date(2026, 11, 5), 1, products)
        posted = volume(ten, scope, (5,))
        for since, until in ((scope.since, scope.until), (date(2026, 10, 1), date(2026, 10, 6))):
            one = Scope(since, until, 1, products)
            assert posted.between(since, until).posts == totals(ten, one).posts
            five = totals(ten, Scope(since, until, 1, (5,))).posts
            assert posted.between(since, until, product=5).posts == five


def test_people_are_counted_once_per_term(ten: Archive) -> None:
    accu, rem = gap.term_id(ten, "accu"), gap.term_id(ten, "rem")
    assert accu is not None
    assert rem is not None
    found = gap.term_people(ten, OCTOBER, [accu, rem])
    assert found.term.tolist() == [accu, rem]
    assert found.posts.tolist() == [4, 1]
    assert found.people.tolist() == [3, 0]
    assert found.nameless.tolist() == [0, 1]


def test_stretches_of_days_are_counted_apart(ten: Archive) -> None:
    accu = gap.term_id(ten, "accu")
    scope = Scope(date(2026, 9, 15), date(2026, 11, 2))
    found = gap.docs_by_stretch(ten, scope, [date(2026, 10, 1), date(2026, 11, 1)], [accu or 0])
    docs = Counter[str]()
    for first, term, n in zip(
        found.first.astype(str).tolist(), found.term.tolist(), found.docs.tolist(), strict=True
    ):
        docs[first] += n * (term == accu)
    assert docs == {"2026-09-15": 1, "2026-10-01": 4, "2026-11-01": 1}


def test_a_stretch_holds_what_is_counted_in_its_days_whatever_they_are(archive: Archive) -> None:
    since = date(2026, 9, 1)
    many = [
        said(
            str(n), "accu leeg" if n % 3 else "accu vol", since + timedelta(n % 60), brands=(1,),
            products=(4, 5) if n % 2 else (), language=("nl", "en")[n % 5 == 0],
        )
        for n in range(150)
    ]  # fmt: skip
    land(archive, *many)
    land(archive, many[7].but(text="accu stuk"), gone(many[11]))
    ids = list(gap.term_ids(archive, ["accu", "leeg", "vol", "stuk"]).values())
    cuts = [date(2026, 9, 9), date(2026, 9, 10), date(2026, 9, 28), date(2026, 10, 7)]
    whose = [
        (products, languages) for products in ((), (4,), (4, 5)) for languages in ((), ("nl",))
    ]
    for products, languages in whose:
        scope = Scope(date(2026, 9, 3), date(2026, 10, 21), 1, products, languages)
        found = gap.docs_by_stretch(archive, scope, [*cuts, date(2027, 1, 1)], sorted(ids))
        for first, last in pairwise([scope.since, *cuts, scope.until]):
            one = found.between(first, last)
            there = gap.term_counts(archive, replace(scope, since=first, until=last), terms=ids)
            assert dict(zip(one.term.tolist(), one.docs.tolist(), strict=True)) == dict(
                zip(there.term.tolist(), there.docs.tolist(), strict=True)
            ), (products, languages, first)


def test_documents_are_the_terms_of_single_posts(ten: Archive) -> None:
    found = documents.sample_documents(ten, OCTOBER)
    assert len(found) == 6
    spelled = {term.id: term.key for term in gap.terms(ten, found.terms.tolist())}
    counted = Counter(spelled[term] for term in found.terms.tolist())
    assert counted["accu"] == 4
    known = totals(ten, OCTOBER)
    assert len(set(found.person.tolist())) == known.people + known.nameless
    assert len(documents.sample_documents(ten, OCTOBER, limit=2)) == 2


def test_a_draw_is_the_same_however_deep_it_is_looked_for(archive: Archive) -> None:
    many = [said(str(n), f"post {n}", date(2026, 10, 1 + n % 31)) for n in range(640)]
    land(archive, *many)
    whole = documents.sample_documents(archive, OCTOBER)
    part = documents.sample_documents(archive, OCTOBER, limit=20, posts=640)
    assert len(whole) == 640 and len(part) == 20
    assert part.terms.tolist() == whole.terms[: part.offsets[-1]].tolist()
    drawn = documents.drawn_documents(archive, OCTOBER, 1)
    assert 250 < len(drawn.rows) < 390 and drawn.one_in == 2
    again = drawn.sample(20)
    assert again.terms.tolist() == part.terms.tolist()
    assert again.person.tolist() == part.person.tolist()
    land(archive, *(one.but(text="anders") for one in many[:300]), *map(gone, many[300:400]))
    drawn = documents.drawn_documents(archive, OCTOBER, 1)
    now = documents.sample_documents(archive, OCTOBER, limit=50, posts=540)
    assert drawn.sample(50).terms.tolist() == now.terms.tolist()
    docs = documents.drawn_documents(archive, OCTOBER, 0).docs()
    counted = gap.term_counts(archive, OCTOBER)
    assert dict(zip(docs.ids.tolist(), docs.docs.tolist(), strict=True)) == dict(
        zip(counted.term.tolist(), counted.docs.tolist(), strict=True)
    )


def test_a_post_told_anew_is_drawn_once_and_as_it_is_now(archive: Archive) -> None:
    post = said("1", "oud nieuws", date(2026, 10, 1), author="ans")
    land(archive, post)
    land(archive, post.but(text="nieuws", likes=3), said("2", "rem", date(2026, 10, 2)))
    land(archive, post.but(text="nieuws", likes=4))
    found = documents.sample_documents(archive, OCTOBER)
    spelled = {term.id: term.key for term in gap.terms(archive, found.terms.tolist())}
    assert sorted(spelled[term] for term in found.terms.tolist()) == ["nieuws", "rem"]
    assert totals(archive, OCTOBER).people == 2
    land(archive, gone(post))
    assert totals(archive, OCTOBER).people == 1
    assert len(documents.sample_documents(archive, OCTOBER)) == 1


def test_an_empty_archive_answers_everything(archive: Archive) -> None:
    assert len(gap.term_counts(archive, OCTOBER)) == 0
    assert len(gap.term_people(archive, OCTOBER, [1])) == 0
    assert not any(len(block.term) for block in gap.docs_parts(archive, OCTOBER))
    assert len(gap.docs_by_stretch(archive, OCTOBER, [date(2026, 10, 9)], [1]).term) == 0
    assert len(documents.drawn_documents(archive, OCTOBER, 0).sample(5)) == 0
    assert len(gap.docs_by_product(archive, OCTOBER, (4,), [1]).term) == 0
    assert len(gap.term_counts(archive, OCTOBER, terms=[1]).term) == 0
    assert len(documents.sample_documents(archive, OCTOBER)) == 0
    assert len(documents.dated_brand_documents(archive, OCTOBER).documents) == 0
    assert volume(archive, OCTOBER).between(OCTOBER.since, OCTOBER.until).posts == 0
    assert totals(archive, OCTOBER).people == 0
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
    assert totals(archive, OCTOBER).passages == 2
    assert land_texts(archive, *before) == Landed(1, 1, 1, 0)
    assert totals(archive, OCTOBER).passages == 3


def test_a_withdrawn_text_was_never_said(archive: Archive) -> None:
    land_texts(archive, passage(1, 0, "a", OCTOBER.since), passage(2, 0, "b", OCTOBER.since))
    assert withdraw_text(archive, 1) == 1
    assert totals(archive, OCTOBER).texts == 1
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
