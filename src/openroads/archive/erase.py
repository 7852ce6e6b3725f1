"""Takes posts out for good: of an author who asks, of a source, of months long past."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive
from openroads.archive.ingest import memory_of, point_elsewhere
from openroads.archive.queries import rollups as sums
from openroads.archive.queries import writing as sql
from openroads.archive.rollups import months_in_archive, rebuild_rollups, unsettle
from openroads.archive.scope import midnight
from openroads.archive.twins import WINDOW_MS, Candidate, keys_of, originals


def erase_author(archive: Archive, author_key: int) -> int:
    """Erase all posts of an author, every version of them, from the files as well as from sight;
    returns how many. The sums of the months they stood in are made anew. Takes seconds to minutes
    in a large archive: work for a nightly job."""
    with archive.write_lock:
        ids = _ids(archive, sql.IDS_OF_AUTHOR, {"author_key": author_key})
        return _erase(archive, ids)


def erase_posts(archive: Archive, ids: Sequence[int]) -> int:
    """Erase posts by id, as `erase_author` does."""
    with archive.write_lock:
        return _erase(archive, [int(number) for number in ids])


def delete_source(archive: Archive, source: int) -> int:
    """Erase everything that came from a source; returns how many posts."""
    with archive.write_lock:
        erased = len(_ids(archive, sql.IDS_OF_SOURCE, {"source": source}))
        months = _months(archive, sql.MONTHS_OF_SOURCE, {"source": source})
        if erased:
            unsettle(archive, months)
            archive.command(sql.ERASE_SOURCE, {"source": source})
            _clean_up(archive, months)
        return erased


def drop_before(archive: Archive, day: date) -> list[int]:
    """Retention: drop every whole month before this day; returns those months (as 202611).

    Posts of the month the day falls in stay until that month has passed.
    """
    kept_from = day.year * 100 + day.month
    with archive.write_lock:
        old = [month for month in months_in_archive(archive) if month < kept_from]
        unsettle(archive, old)
        for month in old:
            archive.command(sums.DROP_POST_MONTH, {"month": month})
        if old:
            _adopt_orphans(archive, old)
            rebuild_rollups(archive, old)
        return old


def _erase(archive: Archive, ids: Sequence[int]) -> int:
    if ids:
        months = _months(archive, sql.MONTHS_OF_IDS, {"ids": ids})
        unsettle(archive, months)
        archive.command(sql.ERASE_IDS, {"ids": ids})
        _clean_up(archive, months)
    return len(ids)


def _clean_up(archive: Archive, months: Sequence[int]) -> None:
    """What follows every deletion: out of the files, the copies of what went, the sums."""
    archive.command(sql.CLEAN_POSTS)
    _adopt_orphans(archive, months)
    rebuild_rollups(archive, months)


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


def _ids(archive: Archive, text: str, params: dict[str, int]) -> list[int]:
    ids: list[int] = archive.written(text, params)["id"].to_pylist()
    return ids


def _months(archive: Archive, text: str, params: dict[str, object]) -> list[int]:
    return [int(month) for month in archive.written(text, params)["month"].to_pylist()]


def _month(moment: int) -> int:
    day = datetime.fromtimestamp(moment / 1000, UTC)
    return day.year * 100 + day.month


def _first_moment(month: int) -> datetime:
    return midnight(date(month // 100, month % 100, 1))


def _next_month(month: int) -> int:
    return month + 89 if month % 100 == 12 else month + 1
