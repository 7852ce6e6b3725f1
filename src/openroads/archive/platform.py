"""What networks take back: posts of accounts that are gone, the words of deleted posts, other handles."""

from collections.abc import Collection, Sequence
from datetime import datetime

from openroads.archive.batch import author_key, milliseconds
from openroads.archive.client import Archive
from openroads.archive.erase import clean_up_after_change, erase_posts
from openroads.archive.ingest import memory_of
from openroads.archive.queries import masking, writing
from openroads.archive.queries import platform as sql
from openroads.archive.queries.platform import Owner, PostOfOwner, TakenBack
from openroads.archive.rollups import unsettle


def owner_of(native_id: str) -> str:
    """The account a native id belongs to, where these name it: what stands before the third stroke."""
    return "/".join(native_id.split("/", 3)[:3])


def owners(archive: Archive, sources: Collection[int]) -> list[str]:
    """The accounts of which these sources brought something, in any version."""
    return [row.owner for row in archive.rows(Owner, sql.OWNERS, {"sources": sorted(sources)})]


def posts_of_owners(
    archive: Archive, sources: Collection[int], accounts: Collection[str]
) -> list[PostOfOwner]:
    """What these sources brought of these accounts and is still here."""
    params = {"sources": sorted(sources), "owners": sorted(accounts)}
    return archive.rows(PostOfOwner, sql.POSTS_OF_OWNERS, params)


def taken_back(archive: Archive, until: datetime) -> list[TakenBack]:
    """Posts that were deleted where they were said, as we heard up to a moment: out of sight, and their
    words are still in the files."""
    return archive.rows(TakenBack, sql.TAKEN_BACK, {"until": milliseconds(until)})


def erase_taken_back(archive: Archive, until: datetime) -> int:
    """Take their words out of the files as well; returns how many posts. May be done again."""
    with archive.write_lock:
        found = archive.written(sql.IDS_TAKEN_BACK, {"until": milliseconds(until)})
        return erase_posts(archive, found["id"].to_pylist())


def rename_owner(archive: Archive, sources: Collection[int], account: str, network: str, author: str) -> int:  # fmt: skip
    """An account has another handle: what it said before is under that now; returns how many posts.
    May be done again. The digest goes, so that a post that is told again is looked at anew."""
    key = author_key(network, author, archive.author_key)
    asked = {"sources": sorted(sources), "owner": account, "author_key": key}
    with archive.write_lock:
        ids: Sequence[int] = archive.written(sql.IDS_OF_OWNER, asked)["id"].to_pylist()
        if not ids:
            return 0
        months = archive.written(masking.MONTHS, {"ids": ids})["month"].to_pylist()
        terms = archive.written(writing.TERMS_OF_IDS, {"ids": ids})["term"].to_pylist()
        unsettle(archive, map(int, months))
        memory = memory_of(archive)
        memory.version += 1
        params = {"ids": ids, "author": author, "author_key": key, "version": memory.version}
        archive.command(sql.RENAME, params)
        archive.command(masking.ERASE_OLDER, {"ids": ids})
        clean_up_after_change(archive, [int(month) for month in months], terms)
    return len(ids)
