"""A query can be written out and read again, whatever it says; and no text is too odd to be read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from openroads.analysis.query.faults import LIMITS, Limits
from openroads.analysis.query.lexing import pieces
from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import show
from openroads.analysis.query.syntax import Node
from openroads.analysis.query.words import cut, fold, searchable
from openroads.analysis.sentences import filled
from tests.analysis.query.trees import PIECES, queries

WIDE = Limits(wildcards=1_000, nears=100)


@settings(max_examples=400, deadline=None)
@given(queries, st.sampled_from(("en", "nl")))
def test_what_is_written_out_reads_as_the_same_query(query: Node, language: str) -> None:
    text = show(query, language)
    parsed = parse(text, limits=WIDE)
    assert parsed.faults == ()
    assert parsed.query == query, text


PARTS = st.sampled_from(
    ["(", ")", '"', "“", "AND", "OR", "NOT", "NEAR/3", "ONEAR/21", "BIJ", "NEAR/x", "EN", "OF", "NIET",
     "lang:", "lang:nl", "lang:(", "date:2026-13", "date:..", "likes:>", "autor:x", "rating:..5",
     "author:\"", "#", "@", "#a", "a*", "ab*", "*", "https://x.nl", ":", "a:b", "-a", "&&", "…",
     "brand:zz", "source:9", "emoji:", "emoji:a", "has:image", *PIECES]
)  # fmt: skip
ANY_TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(PARTS, max_size=14).map(" ".join),
    st.lists(PARTS, max_size=14).map("".join),
    st.lists(st.one_of(PARTS, st.text(max_size=5)), max_size=12).map(" ".join),
)


@settings(max_examples=1_500, deadline=None)
@given(ANY_TEXT)
def test_any_text_is_read_and_its_faults_point_inside_it(text: str) -> None:
    parsed = parse(text)
    assert (parsed.query is None) == bool(parsed.faults)
    for fault in parsed.faults + parsed.notes:
        assert 0 <= fault.start <= fault.end <= len(text), fault
        assert "{" not in filled(fault.text.template, dict.fromkeys(fault.text.told, "told"))
    places = [(fault.start, fault.end) for fault in parsed.faults]
    assert places == sorted(places)
    if parsed.query:
        assert parse(show(parsed.query), limits=WIDE).query == parsed.query


@settings(max_examples=500, deadline=None)
@given(ANY_TEXT)
def test_every_piece_stands_where_it_says_and_only_white_space_is_left_out(text: str) -> None:
    at = 0
    for piece in pieces(text):
        assert text[at : piece.start].strip() == ""
        assert text[piece.start : piece.end] == piece.text
        assert piece.end > piece.start
        at = piece.end
    assert text[at:].strip() == ""


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)))
def test_words_once_cut_stay_as_they_are(text: str) -> None:
    words = cut(text)
    assert cut(" ".join(words)) == words
    assert fold(fold(text)) == fold(text)
    assert searchable("", text) == f" {' '.join(words)} "


def test_reading_takes_time_in_proportion_to_the_length() -> None:
    longest = LIMITS.letters
    for unit in ("(", ")", '"', "a ", "NOT ", "a NEAR/3 ", "(a OR ", "lang:(", "#a", "-a ", "a*"):
        parsed = parse((unit * longest)[:longest])
        assert len(parsed.faults) <= 20
