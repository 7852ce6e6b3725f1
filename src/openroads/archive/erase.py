"""Takes posts out for good: of an author who asks, of a source, of months long past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive
from openroads.archive.copies import point_elsewhere
from openroads.archive.erased import keep_out
from openroads.archive.ingest import memory_of
from openroads.archive.queries import old
from openroads.archive.queries import rollups as sums
from openroads.archive.queries import topics as filed
from openroads.archive.queries import writing as sql
from openroads.archive.rollups import months_in_archive, rebuild_rollups, unsettle
from openroads.archive.scope import midnight
from openroads.archive.termbook import book_of
from openroads.archive.twins import WINDOW_MS, Candidate, keys_of, originals

TERMS_AT_ONCE = 100_000


@dataclass(frozen=True)
class Erased:
    """What was taken out: posts, and words that stood in no other text."""

    posts: int
    words: int


def erase_author(archive: Archive, author_key: int) -> int:
    """Erase all posts of an author, every version of them; returns how many. See `erase_authors`.
    What they say later may be taken in again."""
    return erase_authors(archive, [author_key]).posts


def erase_authors(
    archive: Archive, keys: Sequence[int], *, for_good: datetime | None = None
) -> Erased:
    """Erase all posts under these pseudonyms, from the files as well as from sight, with the words
    nobody else used. The sums of the months they stood in are made anew.

    With a moment as `for_good` they are never taken in again either, whatever file or feed tells
    of them. The mark comes first, so that a kill half-way and an import at the same time bring
    nothing back; doing it again ends what was begun. Files that the engine has rewritten stay on
    the disk for a while: see `old_parts`. Takes seconds to minutes in a large archive: work for a job.
    """
    with archive.write_lock:
        if for_good is not None:
            keep_out(archive, keys, now=for_good)
        return _erase(archive, _ids(archive, sql.IDS_OF_AUTHORS, {"keys": list(keys)}))


def posts_of_authors(archive: Archive, keys: Sequence[int]) -> list[int]:
    """The ids of everything under these pseudonyms, in any version: for who keeps something by id."""
    return _ids(archive, sql.IDS_OF_AUTHORS, {"keys": list(keys)})


def erase_posts(archive: Archive, ids: Sequence[int]) -> int:
    """Erase posts by id, as `erase_authors` does."""
    with archive.write_lock:
        return _erase(archive, [int(number) for number in ids]).posts


def delete_source(archive: Archive, source: int) -> int:
    """Erase everything that came from a source; returns how many posts."""
    with archive.write_lock:
        erased = len(_ids(archive, sql.IDS_OF_SOURCE, {"source": source}))
        months = _months(archive, sql.MONTHS_OF_SOURCE, {"source": source})
        terms = _terms(archive, sql.TERMS_OF_SOURCE, {"source": source})
        if erased:
            unsettle(archive, months)
            archive.command(filed.ERASE_FILED_OF_SOURCE, {"source": source})
            archive.command(sql.ERASE_SOURCE, {"source": source})
            _clean_up(archive, months, terms)
        return erased


def old_parts(archive: Archive) -> frozenset[str]:
    """Parts of posts, passages, words and topics that were rewritten and whose files are still on the disk.

    The engine removes them by itself: after half a minute, a ClickHouse server after eight.
    """
    return frozenset(archive.written(sql.OLD_PARTS, {})["part"].to_pylist())


def drop_before(archive: Archive, day: date) -> list[int]:
    """Retention: drop every whole month before this day; returns those months (as 202611).

    Posts of the month the day falls in stay until that month has passed.
    """
    kept_from = day.year * 100 + day.month
    with archive.write_lock:
        gone = [month for month in months_in_archive(archive) if month < kept_from]
        unsettle(archive, gone)
        for month in gone:
            archive.command(sums.DROP_POST_MONTH, {"month": month})
        if gone:
            archive.command(filed.ERASE_FILED_BEFORE, {"day": day.replace(day=1)})
            archive.command(filed.CLEAN_FILED)
            _adopt_orphans(archive, gone)
            rebuild_rollups(archive, gone)
        return gone


def _erase(archive: Archive, ids: Sequence[int]) -> Erased:
    if not ids:
        return Erased(0, 0)
    months = _months(archive, sql.MONTHS_OF_IDS, {"ids": ids})
    terms = _terms(archive, sql.TERMS_OF_IDS, {"ids": ids})
    unsettle(archive, months)
    # First: after a kill the ids are still known by the posts.
    archive.command(filed.ERASE_FILED, {"ids": ids})
    archive.command(sql.ERASE_IDS, {"ids": ids})
    return Erased(len(ids), _clean_up(archive, months, terms))


def _clean_up(archive: Archive, months: Sequence[int], terms: Sequence[int]) -> int:
    """What follows every deletion: out of the files, the copies of what went, the sums, the words
    that nobody uses any more; returns how many of these."""
    _clean_months(archive, months)
    in_use = set(_terms(archive, sql.TERMS_IN_USE, {"terms": terms})) if terms else set()
    return _forget_terms(archive, sorted(set(terms) - in_use))


def clean_up_after(archive: Archive, months: Sequence[int]) -> int:
    """The same after a deletion so large that its words cannot be listed: every word that nobody
    uses goes, whoever used it."""
    _clean_months(archive, months)
    return _forget_terms(archive, sorted(_terms(archive, old.ORPHANED_TERMS, {})))


def clean_up_after_change(archive: Archive, months: Sequence[int], terms: Sequence[int]) -> int:
    """The same after earlier versions of posts were taken out; `terms` are those that they had."""
    return _clean_up(archive, months, terms) if months else 0


def _clean_months(archive: Archive, months: Sequence[int]) -> None:
    archive.command(sql.CLEAN_POSTS)
    archive.command(filed.CLEAN_FILED)
    _adopt_orphans(archive, months)
    rebuild_rollups(archive, months)


def _forget_terms(archive: Archive, gone: Sequence[int]) -> int:
    if gone:
        for start in range(0, len(gone), TERMS_AT_ONCE):
            archive.command(sql.ERASE_TERMS, {"terms": list(gone[start : start + TERMS_AT_ONCE])})
        archive.command(sql.CLEAN_TERMS)
        book_of(archive).forget(gone)
    return len(gone)


def _adopt_orphans(archive: Archive, months: Sequence[int]) -> None:
    """Copies of an erased post: the first of them is now the first of its kind."""
    first = milliseconds(_first_moment(min(months)))
    last = milliseconds(_first_moment(_next_month(max(months)))) + WINDOW_MS
    rows = archive.written(sql.ORPHANS, {"first": first, "last": last}).to_pylist()
    if not rows:
        return
    found = originals(
        Candidate(
            row["id"],
            row["at"],
            row["voice"] == "customer",
            keys_of(row["same_key"], row["bands"], row["words"]),
        )
        for row in rows
    )
    memory = memory_of(archive)
    memory.version += 1
    touched = {_month(row["at"]) for row in rows}
    unsettle(archive, touched)
    point_elsewhere(archive, rows, found, memory.version)
    rebuild_rollups(archive, touched)


def _ids(archive: Archive, text: str, params: dict[str, object]) -> list[int]:
    ids: list[int] = archive.written(text, params)["id"].to_pylist()
    return ids


def _terms(archive: Archive, text: str, params: dict[str, object]) -> list[int]:
    terms: list[int] = archive.written(text, params)["term"].to_pylist()
    return terms


def _months(archive: Archive, text: str, params: dict[str, object]) -> list[int]:
    return [int(month) for month in archive.written(text, params)["month"].to_pylist()]


def _month(moment: int) -> int:
    day = datetime.fromtimestamp(moment / 1000, UTC)
    return day.year * 100 + day.month


def _first_moment(month: int) -> datetime:
    return midnight(date(month // 100, month % 100, 1))


def _next_month(month: int) -> int:
    return month + 89 if month % 100 == 12 else month + 1
