"""What an author is called by those who see no names: stable, readable, and nobody's way back."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.pseudonyms import SPACE, WORDS, number_of, pseudonym
from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import show
from openroads.analysis.query.veiling import is_of_one, names_people, veiled
from openroads.archive.batch import author_key
from openroads.archive.queries.search import condition

KEYS = st.integers(min_value=1, max_value=2**64 - 1)
BLIND = Known(people=False, ours=frozenset({"windmee"}))


def test_the_words_stay_as_they_are_or_every_author_has_another_name() -> None:
    assert (len(WORDS), len(set(WORDS)), SPACE) == (173, 173, 29_929_000)
    assert sha256(" ".join(WORDS).encode()).hexdigest()[:16] == "eb2cfb4944247741"


def test_nobody_has_no_name() -> None:
    assert pseudonym(0) == ""


@given(KEYS)
def test_a_name_leads_to_the_authors_of_that_name_and_no_further(key: int) -> None:
    name = pseudonym(key)
    assert number_of(name) == key % SPACE
    assert name == pseudonym(key) and name.isascii() and name == name.lower()


@given(st.text(max_size=30))
def test_anything_else_is_no_name(text: str) -> None:
    number = number_of(text)
    assert number is None or pseudonym(number or SPACE) == text


def test_another_house_calls_the_same_author_otherwise() -> None:
    ours, theirs = (author_key("x", "marloes", key * 32) for key in (b"a", b"b"))
    assert pseudonym(ours) != pseudonym(theirs)


def test_who_sees_no_names_cannot_ask_for_one_but_for_a_pseudonym() -> None:
    name = pseudonym(12345)
    for query in (
        "author:marloes",
        "auteur:mar*",
        "@marloes",
        "mention:marloes",
        'author:"de groot"',
    ):
        faults = parse(f"accu {query}", BLIND).faults
        assert [fault.id for fault in faults] in (["hidden_author"], ["hidden_mention"]), query
        assert "marloes" not in str(faults[0].text), "what is said does not confirm who was meant"
    assert parse(f"author:{name} @windmee author:windmee", BLIND).query is not None
    assert parse("author:marloes @marloes").query is not None


def test_a_pseudonym_is_asked_of_the_archive_as_a_number() -> None:
    query = parse(f"author:{pseudonym(12345)}", BLIND).query
    assert query is not None and is_of_one(query)
    made = condition(query)
    assert made.sql == "post.author_key % {q0:UInt64} = {q1:UInt64}"
    assert made.params == {"q0": SPACE, "q1": 12345}


def test_a_query_is_shown_without_whom_it_names() -> None:
    query = parse("accu (author:marloes OR @windmee) NOT @sofia").query
    assert query is not None and names_people(query, {"windmee"})
    shown = show(veiled(query, {"windmee"}))
    assert "marloes" not in shown and "sofia" not in shown and "@windmee" in shown
    assert not names_people(parse("accu @windmee").query, {"windmee"})  # type: ignore[arg-type]
