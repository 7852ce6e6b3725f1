"""What a stream is asked: the same answer as the matcher of queries gives, only sooner."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.query.matcher import Post, matcher
from openroads.analysis.query.syntax import Node
from openroads.analysis.tokens import is_emoji, readable, split
from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.looking import Wanted, query_of
from tests.analysis.query.trees import PIECES, queries

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXT = st.lists(st.sampled_from(PIECES), min_size=0, max_size=7).map(" ".join)


def post(message: Message) -> Post:
    """What the archive would make of a message, as far as a stream can know."""
    tokens = split(readable(message.text).lower())
    marked = {mark: [t[1:] for t in tokens if t[0] == mark and len(t) > 1] for mark in "#@"}
    return Post(
        NOW, message.text, message.title, message.author, message.author_name,
        network=message.network, language=message.language, hashtags=marked["#"], mentions=marked["@"],
        emoji=[t for t in tokens if is_emoji(t)],
    )  # fmt: skip


@given(st.lists(queries, min_size=1, max_size=4), TEXT, st.sampled_from(("", "noor", "Noor V")))
def test_a_stream_finds_what_the_queries_find(asked: list[Node], text: str, author: str) -> None:
    message = Message("1", "bluesky", text, NOW, author=author, language="nl")
    wanted = Wanted((), asked)
    expected = any(matcher(query)(post(message)) for query in asked)
    assert wanted.finds(message) == expected
    assert wanted.may_find(text) or not expected


@pytest.mark.parametrize(
    ("search", "text", "is_found"),
    [
        ("windmee", "Mijn Windmee's accu", True),
        ("wind mee", "mee met de wind", True),
        ("#windmee", "windmee zonder hek", False),
        ("@windmee", "hallo @windmee!", True),
        ("windm*", "de windmolens", True),
        ("kade NOT boot", "een boot aan de kade", False),
        ("windmee.nl", "zie www.windmee.nl/kade", True),
    ],
)
def test_searches_are_read_as_queries(search: str, text: str, is_found: bool) -> None:
    assert Wanted([search]).finds(Message("1", "bluesky", text, NOW)) is is_found


@pytest.mark.parametrize("search", ["tone:negative", "kade likes:>5", "kind:question OR kade"])
def test_what_only_the_analysis_knows_cannot_be_asked_of_a_stream(search: str) -> None:
    with pytest.raises(Refused, match="only just said"):
        query_of(search)


def test_a_query_that_cannot_be_read_is_refused_with_its_fault() -> None:
    with pytest.raises(Refused):
        query_of('"open')
