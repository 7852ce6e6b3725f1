"""Takes the names of authors out of posts that stay: where a network lets the words be kept longer than who said them."""

from collections.abc import Sequence

from openroads.archive.client import Archive
from openroads.archive.erase import clean_up_after_change
from openroads.archive.ingest import memory_of
from openroads.archive.queries import masking, stored
from openroads.archive.rollups import unsettle


def forget_names(archive: Archive, ids: Sequence[int]) -> int:
    """Take handle and name out of these posts, in every version, from the files as well as from sight;
    returns how many posts. The pseudonym stays, and with it every sum. Doing it again ends what was
    begun."""
    if not ids:
        return 0
    with archive.write_lock:
        params = {"ids": [int(number) for number in ids]}
        months = [int(m) for m in archive.written(masking.MONTHS, params)["month"].to_pylist()]
        memory = memory_of(archive)
        memory.version += 1
        unsettle(archive, months)
        archive.command(stored.WITHOUT_NAMES, {**params, "version": memory.version})
        archive.command(masking.ERASE_OLDER, params)
        clean_up_after_change(archive, months, [])
    return len(ids)
