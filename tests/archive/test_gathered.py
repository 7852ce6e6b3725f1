"""A small choice counted from posts in hand: every figure is the one the archive counts itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openroads.archive.client import Archive
from openroads.archive.queries import explore, gathered
from openroads.archive.queries.choice import Condition, Sieve
from openroads.archive.queries.gap import term_ids
from openroads.archive.queries.gathered import gather
from openroads.archive.scope import Scope
from tests.archive.saying import land, said

OCTOBER = Scope(date(2026, 10, 1), date(2026, 11, 1), brand=1)
HISTORY = timedelta(days=56)
BEGINS_SO = Condition("startsWith(text, {begin:String})", {"begin": "accu"})


@pytest.fixture
def heard(archive: Archive) -> Archive:
    """Posts of three months on two networks; one was changed since, one is gone."""
    land(
        archive,
        *(
            said(
                str(n), f"accu {('leeg', 'prima', 'traag')[n % 3]}", date(2026, 9, 20) + timedelta(n),
                mood=(-1, 0, 1, -128)[n % 4], kind=("complaint", "question", "praise", "other")[n % 4],
                language=("nl", "en")[n % 2],
                brands=(1,), products=(4,) if n % 3 else (), author=("", "ans", "bob", "cor")[n % 4],
                likes=n if n % 2 else None,
            ).but(network=("forum", "mastodon")[n % 5 == 0])
            for n in range(60)
        ),
    )  # fmt: skip
    land(archive, said("14", "accu vol", date(2026, 10, 4), mood=1, brands=(1,), author="bob"))
    land(archive, said("17", "", date(2026, 10, 7), op="delete"))
    return archive


def choices(archive: Archive) -> list[Sieve]:
    ids = term_ids(archive, ["accu", "leeg", "traag", "vol"])
    plain = Sieve(OCTOBER)
    said_so = [replace(plain, terms=(ids["accu"],)), replace(plain, condition=BEGINS_SO)]
    more: list[dict[str, object]] = [
        {}, {"moods": (-1, -128)}, {"kinds": ("complaint",)}, {"sources": (2,)}, {"voice": "brand"},
        {"scope": replace(OCTOBER, products=(4,))}, {"scope": replace(OCTOBER, languages=("en",))},
    ]  # fmt: skip
    few = [("accu", "traag"), ("leeg",), ("vol",)]
    return [
        *(replace(one, **each) for one in said_so for each in more),  # type: ignore[arg-type]
        *(replace(plain, terms=tuple(ids[word] for word in words)) for words in few),
        replace(plain, terms=(2**32 - 1,)), replace(plain, condition=Condition("0")),
    ]  # fmt: skip


def terms(drawn: explore.DrawnTerms) -> dict[int, int]:
    docs = drawn.docs()
    return dict(zip(docs.ids.tolist(), docs.docs.tolist(), strict=True))


def test_what_is_counted_in_hand_is_what_the_archive_counts(heard: Archive) -> None:
    several = 0
    for sieve in choices(heard):
        hand = gather(heard, sieve, history=HISTORY)
        assert hand is not None
        assert hand.counted() == explore.counted(heard, sieve, history=HISTORY), sieve
        assert hand.people(heard, 2) == explore.people_in(heard, sieve, 2), sieve
        assert terms(hand.terms()) == terms(explore.terms_in(heard, sieve)), sieve
        several += len(hand.counted().days) > 3
    assert several > 10, "most of these choices have posts"


def test_history_is_counted_and_not_read(heard: Archive) -> None:
    (accu,) = term_ids(heard, ["accu"]).values()
    sieve = Sieve(OCTOBER, terms=(accu,))
    hand = gather(heard, sieve, history=HISTORY)
    assert hand is not None
    assert sum(row.posts for row in hand.counted().days if row.day < OCTOBER.since) == 11
    assert len(hand.terms().lengths) == len(hand.terms().mood) and terms(hand.terms())[accu] == 30


def test_of_a_large_choice_nothing_is_taken_in_hand(
    heard: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    (accu,) = term_ids(heard, ["accu"]).values()
    by_word, by_query = Sieve(OCTOBER, terms=(accu,)), Sieve(OCTOBER, condition=BEGINS_SO)
    assert gather(heard, Sieve(OCTOBER)) is None, "it is not narrowed by what was said"
    monkeypatch.setattr(gathered, "MOST", 29)
    assert gather(heard, by_word) is None and gather(heard, by_query) is None
    monkeypatch.setattr(gathered, "MOST", 100)
    assert gather(heard, by_word) is not None and gather(heard, by_query) is not None
