"""Pages, voices, copies, edits, and an archive that could not search yet."""

import re
from datetime import UTC, datetime, timedelta

from openroads.archive.client import Archive
from openroads.archive.ingest import Origin
from openroads.archive.queries import search
from tests.archive.saying import NOW, land, said
from tests.archive.test_search_operators import OCTOBER, POSTS, YEAR, ids, read


def test_reposts_never_and_copies_and_other_voices_when_asked(archive: Archive) -> None:
    text = "de accu is na een jaar al leeg"
    land(
        archive,
        said("1", text, OCTOBER), said("2", text, OCTOBER + timedelta(days=1)),
        said("3", text, OCTOBER, repost=True),
    )  # fmt: skip
    land(
        archive,
        said("4", "onze accu gaat jaren mee", OCTOBER),
        origin=Origin(2, "brand", 1),
        now=NOW,
    )
    query = read("accu")
    assert search.count(archive, YEAR, query) == 1
    assert search.count(archive, YEAR, query, copies=True) == 2
    assert search.count(archive, YEAR, query, voice="brand") == 1
    assert search.count(archive, YEAR, query, voice="") == 2


def test_pages_follow_each_other_newest_first_also_at_one_moment(archive: Archive) -> None:
    moment = datetime(2026, 6, 1, 12, tzinfo=UTC)
    land(
        archive,
        *(said(str(n), f"accu {n}", moment + timedelta(days=10 * (n // 4))) for n in range(30)),
        *(said(f"x{n}", f"rem {n}", moment + timedelta(days=n)) for n in range(30)),
    )
    seen, before = [], None
    while page := search.posts_found(archive, YEAR, read("accu"), before=before, limit=7):
        seen += page
        before = page[-1].place
    assert len({post.id for post in seen}) == len(seen) == 30
    assert [post.place for post in seen] == sorted((post.place for post in seen), reverse=True)
    assert all(post.text.startswith("accu") for post in seen)
    places = search.ids_found(archive, YEAR, read("accu"))
    assert [(each.published_at, each.id) for each in places] == [post.place for post in seen]


def test_an_edit_is_found_by_its_new_words_only(archive: Archive) -> None:
    post = said("1", "de accu", OCTOBER)
    land(archive, post)
    land(archive, post.but(text="de rem"))
    assert search.count(archive, YEAR, read("accu")) == 0
    assert search.count(archive, YEAR, read('"de rem"')) == 1


def test_an_archive_of_the_first_shape_learns_to_search(archive: Archive) -> None:
    """What the step does to posts that were there before it."""
    land(archive, *POSTS)
    archive.command("ALTER TABLE post DROP INDEX searchable_words")
    archive.command("ALTER TABLE post DROP COLUMN searchable")
    archive.command(
        "ALTER TABLE post ADD COLUMN norm String ALIAS removeDiacriticsUTF8(caseFoldUTF8(text))"
    )
    archive.command("ALTER TABLE post ADD INDEX norm_words norm TYPE text(tokenizer = icu('nl'))")
    archive.command("DELETE FROM step WHERE number = 2")
    place = archive.location
    archive.close()
    with Archive.open(place, author_key=b"test key") as again:
        assert ids(again, '"de accu" leeg') == "ag"
        shape = again.table("SHOW CREATE TABLE post", {}).to_pylist()[0]["statement"]
        assert "norm" not in re.sub("normal", "", shape)
        assert "INDEX searchable_words" in shape
        land(again, said("h", "weer een accu leeg", OCTOBER, same="h"))
        assert search.count(again, YEAR, read("accu leeg")) == 3
