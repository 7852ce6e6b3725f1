"""Keeps the sums the screens read (terms per period, volume per day, counted posts) true to the posts."""

from collections.abc import Iterable

from openroads.archive.port import Writing
from openroads.archive.queries import rollups as sql

MOST_UNSETTLED = 24
"""Months left marked between batches: more means fewer marks to write, fewer a shorter repair."""


def months_in_archive(archive: Writing) -> list[int]:
    """The months (as 202611) that have posts or sums, oldest first."""
    return _months(archive, sql.ALL_MONTHS)


def unsettle(archive: Writing, months: Iterable[int]) -> None:
    """Mark months as being changed, before anything in them is; durable when this returns."""
    marked: set[int] = archive.memory.setdefault("unsettled", set())
    touched = set(months)
    if new := touched - marked:
        _mark(archive, new, unsettled=True)
        marked |= new
    if len(marked) > MOST_UNSETTLED and (old := marked - touched):
        settled(archive, old)


def settled(archive: Writing, months: Iterable[int] | None = None) -> None:
    """Take the mark off months whose sums are complete (all of them by default)."""
    marked: set[int] = archive.memory.setdefault("unsettled", set())
    done = set(marked if months is None else months) - _broken(archive)
    if done:
        _mark(archive, done, unsettled=False)
        marked -= done


def mark_broken(archive: Writing, months: Iterable[int]) -> None:
    """Remember months whose change failed half-way; they keep their mark until mended."""
    _broken(archive).update(months)


def mend(archive: Writing) -> None:
    """Rebuild the months whose change failed half-way in this process."""
    if broken := set(_broken(archive)):
        rebuild_rollups(archive, broken)
        _broken(archive).clear()


def settle(archive: Writing) -> list[int]:
    """Rebuild the months an interrupted ingest left marked; returns them. Runs at every open."""
    with archive.write_lock:
        interrupted = _months(archive, sql.UNSETTLED)
        if interrupted:
            rebuild_rollups(archive, interrupted)
            _mark(archive, interrupted, unsettled=False)
        return interrupted


def rebuild_rollups(archive: Writing, months: Iterable[int]) -> None:
    """Make the sums of these months (as 202611) anew from the posts. May be run at any time."""
    with archive.write_lock:
        for month in sorted(set(months)):
            known = month in archive.memory.setdefault("unsettled", set())
            unsettle(archive, [month])
            archive.command(sql.DROP_TERM_MONTH, {"month": month})
            archive.command(sql.DROP_VOLUME_MONTH, {"month": month})
            archive.command(sql.DROP_COUNTED_MONTH, {"month": month})
            archive.command(sql.FEED_MONTH, {"month": month})
            if not known:
                settled(archive, [month])


def verify_rollups(archive: Writing, months: Iterable[int] | None = None) -> list[str]:
    """Recount the posts and compare with the sums: one sentence per difference, none when right."""
    found = []
    with archive.write_lock:
        for month in months if months is not None else months_in_archive(archive):
            for name, text in (
                ("Terms", sql.TERM_DIFFERENCES),
                ("Volume", sql.VOLUME_DIFFERENCES),
                ("Counted posts", sql.COUNTED_DIFFERENCES),
            ):
                for row in archive.written(text, {"month": month}).to_pylist():
                    found.append(f"{name} of {month} are off: {row}.")
    return found


def _broken(archive: Writing) -> set[int]:
    broken: set[int] = archive.memory.setdefault("broken", set())
    return broken


def _months(archive: Writing, text: str) -> list[int]:
    return [int(month) for month in archive.written(text, {})["month"].to_pylist()]


def _mark(archive: Writing, months: Iterable[int], *, unsettled: bool) -> None:
    archive.command(sql.MARK_MONTHS, {"months": sorted(months), "unsettled": int(unsettled)})
