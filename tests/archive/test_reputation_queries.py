"""Who is named beside whom, whose posts are taken up, and what stands around a post: counted by hand."""

from datetime import date

import pytest

from openroads.analysis.query.parse import parse
from openroads.archive.client import Archive
from openroads.archive.ingest import Origin
from openroads.archive.queries.alike import (
    alike,
    alike_counts,
    answered,
    answers,
    copies_in,
    first_of,
    quoted,
    quoting,
)
from openroads.archive.queries.choice import Condition, Sieve
from openroads.archive.queries.explore import names_of, newest_posts, terms_in
from openroads.archive.queries.gap import term_ids
from openroads.archive.queries.newest import quotes_in
from openroads.archive.queries.reputation import (
    days_of_words,
    engagement_edges,
    first_uses,
    makers,
    named_by_day,
)
from openroads.archive.queries.signals import (
    conditions,
    days_of,
    newest_of,
    posts_by_brand,
    words_together,
)
from openroads.archive.scope import Scope
from tests.archive.saying import gone, land, said

US, THEM, OTHER = 1, 2, 3
FIRST, SECOND = date(2026, 11, 2), date(2026, 11, 3)
WHOLE = Scope(date(2026, 11, 1), date(2026, 11, 30))

LONG = "the battery of my bike goes flat in the cold every single morning"


@pytest.fixture
def heard(archive: Archive) -> Archive:
    """Ann's post is answered by Bob and Cas and passed on by Cas; Bob's is copied by an outlet."""
    land(archive, 
        said("a", LONG, FIRST, author="ann", brands=(US,), mood=1, replies=2, reposts=1),
        said("a2", "battery again on a monday morning", SECOND, author="ann", brands=(US, THEM), replies=0),
        said("a3", "nothing told about this one here", SECOND, author="ann", brands=(US,)),
        said("b", "charger broke while we were away", SECOND, author="bob", brands=(THEM,), mood=-1, reply_to="a"),
        said("b2", "the shop in town never calls back", SECOND, author="bob", brands=(US,), mood=-128),
        said("c", "mine too since the frost came", SECOND, author="cas", reply_to="a"),
        said("c2", f"RT {LONG}", SECOND, author="cas", repost=True, same=LONG, brands=(US,)),
        said("d", f"{LONG} indeed", SECOND, author="dee", same=LONG, brands=(US,)),
        said("e", "ann answers herself about nothing", SECOND, author="ann", reply_to="a"),
    )  # fmt: skip
    own = Origin(source=1, purpose_voice="customer", brand=US, own_handles=frozenset({"windmee"}))
    answer = said("w", "sorry to hear that from all of us", SECOND, author="windmee", reply_to="a")
    land(archive, answer, origin=own)
    return archive


def test_posts_by_exactly_which_brands_they_name(heard: Archive) -> None:
    rows = named_by_day(heard, Sieve(WHOLE), [US, THEM])
    told = {(row.day, tuple(row.named)): (row.posts, row.positive, row.negative, row.unknown) for row in rows}  # fmt: skip
    assert told == {
        (FIRST, (US,)): (1, 1, 0, 0),
        (SECOND, (US, THEM)): (1, 0, 0, 0),
        (SECOND, (US,)): (2, 0, 0, 1),
        (SECOND, (THEM,)): (1, 0, 1, 0),
    }


def test_a_condition_narrows_who_is_named(heard: Archive) -> None:
    only = Condition("post.author = {q0:String}", {"q0": "bob"})
    rows = named_by_day(heard, Sieve(WHOLE, condition=only), [US, THEM])
    assert sorted(tuple(row.named) for row in rows) == [(US,), (THEM,)]


def test_a_post_counts_for_every_brand_it_names(heard: Archive) -> None:
    bob = Condition("post.author = {q0:String}", {"q0": "bob"})
    assert posts_by_brand(heard, Sieve(WHOLE), [bob]) == {US: [4, 1], THEM: [2, 1]}


def test_several_conditions_are_asked_in_one_look(heard: Archive) -> None:
    battery, never = (parse(word).query for word in ("battery", "never"))
    asked = conditions(Sieve(WHOLE), [(battery, 0), (never, 0), (battery, 7)])
    rows = days_of(heard, Sieve(WHOLE), asked)
    told = {(row.place, row.day, row.customer): row.posts for row in rows}
    assert told == {
        (0, FIRST, True): 1, (0, SECOND, True): 6, (0, SECOND, False): 1,
        (1, FIRST, True): 1, (1, SECOND, True): 1, (2, SECOND, True): 1,
    }  # fmt: skip
    newest = quotes_in(heard, newest_of(heard, Sieve(WHOLE), asked, limit=1))
    assert [[post.author for post in posts] for posts in newest] == [["ann"], ["bob"], []]
    assert newest[0][0].text.startswith("battery again")
    ids = term_ids(heard, ["battery", "monday", "flat"])
    pairs = words_together([[ids["battery"], ids["monday"]], [ids["monday"], ids["flat"]]])
    assert [len(posts) for posts in newest_of(heard, Sieve(WHOLE), pairs, limit=5)] == [1, 0]


def test_reactions_are_of_posts_whose_network_told_any(heard: Archive) -> None:
    (ann,) = makers(heard, Sieve(Scope(WHOLE.since, WHOLE.until, US)), least=3)
    assert (ann.posts, ann.told, ann.received, ann.squares, ann.latest) == (3, 2, 3, 9, SECOND)


def test_who_reacts_is_neither_the_author_nor_ourselves(heard: Archive) -> None:
    edges = engagement_edges(heard, Sieve(Scope(WHOLE.since, WHOLE.until, US)))
    (key,) = set(edges.engaged.tolist())
    assert names_of(heard, {key: SECOND})[key][0] == "ann"
    # Bob answered once; Cas answered once and passed it on once.
    assert sorted(edges.times.tolist()) == [1, 2]


def test_who_used_a_word_first_and_on_which_days(heard: Archive) -> None:
    sieve = Sieve(Scope(WHOLE.since, WHOLE.until, US))
    word = term_ids(heard, ["battery"])["battery"]
    (ann,) = makers(heard, sieve, least=3)
    assert [(row.day, row.posts) for row in days_of_words(heard, sieve, [word])] == [
        (FIRST, 1),
        (SECOND, 1),
    ]
    (use,) = first_uses(heard, sieve, [word], [ann.author_key])
    assert (use.posts, use.first) == (2, FIRST)


def test_copies_and_reposts_of_a_post_are_counted_apart(heard: Archive) -> None:
    posts = newest_posts(heard, Sieve(WHOLE))
    root = next(post for post in posts if post.text == LONG)
    counts = alike_counts(heard, posts)
    assert [(row.copies, row.reposts) for row in counts.values()] == [(1, 1)]
    copy, passed = alike(heard, root.id, root.published_at)
    assert (copy.author, passed.author, passed.repost) == ("dee", "cas", True)
    first = first_of(heard, copy)
    assert first is not None and first.id == root.id
    said_first = first_of(heard, passed)
    assert said_first is not None and said_first.id == root.id


def test_what_a_post_answers_and_who_answered_it(heard: Archive) -> None:
    posts = newest_posts(heard, Sieve(WHOLE))
    reply = next(post for post in posts if post.author == "cas")
    root = answered(heard, reply)
    assert root is not None and root.text == LONG
    assert answered(heard, root) is None
    assert sorted(post.author for post in answers(heard, root)) == ["ann", "bob", "cas", "windmee"]


@pytest.mark.parametrize("condition", [None, Condition("true")])
def test_copies_left_out_are_told_by_sums_and_by_posts_alike(heard: Archive, condition) -> None:  # type: ignore[no-untyped-def]
    scope = Scope(WHOLE.since, WHOLE.until, US)
    assert copies_in(heard, Sieve(scope, condition=condition)) == 1
    assert copies_in(heard, Sieve(scope, kinds=("question",), condition=condition)) == 0


def test_posts_taken_away_leave_no_terms_standing(heard: Archive) -> None:
    before = terms_in(heard, Sieve(WHOLE)).standing()
    land(heard, gone(said("b2", "the shop in town never calls back", SECOND, author="bob")))
    terms, lengths = terms_in(heard, Sieve(WHOLE)).standing()
    assert len(lengths) == len(before[1]) - 1
    assert term_ids(heard, ["town"]).get("town", 0) not in terms.tolist()


def test_what_a_post_quotes_and_who_quoted_it(heard: Archive) -> None:
    elsewhere = Origin(source=2, purpose_voice="customer")
    land(heard,
        said("q1", "look what ann writes about the cold", SECOND, author="fay", quotes="a"),
        said("q2", "RT look what ann writes about the cold", SECOND, author="gus", quotes="a", repost=True,
             same="look what ann writes about the cold"),
        said("q3", "a quote of what nobody here has heard", SECOND, author="hal", quotes="nowhere"),
        said("q4", "one who quotes the quote of all that", SECOND, author="ivo", quotes="q1"),
    )  # fmt: skip
    land(heard, said("q5", "heard by another ear and says so too", SECOND, author="jan", quotes="a"), origin=elsewhere)  # fmt: skip
    posts = {post.author: post for post in newest_posts(heard, Sieve(WHOLE), limit=50)}
    asked = [posts[name] for name in ("fay", "hal", "ivo", "jan", "bob")]
    found = quoted(heard, asked)
    told = {post.author: found[post.id].author for post in asked if post.id in found}
    assert told == {"fay": "ann", "ivo": "fay", "jan": "ann"}
    (root,) = [post for post in found.values() if post.published_at.date() == FIRST][:1]
    assert sorted(post.author for post in quoting(heard, root)) == ["fay", "jan"], "a repost quotes nothing itself"  # fmt: skip
    assert len(quoting(heard, root, limit=1)) == 1
    assert quoting(heard, posts["bob"]) == [] and quoted(heard, [posts["bob"]]) == {}
    assert quoted(heard, []) == {}
