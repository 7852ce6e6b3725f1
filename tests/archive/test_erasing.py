"""Erasing an author: out of sight, out of the files, and not taken in again."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openroads.analysis.pipeline import Analyser, joined
from openroads.archive.client import Archive
from openroads.archive.erase import delete_source, erase_authors, old_parts
from openroads.archive.erased import let_in, only
from openroads.archive.ingest import Origin, verify_rollups
from openroads.archive.queries import authors, gap, posts
from openroads.archive.queries.totals import totals
from openroads.archive.scope import Scope
from tests.archive.saying import NOW, Said, in_a_hurry, land, land_texts, passage, said

YEAR = Scope(date(2026, 1, 1), date(2027, 1, 1))
CANARY = "xyzzykanarie"


def keys(archive: Archive, handle: str = "marloes", network: str = "forum") -> list[int]:
    return authors.keys_of_handle(archive, network, handle)


def by_marloes(number: str, text: str, **more: Any) -> Said:
    return said(number, text, date(2026, 9, 1), author="marloes", author_name="Marloes", **more)


def files_with(word: str, archive: Archive) -> list[str]:
    """Files of the archive that hold these bytes."""
    return [
        str(path)
        for path in Path(archive.location).rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    ]


def wait_until_gone(archive: Archive, parts: frozenset[str], seconds: float = 100) -> None:
    until = time.monotonic() + seconds
    while old_parts(archive) & parts:
        assert time.monotonic() < until, "the engine keeps its old parts"
        time.sleep(0.5)


@pytest.fixture
def hurried(tmp_path: Path, empty_archive: Path) -> Iterator[Archive]:
    """An archive whose engine soon removes what it rewrote."""
    from openroads.directory.conversations import close_archive

    close_archive()
    place = tmp_path / "hurried"
    shutil.copytree(empty_archive, place, symlinks=True)
    in_a_hurry(place)
    with Archive.open(place, author_key=b"test key") as opened:
        yield opened


def test_no_byte_of_an_erased_author_is_left_in_any_file(hurried: Archive) -> None:
    archive = hurried
    others = [
        said(str(n), f"gewoon bericht {n} over fietsen", date(2026, 9, 1)) for n in range(900)
    ]
    land(archive, *others)
    land(archive, by_marloes("m1", f"{CANARY} een", url=f"https://forum.example/{CANARY}/1"))
    land(archive, by_marloes("m1", f"{CANARY} twee", url=f"https://forum.example/{CANARY}/1"))
    assert len(files_with(CANARY, archive)) >= 2, "the search finds what is there"
    erased = erase_authors(archive, keys(archive), for_good=NOW)
    assert (erased.posts, erased.words) == (1, 3), "one post in two versions, with three words"
    wait_until_gone(archive, old_parts(archive))
    assert files_with(CANARY, archive) == []
    assert gap.term_id(archive, CANARY) is None
    assert totals(archive, YEAR).posts == 900
    assert verify_rollups(archive) == []


def test_a_word_that_others_use_too_stays(archive: Archive) -> None:
    land(archive, by_marloes("m1", "accu geheim folder oud"), said("2", "accu", date(2026, 9, 2)))
    land_texts(archive, passage(1, 0, "folder", date(2026, 1, 1)))
    land(archive, said("3", "oud", date(2026, 9, 2)))
    land(archive, said("3", "nieuw", date(2026, 9, 2)))
    assert erase_authors(archive, keys(archive)).words == 1
    kept = {word: gap.term_id(archive, word) is not None for word in ("accu", "folder", "geheim")}
    assert kept == {"accu": True, "folder": True, "geheim": False}
    assert gap.term_id(archive, "oud") is not None, "an older version still names it"


def test_a_word_that_is_said_again_after_its_last_user_was_erased_counts_anew(
    archive: Archive,
) -> None:
    land(archive, by_marloes("m1", "geheim"))
    erase_authors(archive, keys(archive))
    land(archive, said("2", "geheim accu", date(2026, 9, 2)))
    found = gap.term_id(archive, "geheim") or 0
    assert [post.author for post in posts.posts_with_term(archive, YEAR, found)] == ["author-2"]
    place = archive.location
    archive.close()
    with Archive.open(place, author_key=b"test key") as again:
        land(again, said("3", "geheim", date(2026, 9, 3)))
        counts = gap.term_counts(again, YEAR)
        assert counts.docs[counts.term == gap.term_id(again, "geheim")].tolist() == [2]
        assert verify_rollups(again) == []


def test_who_is_erased_for_good_is_not_taken_in_again_by_any_source(archive: Archive) -> None:
    one, two = by_marloes("m1", "geheim een"), said("2", "openbaar", date(2026, 9, 1))
    land(archive, one, two)
    erase_authors(archive, keys(archive, "@Marloes"), for_good=NOW)
    landed = land(archive, one, two, by_marloes("m2", "geheim drie"))
    assert (landed.added, landed.changed, landed.same, landed.withheld) == (0, 0, 1, 2)
    elsewhere = land(archive, by_marloes("m1", "geheim"), origin=Origin(2, "customer"))
    assert (elsewhere.added, elsewhere.withheld) == (0, 1)
    loud = land(archive, said("9", "GEHEIM", date(2026, 9, 1), author="@MARLOES"))
    assert loud.withheld == 1
    assert [post.text for post in posts.posts_in_scope(archive, YEAR)] == ["openbaar"]
    assert gap.term_id(archive, "drie") is None, "not even the words"
    place = archive.location
    archive.close()
    with Archive.open(place, author_key=b"test key") as again:
        assert land(again, one).withheld == 1
        assert authors.erased_authors(again) == frozenset(keys(again))
        let_in(again, keys(again))
        assert land(again, one).added == 1


def test_a_namesake_on_another_network_stays(archive: Archive) -> None:
    land(archive, by_marloes("m1", "geheim"), by_marloes("m2", "anders").but(network="reddit"))
    assert erase_authors(archive, keys(archive), for_good=NOW).posts == 1
    assert [post.network for post in posts.posts_in_scope(archive, YEAR)] == ["reddit"]
    assert land(archive, by_marloes("m3", "weer").but(network="reddit")).added == 1


def test_erasing_twice_and_erasing_nobody_change_nothing(archive: Archive) -> None:
    land(archive, by_marloes("m1", "geheim"), said("2", "openbaar", date(2026, 9, 1)))
    assert erase_authors(archive, keys(archive), for_good=NOW).posts == 1
    assert erase_authors(archive, keys(archive), for_good=NOW).posts == 0
    assert erase_authors(archive, keys(archive, "nobody")).posts == 0
    assert keys(archive, " @ ") == []
    assert len(posts.posts_in_scope(archive, YEAR)) == 1


def test_a_deleted_source_takes_its_own_words_with_it(archive: Archive) -> None:
    land(archive, said("1", "geheim accu", date(2026, 9, 1)))
    land(archive, said("1", "accu", date(2026, 9, 1)), origin=Origin(2, "customer"))
    delete_source(archive, 1)
    assert gap.term_id(archive, "geheim") is None
    assert gap.term_id(archive, "accu") is not None


def test_what_is_held_of_an_author_is_told_per_source(archive: Archive) -> None:
    land(archive, by_marloes("m1", "een"), by_marloes("m2", "twee"))
    land(archive, by_marloes("m1", "een herzien"))
    land(
        archive,
        said("3", "drie", date(2026, 11, 1), author="@marloes", author_name="M. de Groot"),
        origin=Origin(2, "customer"),
    )
    first, second = authors.held_of_author(archive, keys(archive))
    assert (first.source, first.posts, first.names) == (1, 2, ["Marloes"])
    assert (second.source, second.posts, second.last) == (2, 1, date(2026, 11, 1))
    told = [post.as_told() for post in authors.posts_of_author(archive, keys(archive))]
    assert {each["text"] for each in told[:2]} == {"een herzien", "twee"}
    assert told[2]["text"] == "drie" and told[2]["author_name"] == "M. de Groot"
    assert told[0]["published_at"] == "2026-09-01T12:00:00+00:00" and told[0]["likes"] is None


def test_an_author_of_thousands_of_posts_is_told_whole(archive: Archive) -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC)
    land(archive, *(said(str(n), f"post {n}", start, author="marloes") for n in range(2500)))
    found = [post.id for post in authors.posts_of_author(archive, keys(archive))]
    assert len(found) == len(set(found)) == 2500


def test_others_who_speak_of_or_to_them_are_counted_and_not_touched(archive: Archive) -> None:
    land(
        archive,
        by_marloes("m1", "geheim @marloes"),
        said("2", "hoi @marloes alles goed", date(2026, 9, 2)),
        said("3", "marloes is hier", date(2026, 9, 2), author="m.degroot", author_name="Marloes"),
        said("4", "anders", date(2026, 9, 2), author="marloes").but(network="reddit"),
    )  # fmt: skip
    land_texts(archive, passage(1, 0, "Onze Marloes rijdt", date(2026, 1, 1)))
    land_texts(archive, passage(2, 0, "Marloesje niet", date(2026, 1, 1)))
    mine = keys(archive)
    assert authors.mentioned_by_others(archive, mine, "@Marloes") == 1
    assert authors.named_in_own_texts(archive, "marloes") == 1
    assert authors.named_in_own_texts(archive, "a.*") == 0
    same = authors.namesakes(archive, mine, "Marloes")
    assert {(each.network, each.author) for each in same} == {
        ("forum", "m.degroot"), ("reddit", "marloes"),
    }  # fmt: skip


def test_traces_are_what_nobody_else_said(archive: Archive) -> None:
    text = "de accu is na een jaar leeg"
    land(archive, by_marloes("m1", text), said("2", text, date(2026, 9, 2)))
    land(archive, by_marloes("m3", "alleen ik zei dit zo", url="https://forum.example/m3"))
    assert authors.traces_of_author(archive, keys(archive)) == [
        authors.Trace("https://forum.example/m3", "alleen ik zei dit zo")
    ]


def test_some_rows_of_an_analysis_are_the_analysis_of_these_texts() -> None:
    texts = ["De accu is leeg!", "Love it 😀 #fiets", "", "waarom @windmee?"]
    analyser = Analyser()
    whole = analyser.analyse(texts, [""] * 4)
    apart = joined([analyser.analyse([texts[n]], [""]) for n in (3, 1)])
    chosen = only(whole, [3, 1])
    for name in apart.__dataclass_fields__:
        one, other = getattr(chosen, name), getattr(apart, name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name  # fmt: skip
        else:
            assert one == other, name
    assert len(only(whole, []).language) == 0
