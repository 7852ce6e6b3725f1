"""A query finds the same posts in the archive as in a stream, whatever the posts and the query say."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.analysis.pipeline import Analyser
from openroads.analysis.query.matcher import Post, matcher
from openroads.analysis.query.show import show
from openroads.analysis.query.syntax import Node
from openroads.analysis.query.words import fold, searchable
from openroads.archive.client import Archive
from openroads.archive.ingest import ingest, post_id
from openroads.archive.matching import candidates
from openroads.archive.message import Message
from openroads.archive.queries.search import condition, count, ids_found
from openroads.archive.scope import Scope
from tests.analysis.query.trees import queries, trees
from tests.archive.odd_posts import ORIGIN, analysed, odd_message
from tests.archive.saying import NOW

PLACE = re.compile(r"\{q\d+:(?:String|Array\(String\)|U?Int\d+|Float64)\}")
WORD_OF_SQL = re.compile(r"[^\W\d]\w*|'[^']*'")
VOCABULARY = set(
    "AND OR NOT post face searchable author author_name text title url network source language mood "
    "kind likes replies reposts views rating reply_to quotes hashtags mentions emoji brands products "
    "published_at hasAllTokens hasAnyTokens position match ifNull false isNotNull notEmpty has "
    "arrayExists removeDiacriticsUTF8 caseFoldUTF8 trim LEADING FROM LIKE replaceRegexpAll lower "
    "extract endsWith toFloat32 fromUnixTimestamp64Milli".split()
) | {"'@'", "'UTC'", "''", r"'[\\x{FE0F}\\x{1F3FB}-\\x{1F3FF}]'"}
"""Every word and text that a condition may be made of: columns and functions, never a value."""

EVER = Scope(date(1990, 1, 1), date(2100, 1, 1))
CROWD = 400


@dataclass(repr=False)
class House:
    """An archive with odd posts, and the same posts as a stream sees them."""

    archive: Archive
    analyser: Analyser
    posts: dict[int, Post]

    def land(self, random: Random, messages: list[Message]) -> None:
        analysis = analysed(self.analyser, random, messages)
        ingest(self.archive, messages, analysis, ORIGIN, now=NOW)
        for message, post in candidates(messages, analysis, ORIGIN):
            self.posts[post_id(ORIGIN.source, message.native_id)] = post

    def found(self, query: Node) -> set[int]:
        places = ids_found(self.archive, EVER, query, limit=10_000, copies=True)
        return {place.id for place in places}

    def matched(self, query: Node) -> set[int]:
        fits = matcher(query)
        return {number for number, post in self.posts.items() if fits(post)}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    from openroads.directory.conversations import close_archive

    close_archive()
    random = Random(20_261_123)
    with (
        tempfile.TemporaryDirectory(prefix="openroads-search-") as folder,
        Archive.open(Path(folder) / "archive", author_key=b"test key") as archive,
    ):
        made = House(archive, Analyser(), {})
        made.land(random, [odd_message(random, number) for number in range(CROWD)])
        yield made


def test_the_engine_cuts_every_character_as_python_does(house: House) -> None:
    """Between two letters, so that it shows whether it parts them, joins them or is left out."""
    (made,) = house.archive.table(
        "SELECT default_expression FROM system.columns WHERE table = 'post' AND name = 'searchable'",
        {},
    )["default_expression"].to_pylist()
    points = [point for point in range(1, 0x110000) if not 0xD800 <= point <= 0xDFFF]
    asked = f"""
        SELECT {made} AS searchable, removeDiacriticsUTF8(caseFoldUTF8(text)) AS folded
        FROM (SELECT '' AS title, arrayJoin({{texts:Array(String)}}) AS text)
    """
    for first in range(0, len(points), 100_000):
        texts = [f"a{chr(point)}b" for point in points[first : first + 100_000]]
        table = house.archive.table(asked, {"texts": texts})
        assert table["searchable"].to_pylist() == [searchable("", text) for text in texts]
        assert table["folded"].to_pylist() == [fold(text) for text in texts]


def test_the_archive_keeps_the_words_that_python_cuts(house: House) -> None:
    table = house.archive.table("SELECT id, searchable FROM post FINAL", {})
    kept = dict(zip(table["id"].to_pylist(), table["searchable"].to_pylist(), strict=True))
    assert len(kept) >= CROWD
    assert kept == {number: post.searchable for number, post in house.posts.items()}


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=trees)
def test_archive_and_stream_find_the_same_posts(house: House, query: Node) -> None:
    found, matched = house.found(query), house.matched(query)
    assert found == matched, (
        show(query),
        condition(query),
        [house.posts[number] for number in found ^ matched][:3],
    )
    assert count(house.archive, EVER, query, copies=True) == len(matched)


letters = st.characters(exclude_categories=["Cs"])
texts = st.one_of(
    st.text(letters, max_size=40),
    st.text(st.sampled_from("abß İıſẞΣσς\u0301\u0345\u200d\u00ad\x1e日が\u3099ไ한ᄒ\u1161\u11abनि१½ⅷ'’.-_@#👍\ufe0f"), max_size=25),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    said=st.lists(texts, min_size=1, max_size=40),
    asked=st.lists(queries, min_size=1, max_size=4),
    seed=st.integers(0, 2**32),
)
def test_whatever_is_said_is_found_alike(
    house: House, said: list[str], asked: list[Node], seed: int
) -> None:
    random = Random(seed)
    first = len(house.posts)
    house.land(
        random,
        [
            odd_message(random, first + place, text.replace("\x00", ""))
            for place, text in enumerate(said)
        ],
    )
    table = house.archive.table("SELECT id, searchable FROM post FINAL", {})
    kept = zip(table["id"].to_pylist(), table["searchable"].to_pylist(), strict=True)
    for number, words in kept:
        assert words == house.posts[number].searchable, house.posts[number]
    for query in asked:
        assert house.found(query) == house.matched(query), show(query)


@settings(max_examples=300, deadline=None)
@given(query=trees)
def test_nothing_a_query_says_stands_in_the_text_of_the_question(query: Node) -> None:
    made = condition(query)
    assert list(made.params) == [f"q{place}" for place in range(len(made.params))]
    assert all(f"{{{name}:" in made.sql for name in made.params)
    bare = PLACE.sub("", made.sql)
    assert "{" not in bare.replace("x{", ""), bare
    assert set(WORD_OF_SQL.findall(bare)) <= VOCABULARY, bare
