"""Each operator of a query on a handful of posts anybody can count, in the archive and in a stream."""

from collections.abc import Iterator
from datetime import date

import pytest

from openroads.analysis.query.matcher import matcher
from openroads.analysis.query.parse import parse
from openroads.analysis.query.syntax import Field, Node
from openroads.archive.client import Archive
from openroads.archive.ingest import Origin, post_id
from openroads.archive.matching import candidates
from openroads.archive.queries import search
from openroads.archive.scope import Scope
from tests.archive.saying import CUSTOMERS, analysis_of, land, said

YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))
OCTOBER = date(2026, 10, 1)

POSTS = (
    said("a", "De accu is leeg", OCTOBER, mood=-1, kind="complaint", author="@noor",
         author_name="Noor de Groot", url="https://forum.windmee.nl/1", likes=3),
    said("b", "Accu’s gaan lang mee, dus de accu niet", OCTOBER, mood=1, kind="praise", likes=10,
         brands=(1,), products=(4,), url="https://windmee.nl/x"),
    said("c", "leeg is de batterij", date(2026, 10, 2), mood=-1, language="en", rating=4.5,
         views=2**40, author="daan", reply_to="a"),
    said("d", "windmee.nl: #accu van @noor zie https://x.nl", date(2026, 10, 3), mood=-128,
         kind="question", title="De accu", brands=(1,), likes=11),
    said("e", "klantenservice", date(2026, 11, 3), title="leeg", replies=0, reposts=5, author="", quotes="a",
         url="https://notwindmee.nl"),
    said("f", "Klantendienst café ÉÉN straße", date(2026, 11, 10), language="und", author="da_n"),
    said("g", "de accu loopt nu al veel te snel leeg", date(2026, 11, 20), rating=4.0),
)  # fmt: skip

FOUND = {
    "accu": "abdg",
    "ACCU": "abdg",
    "accu leeg": "ag",
    "accu AND leeg": "ag",
    "accu OR leeg": "abcdeg",
    "accu NOT leeg": "bd",
    "accu NOT (leeg OR windmee)": "b",
    "leeg NOT accu OR klantendienst": "cef",
    "(accu OR batterij) leeg": "acg",
    "s": "b",
    "cafe een strasse": "f",
    '"de accu"': "abdg",
    '"accu de"': "",
    '"de accu is leeg"': "a",
    '"accu windmee"': "",
    '"windmee nl"': "d",
    "windmee.nl": "d",
    "klanten": "",
    "klanten*": "ef",
    "klant*service": "e",
    "kl*en*st": "f",
    "le* batt*": "c",
    '"de acc*"': "abdg",
    '"klantend* caf*"': "f",
    "accu NEAR/1 leeg": "a",
    "leeg NEAR/0 is": "ac",
    "leeg ONEAR/0 is": "c",
    "accu NEAR/5 leeg": "a",
    "accu NEAR/6 leeg": "ag",
    "leeg NEAR/1 accu": "a",
    "leeg ONEAR/1 accu": "",
    "accu NEAR/0 windmee": "",
    "accu NEAR/2 accu": "",
    "accu NEAR/6 accu": "b",
    '"de accu" NEAR/0 "is leeg"': "a",
    '"de accu" NEAR/5 accu': "b",
    "(batterij OR accu) ONEAR/1 (leeg OR van)": "ad",
    "klanten* NEAR/3 str*": "f",
    "author:noor": "a",
    "author:noor*": "a",
    'author:"noor de groot"': "a",
    "author:da*n": "cf",
    "author:da_n": "f",
    "site:windmee.nl": "ab",
    "site:forum.windmee.nl": "a",
    "site:nl": "abe",
    "lang:en": "c",
    "lang:unknown": "f",
    "lang:(en OR unknown)": "cf",
    "network:forum accu": "abdg",
    "network:x": "",
    "source:1 accu": "abdg",
    "source:2": "",
    "#accu": "d",
    "#ac*": "d",
    "hashtag:café": "",
    "@noor": "d",
    "tone:negative": "ac",
    "tone:unknown": "d",
    "tone:(positive OR neutral)": "befg",
    "kind:complaint OR kind:praise": "ab",
    "likes:10": "b",
    "likes:>10": "d",
    "likes:>=10": "bd",
    "likes:<11": "ab",
    "likes:3..10": "ab",
    "NOT likes:>3 accu": "ag",
    "replies:0": "e",
    "replies:<5": "e",
    "reposts:5": "e",
    "views:>1000000": "c",
    "rating:4.5": "c",
    "rating:>=4": "cg",
    "rating:<4,5": "g",
    "date:2026-10-02": "c",
    "date:2026-10": "abcd",
    "date:2026-10-02..2026-11-05": "cde",
    "date:>2026-11-09": "fg",
    "date:<2026-10-03 accu": "ab",
    "has:link": "d",
    "has:hashtag": "d",
    "has:mention": "d",
    "has:title": "de",
    "has:reply": "c",
    "has:quote": "e",
    "heeft:citaat OR has:reply": "ce",
    "has:rating": "cg",
    "has:likes": "abd",
    "has:author NOT accu": "cf",
    "brand:1": "bd",
    "product:4": "b",
    "product:70000": "",
}  # fmt: skip


def read(text: str) -> Node:
    parsed = parse(text)
    assert parsed.query is not None, parsed.faults
    return parsed.query


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    from openroads.directory.conversations import close_archive

    close_archive()
    place = tmp_path_factory.mktemp("search") / "archive"
    with Archive.open(place, author_key=b"test key") as opened:
        land(opened, *POSTS)
        yield opened


def ids(archive: Archive, text: str, **more: object) -> str:
    """The native ids of what a query finds, as the archive has it."""
    names = {post_id(1, post.message.native_id): post.message.native_id for post in POSTS}
    found = search.ids_found(archive, YEAR, read(text), **more)  # type: ignore[arg-type]
    return "".join(sorted(names[each.id] for each in found))


@pytest.mark.parametrize("text", FOUND)
def test_a_query_finds(few: Archive, text: str) -> None:
    assert ids(few, text) == FOUND[text]
    assert search.count(few, YEAR, read(text)) == len(FOUND[text])


@pytest.mark.parametrize("text", FOUND)
def test_a_stream_finds(text: str) -> None:
    messages = [post.message for post in POSTS]
    analysis = analysis_of([message.text for message in messages], POSTS)
    fits = matcher(read(text))
    found = [
        message.native_id
        for message, post in candidates(messages, analysis, CUSTOMERS)
        if fits(post)
    ]
    assert "".join(found) == FOUND[text]


def test_a_stream_leaves_out_what_is_deleted_and_knows_the_brand_of_its_source() -> None:
    posts = (said("1", "accu", OCTOBER), said("2", "", OCTOBER, op="delete"))
    messages = [post.message for post in posts]
    analysis = analysis_of([message.text for message in messages], posts)
    ((message, post),) = candidates(messages, analysis, Origin(4, "customer", brand=9))
    assert (message.native_id, post.source, list(post.brands)) == ("1", 4, [9])


def test_days_are_counted_and_days_without_are_absent(few: Archive) -> None:
    found = search.found_by_day(few, YEAR, read("accu"))
    assert [(each.day, each.posts) for each in found] == [
        (date(2026, 10, 1), 2), (date(2026, 10, 3), 1), (date(2026, 11, 20), 1),
    ]  # fmt: skip


def test_a_query_keeps_to_its_scope(few: Archive) -> None:
    autumn = Scope(date(2026, 10, 1), date(2026, 11, 5))
    assert search.count(few, autumn, read("accu")) == 3
    assert search.count(few, Scope(autumn.since, autumn.until, brand=1), read("accu")) == 2
    assert search.count(few, Scope(autumn.since, autumn.until, 1, (4,)), read("accu")) == 1
    assert search.count(few, Scope(YEAR.since, YEAR.until, languages=("en",)), read("leeg")) == 1


HOSTILE = (
    "'; DROP TABLE post; --", '" OR 1=1 --', "\\", "\\'", "{q0:String}", "{since:Date}", "%", "_", "*/ /*",
    "\x00", "\t\n", "a\\tb", "')) UNION ALL SELECT 1 --", "$$", "`post`", "\u2028", "\ufeff", "(?i)a|.*",
    "[^ ]", "a{0,99999}", "\x1e",
)  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_looks_like_sql_or_a_pattern_is_only_sought(few: Archive, hostile: str) -> None:
    before = search.count(few, YEAR, read("accu"))
    asked = [
        f'accu "{hostile} rem"', f'author:"{hostile}x"', f"accu {hostile}", f"site:{hostile}",
        f"lang:{hostile}", f"network:{hostile}", f"#{hostile}", f'hashtag:"{hostile}"', f"likes:{hostile}",
        f"brand:{hostile}", f"emoji:{hostile}", f"xx{hostile}*", f"accu NEAR/{hostile} leeg",
        f"{hostile}", f'"accu {hostile}" NEAR/3 leeg',
    ]  # fmt: skip
    for text in asked:
        if query := parse(text).query:
            assert search.count(few, YEAR, query) <= len(POSTS), text
    # A tree by hand goes past the reader, which lets none of these through as the value of a field.
    for name in ("author", "site", "lang", "network", "hashtag", "mention", "emoji", "kind"):
        for value in (hostile, f"{hostile}*x"):
            assert search.count(few, YEAR, Field(name, value)) == 0, (name, value)
    assert search.count(few, YEAR, read("accu")) == before == 4


def test_the_index_answers_words_and_narrows_phrases(few: Archive) -> None:
    for text in ("accu", "accu leeg", "accu OR leeg", '"de accu"', "accu NEAR/3 leeg"):
        made = search.condition(read(text))
        sql = search.COUNT.replace("(FOUND)", f"({made.sql})")
        params = {**YEAR.params(), "voice": "customer", "copies": False, **made.params}
        plan = " ".join(few.table(f"EXPLAIN indexes = 1 {sql}", params)["explain"].to_pylist())
        assert "searchable_words" in plan, text
