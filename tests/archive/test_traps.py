"""Surprises of the engine, each held by a test (they were all met once)."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import date
from types import ModuleType

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from openroads.analysis.query.words import cut
from openroads.archive import queries
from openroads.archive.client import Archive
from openroads.archive.queries import posts
from openroads.archive.scope import IN_SCOPE, IN_SCOPE_BY_DAY, VALID_IN_SCOPE, Scope
from tests.archive.saying import land, said

YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))
READING = ("gap", "totals", "documents", "posts", "search", "state", "timeline")


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(queries.__path__):
        yield importlib.import_module(f"openroads.archive.queries.{found.name}")


def texts(*rooms: str) -> Iterator[tuple[str, str]]:
    for module in modules():
        name = module.__name__.rsplit(".", 1)[1]
        for constant, value in vars(module).items():
            if constant.isupper() and isinstance(value, str) and (not rooms or name in rooms):
                if re.search(r"\b(SELECT|INSERT|ALTER|DELETE)\b", value):
                    yield f"{name}.{constant}", value


NOT_FINAL = {
    # Every version: what another process wrote, to be remembered as perhaps there.
    "writing.POSTS_SINCE",
    # These look at every version on purpose: to forget an old one would bring it back.
    "writing.TWINS", "writing.MONTHS_OF_POSTS", "writing.IDS_OF_MONTH", "writing.LAST_VERSIONS",
    "writing.IDS_OF_AUTHORS", "writing.IDS_OF_SOURCE", "writing.TERMS_OF_IDS",
    "writing.TERMS_OF_SOURCE", "writing.TERMS_IN_USE", "writing.COPY_KEYS_OF_MONTH",
    "authors.HELD_OF_AUTHOR", "authors.NAMESAKES", "authors.TRACES_OF_AUTHOR", "writing.MONTHS_OF_IDS",
    "writing.MONTHS_OF_SOURCE", "writing.ERASE_IDS", "writing.ERASE_SOURCE", "writing.ERASE_TEXT",
    "rollups.MONTHS",
    # Retention: what was replaced is on the disk until the parts are merged.
    "old.OLD_POSTS", "old.OLDEST", "old.OLD_AMONG", "old.OLD_MONTHS", "old.ERASE_OLD", "old.ORPHANED_TERMS",
    # Topics and backups: which months to look at, and what came since; a month too many costs a look.
    "topics.MONTHS_SINCE", "topics.LAST_VERSION", "topics.ERASE_FILED_OF_SOURCE", "whole.MONTHS",
    "old.ERASE_OLD_FILED",
    # An account owns every version of its posts; what was taken back is told by a tombstone beside what
    # it buries; a month is looked at too early at most.
    "platform.OWNERS", "platform._BURIED", "platform.TAKEN_BACK", "platform.IDS_TAKEN_BACK",
    "stored.MONTHS_STORED", "stored.DELETED",
    # Versions of one post have one moment, and a moment counts once.
    "ear.ARRIVALS",
    # Masking names: what was replaced holds them until the parts are merged.
    "masking.NAMING", "masking.MONTHS", "masking.TERMS", "masking.ERASE_OLDER",
}  # fmt: skip


def test_every_text_reads_posts_and_passages_in_their_last_version() -> None:
    found = 0
    for name, text in texts():
        for match in re.finditer(r"FROM (post|passage)\b(?! FINAL)", text):
            assert name in NOT_FINAL, f"{name} reads {match[1]} without FINAL"
        found += len(re.findall(r"FROM (?:post|passage) FINAL", text))
    assert found > 20


def test_every_question_about_posts_is_bound_in_time() -> None:
    for name, text in texts(*READING):
        for table in ("post FINAL", "passage FINAL", "counted_post"):
            reads = text.count(f"FROM {table}")
            if name == "state.TEXTS_KEPT":  # counts the brand's own texts, which are few
                continue
            assert text.count("{since:Date}") >= reads, name
            assert text.count("{until:Date}") >= reads, name


def test_every_question_of_the_gap_keeps_to_its_scope() -> None:
    for name, text in texts("gap", "totals", "documents"):
        if "FROM post" in text or "FROM counted_post" in text:
            assert IN_SCOPE in text or IN_SCOPE_BY_DAY in text, name
        if "FROM passage" in text:
            assert VALID_IN_SCOPE in text, name


def test_nothing_in_the_archive_updates_in_place() -> None:
    steps = importlib.import_module("openroads.archive.steps")
    every = [text for _, text in texts()] + [text for _, _, text in steps.known_steps()]
    for text in every:
        assert not re.search(r"\bUPDATE\b|lightweight_update", text)
        # A name given by WITH is worked out again wherever it is used.
        assert not re.search(r"\bWITH\b", text)


def test_accents_and_capitals_match_with_and_without_the_index(archive: Archive) -> None:
    land(archive, said("1", "Café crème: één “wow” 日本語", date(2026, 10, 1)))
    for wanted in ("cafe", "CREME een", "wow", "日本語"):
        found = posts.ids_with_words(archive, YEAR, wanted, limit=20)
        assert len(found) == 1, wanted
        # countIf reads the column itself, the list above went through the index.
        counts = archive.table(
            "SELECT countIf(hasAllTokens(searchable, {w:Array(String)})) AS n FROM post FINAL",
            {"w": cut(wanted)},
        )  # fmt: skip
        assert counts["n"].to_pylist() == [1], wanted
    assert posts.ids_with_words(archive, YEAR, "thee", limit=20) == []


def test_words_are_sought_among_the_last_days_first_and_then_among_all(archive: Archive) -> None:
    days = [date(2026, 11, 20), date(2026, 11, 1), date(2026, 3, 1), date(2026, 2, 1)]
    for n, day in enumerate(days):
        land(archive, said(str(n), "accu leeg", day))
    scope = Scope(date(2026, 1, 1), date(2026, 11, 22))
    every = posts.ids_with_words(archive, scope, "accu", limit=20)
    newest = archive.table("SELECT id FROM post FINAL ORDER BY published_at DESC", {})["id"]
    assert every == newest.to_pylist() and len(every) == 4
    assert posts.ids_with_words(archive, scope, "accu", limit=2) == every[:2]
    assert posts.ids_with_words(archive, scope, "accu", limit=3) == every[:3]


def test_the_word_index_is_used(archive: Archive) -> None:
    land(archive, said("1", "accu leeg", date(2026, 10, 1)))
    params = {
        **YEAR.params(), "voice": "customer", "wanted": ["accu"], "limit": 20,
        "before": posts.FOREVER_MS, "before_id": posts.LAST_ID,
    }  # fmt: skip
    plan = archive.table(f"EXPLAIN indexes = 1 {posts.IDS_WITH_WORDS}", params)
    assert "searchable_words" in " ".join(plan["explain"].to_pylist())


def test_array_parameters_must_be_lists(archive: Archive) -> None:
    scope = Scope(date(2026, 1, 1), date(2027, 1, 1), 1, (1, 2), ("nl",))
    assert all(not isinstance(value, tuple) for value in scope.params().values())
    with pytest.raises(ClickHouseError):
        archive.table("SELECT {a:Array(UInt16)} AS n", {"a": (1, 2)})


def test_terms_and_engagement_have_the_types_that_are_quick_and_true(archive: Archive) -> None:
    rows = archive.table(
        "SELECT name, type FROM system.columns WHERE table = 'post'", {}
    ).to_pylist()
    types = {row["name"]: row["type"] for row in rows}
    assert types["terms"] == "Array(UInt32)"
    assert types["brands"] == types["products"] == "Array(UInt16)"
    for figure in ("likes", "replies", "reposts", "views", "rating"):
        assert types[figure].startswith("Nullable("), figure
