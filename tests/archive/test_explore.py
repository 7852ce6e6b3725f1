"""Any choice of posts, counted by hand; the sums and the posts themselves give the same figures."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest

from openroads.archive.client import Archive
from openroads.archive.ingest import Origin
from openroads.archive.queries import explore
from openroads.archive.queries.choice import Condition, Sieve
from openroads.archive.queries.gap import term_ids
from openroads.archive.scope import Scope
from tests.archive.saying import land, said

OCTOBER = Scope(date(2026, 10, 1), date(2026, 11, 1), brand=1)
ALL = Sieve(OCTOBER)


@pytest.fixture
def heard(archive: Archive) -> Archive:
    """Eight posts of customers that count, from two sources, and what does not."""
    first, second = date(2026, 10, 1), date(2026, 10, 5)
    land(
        archive,
        said("1", "accu leeg", first, mood=-1, kind="complaint", brands=(1,), products=(4,), author="ans"),
        said("2", "accu leeg vandaag", first, mood=-1, kind="complaint", brands=(1,), author="ans"),
        said("3", "accu prima", second, mood=1, kind="praise", brands=(1,), author="bob"),
        said("4", "hoe laad ik de accu", second, kind="question", brands=(1,), author="ans"),
        said("5", "brake squeaks", second, language="en", mood=-128, brands=(1,), author=""),
        said("6", "accu elders", second, brands=(2,), author="cor"),
        said("7", "accu doorgestuurd", second, repost=True, brands=(1,)),
        said("8", "accu te laat", date(2026, 11, 1), brands=(1,), author="ed"),
    )  # fmt: skip
    other = Origin(source=2, purpose_voice="customer", brand=1)
    land(
        archive,
        said("9", "rem piept", date(2026, 10, 31), mood=-1, brands=(1,), author="fem"),
        origin=other,
    )
    own = Origin(source=3, purpose_voice="brand", brand=1)
    land(archive, said("10", "onze accu is sterk", date(2026, 10, 12), mood=1), origin=own)
    return archive


def days(archive: Archive, sieve: Sieve) -> dict[int, int]:
    return {row.day.day: row.posts for row in explore.posts_by_day(archive, sieve)}


def counts(drawn: explore.DrawnTerms) -> dict[int, int]:
    docs = drawn.docs()
    return dict(zip(docs.ids.tolist(), docs.docs.tolist(), strict=True))


CHOICES = [
        (ALL, {1: 2, 5: 3, 31: 1}),
        (replace(ALL, scope=replace(OCTOBER, brand=0)), {1: 2, 5: 4, 31: 1}),
        (replace(ALL, scope=replace(OCTOBER, products=(4,))), {1: 1}),
        (replace(ALL, scope=replace(OCTOBER, languages=("en",))), {5: 1}),
        (replace(ALL, sources=(2,)), {31: 1}),
        (replace(ALL, moods=(-1,)), {1: 2, 31: 1}),
        (replace(ALL, moods=(1, -128)), {5: 2}),
        (replace(ALL, kinds=("complaint", "question")), {1: 2, 5: 1}),
        (replace(ALL, moods=(0,), kinds=("question",)), {5: 1}),
        (replace(ALL, authors="once"), {5: 1, 31: 1}),
        (replace(ALL, authors="few"), {1: 2, 5: 1}),
        (replace(ALL, authors="often"), {}),
        (replace(ALL, voice="brand"), {12: 1}),
        (replace(ALL, condition=Condition("startsWith(text, {begin:String})", {"begin": "accu"})), {1: 2, 5: 1}),
]  # fmt: skip


def test_every_part_of_a_choice_lets_through_what_it_says(heard: Archive) -> None:
    for sieve, expected in CHOICES:
        assert days(heard, sieve) == expected, sieve
        posts = explore.newest_posts(heard, sieve, limit=50)
        assert len(posts) == sum(expected.values()), sieve
        assert posts == sorted(posts, key=lambda post: post.place, reverse=True)


def test_terms_must_all_be_in_a_post(heard: Archive) -> None:
    ids = term_ids(heard, ["accu", "leeg"])
    assert days(heard, replace(ALL, terms=(ids["accu"],))) == {1: 2, 5: 2}
    assert days(heard, replace(ALL, terms=(ids["accu"], ids["leeg"]))) == {1: 2}


def test_the_figures_of_a_day_are_told_by_tone_and_kind(heard: Archive) -> None:
    row = explore.posts_by_day(heard, ALL)[1]
    assert (row.posts, row.positive, row.negative, row.unknown, row.neutral) == (3, 1, 0, 1, 1)
    assert (row.questions, row.complaints, row.praise) == (1, 0, 1)


def test_sums_and_posts_give_the_same_figures(heard: Archive) -> None:
    choices = product((0, 1, 2), ((), (4,)), ((), ("nl",), ("en",)), ((), (2,)))
    for brand, products, languages, sources in choices:
        scope = replace(OCTOBER, brand=brand, products=products, languages=languages)
        summed = Sieve(scope, sources=sources)
        counted = replace(summed, condition=Condition("1"))
        assert summed.summed == (not products or brand != 0)
        assert explore.counted(heard, summed) == explore.counted(heard, counted), summed


def test_three_ways_of_counting_agree(heard: Archive) -> None:
    """The sums by day, the narrow table and the posts themselves."""
    (accu,) = term_ids(heard, ["accu"]).values()
    for moods, kinds, sources in product(((), (-1,), (1, -128)), ((), ("complaint",)), ((), (1,))):
        narrowed = replace(ALL, moods=moods, kinds=kinds, sources=sources)
        with_word = replace(narrowed, terms=(accu,))
        whole = replace(narrowed, condition=Condition("1"))
        assert explore.counted(heard, narrowed) == explore.counted(heard, whole)
        assert explore.people_in(heard, narrowed) == explore.people_in(heard, whole)
        both = [with_word, replace(with_word, condition=Condition("1"))]
        assert len({str(explore.counted(heard, one)) for one in both}) == 1
        drawn = [explore.terms_in(heard, one, halvings=1) for one in both]
        assert counts(drawn[0]) == counts(drawn[1])


def test_the_days_before_a_choice_are_told_by_day_alone(heard: Archive) -> None:
    late = replace(ALL, scope=replace(OCTOBER, since=date(2026, 10, 5)))
    found = explore.counted(heard, late, history=timedelta(days=4))
    assert [(row.day.day, row.posts) for row in found.days] == [(1, 2), (5, 3), (31, 1)]
    assert sum(row.posts for row in found.sources) == sum(row.posts for row in found.languages) == 4


def test_authors_are_named_with_what_they_wrote_and_the_nameless_are_told_apart(
    heard: Archive,
) -> None:
    found = explore.people_in(heard, ALL)
    first, *others = found.most
    assert (first.author, first.posts, first.negative) == ("ans", 3, 2)
    assert [row.author for row in others] == ["bob", "fem"] or [row.author for row in others] == [
        "fem",
        "bob",
    ]
    assert (found.people, found.nameless) == (3, 1)
    assert explore.people_in(heard, ALL, limit=1).most == [first]


def test_reactions_that_were_not_told_are_not_zero(archive: Archive) -> None:
    day = date(2026, 10, 1)
    land(
        archive,
        said("1", "een", day, brands=(1,), author="ans"),
        said("2", "twee", day, brands=(1,), author="bob", likes=3),
    )
    told = {row.author: (row.reactions, row.told) for row in explore.people_in(archive, ALL).most}
    assert told == {"ans": (0, 0), "bob": (3, 1)}


def test_a_draw_of_terms_is_the_same_each_time_and_about_its_size(archive: Archive) -> None:
    day = date(2026, 10, 1)
    land(archive, *(said(str(n), f"woord{n % 7} vast", day, brands=(1,)) for n in range(700)))
    first = explore.terms_in(archive, ALL, halvings=3)
    again = explore.terms_in(archive, ALL, halvings=3)
    assert counts(first) == counts(again)
    assert first.one_in == 8
    assert 55 < max(counts(first).values()) < 120
    assert max(counts(explore.terms_in(archive, ALL)).values()) == 700


def test_a_post_that_is_no_more_takes_its_words_away(archive: Archive) -> None:
    day = date(2026, 10, 1)
    land(archive, *(said(str(n), "accu leeg", day, brands=(1,), mood=-1) for n in range(4)))
    land(archive, said("0", "zadel zacht", day, brands=(1,), mood=1))  # told anew
    ids = term_ids(archive, ["accu", "zadel"])
    accu, zadel = np.int64(ids["accu"]), np.int64(ids["zadel"])
    drawn = explore.terms_in(archive, ALL)
    assert (counts(drawn)[accu], counts(drawn)[zadel]) == (3, 1)
    assert drawn.docs_of_mood(-1, np.array([accu, zadel])).tolist() == [3, 0]
    assert drawn.docs_of_mood(1, np.array([accu, zadel])).tolist() == [0, 1]
    assert (
        explore.size_of(archive, ALL)
        == explore.size_of(archive, replace(ALL, terms=(int(accu),))) + 1
    )


def test_pages_of_posts_follow_each_other_without_a_gap_or_a_repeat(heard: Archive) -> None:
    seen, before = [], None
    while page := explore.newest_posts(heard, ALL, before=before, limit=2):
        seen += [post.id for post in page]
        before = page[-1].place
    assert len(seen) == len(set(seen)) == 6


def test_an_empty_archive_answers_with_nothing(archive: Archive) -> None:
    assert explore.posts_by_day(archive, ALL) == []
    assert explore.posts_by_day(archive, replace(ALL, moods=(1,))) == []
    assert explore.people_in(archive, ALL) == explore.People(0, 0, [])
    assert explore.newest_posts(archive, ALL) == []
