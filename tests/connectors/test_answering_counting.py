"""How long a text is: as people see it, and as Mastodon counts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors.answering.counting import as_mastodon_counts, graphemes, link_end

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("", 0),
        ("Fiets", 5),
        ("café", 4),
        ("cafe\u0301", 4),
        ("👍🏽", 1),
        (FAMILY, 1),
        (FAMILY * 3, 3),
        ("🏳️‍🌈", 1),
        ("🇳🇱🇧🇪", 2),
        ("🇳🇱🇧", 2),
        ("1️⃣", 1),
        ("❤️", 1),
        ("a\u200db", 2),
        ("한국", 2),
        ("\u1112\u1161\u11ab", 1),
        ("नि", 1),
        ("a\r\nb", 3),
        ("\n\u0301", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
    ],
)
def test_signs_as_people_see_them(text: str, signs: int) -> None:
    assert graphemes(text) == signs


@given(st.text(), st.text())
def test_a_line_end_parts_what_stands_beside_it(one: str, other: str) -> None:
    one = one.rstrip("\r")
    assert graphemes(f"{one}\n{other}") == graphemes(one) + 1 + graphemes(other)


@given(st.text())
def test_never_more_than_there_are_and_never_none_of_some(text: str) -> None:
    assert bool(text) <= graphemes(text) <= len(text)


@given(st.text(st.sampled_from("abc 👍🏽🇳e\u0301\u200d"), max_size=30))
def test_what_is_put_behind_never_makes_it_shorter(text: str) -> None:
    counts = [graphemes(text[:end]) for end in range(len(text) + 1)]
    assert counts == sorted(counts)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("Kijk op https://windmee.example/winter/accu?hulp=1.", 8 + 23 + 1),
        ("https://windmee.example https://w.example", 47),
        ("@marloes@mastodon.example dag", 12),
        ("@marloes dag", 12),
        ("mail info@windmee.example", 25),
        ("(zie https://nl.wikipedia.org/wiki/Accu_(fiets))", 5 + 23 + 0),
        ("http://", 7),
    ],
)
def test_mastodon_counts_addresses_and_mentions_its_own_way(text: str, characters: int) -> None:
    assert as_mastodon_counts(text) == characters


@given(st.text(st.characters(categories=("Lu", "Ll", "Zs")), max_size=80))
def test_plain_words_count_the_same_everywhere(text: str) -> None:
    assert as_mastodon_counts(text) == graphemes(text)


def test_what_ends_the_sentence_is_no_part_of_the_address() -> None:
    assert link_end("https://windmee.example/x).") == "https://windmee.example/x"
    assert link_end("https://windmee.example/x!") == "https://windmee.example/x"
    assert link_end("https://w.example/a_(b)") == "https://w.example/a_(b)"
