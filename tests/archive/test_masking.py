"""Names of an erased author in what others wrote: masked in every version and file, with sums that stay true."""

from datetime import date

import pytest

from openroads.analysis.pipeline import Analysis
from openroads.archive.client import Archive
from openroads.archive.erase import old_parts
from openroads.archive.ingest import post_id, verify_rollups
from openroads.archive.masking import MASK, Masks, count_named, mask_of, mask_posts, posts_naming
from openroads.archive.queries import gap, posts
from openroads.archive.queries.totals import totals
from tests.archive.saying import analysis_of, land, said
from tests.archive.test_erasing import CANARY, YEAR, files_with, hurried, wait_until_gone  # noqa: F401

SECRET = b"test key"
DAY = date(2026, 9, 1)
NAMES = (CANARY, "Marloes de Groot")


def masks_of(*names: str) -> Masks:
    return Masks([mask for name in names if (mask := mask_of(name, SECRET))], SECRET)


def analyse(texts: list[str], languages: list[str]) -> Analysis:
    plain = said("", "", DAY)
    return analysis_of(texts, [plain.but(language=language) for language in languages])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hoi @MarloesXYZ, alles goed?", f"hoi {MASK}, alles goed?"),
        ("MARLOESXYZ's fiets #marloesxyz (https://x.com/marloesxyz/1)", f"{MASK}'s fiets {MASK} (https://x.com/{MASK}/1)"),
        ("marloesxyzzy en xmarloesxyz zijn anderen", "marloesxyzzy en xmarloesxyz zijn anderen"),
        ("Ik sprak Marloes de Groot en Marloes-de-Groot", f"Ik sprak {MASK} en {MASK}"),
        ("Marloes. De groot is lang; een groot feest", "Marloes. De groot is lang; een groot feest"),
        ("jo @jo zei jo", f"jo {MASK} zei jo"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_masked_where_it_stands_as_a_word(text: str, masked: str) -> None:
    assert masks_of("@marloesxyz", "Marloes de Groot", "jo").masked(text) == masked


def test_what_is_kept_says_nobodys_name_and_needs_the_key() -> None:
    mask = mask_of("Marloes de Groot", SECRET)
    assert mask == mask_of(" marloes DE groot ", SECRET) != mask_of("Marloes de Groot", b"other")
    assert mask is not None and mask.words == 3
    assert mask_of("!!", SECRET) is None


def test_names_go_from_every_version_and_file_and_the_sums_stay_true(hurried: Archive) -> None:  # noqa: F811
    archive = hurried
    others = [said(str(n), f"gewoon bericht {n} over fietsen", DAY) for n in range(300)]
    land(archive, *others)
    named = said("t1", f"hoi @{CANARY} fijne fiets", DAY, mood=1, kind="praise", brands=(1,))
    land(archive, said("t2", f"eerst stond hier {CANARY} zelf", DAY))
    land(archive, named, said("t2", "nu niet meer over haar", DAY))
    land(archive, said("t3", "Marloes de Groot belde ons", DAY, title=f"Over {CANARY}"))
    land(archive, said("t4", "een groot feest voor Marloes", DAY))
    masks, before = masks_of(*NAMES), totals(archive, YEAR)
    ids = posts_naming(archive, NAMES)
    assert (len(ids), count_named(archive, ids, masks)) == (4, 2), "more are looked at than named"
    assert files_with(CANARY, archive), "the search finds what is there"
    assert mask_posts(archive, ids, masks, analyse) == 2
    wait_until_gone(archive, old_parts(archive))
    assert files_with(CANARY, archive) == []
    held = {name: next(post for post in posts.posts_in_scope(archive, YEAR, limit=500) if post.id == post_id(1, name)) for name in ("t1", "t2", "t3", "t4")}  # fmt: skip
    assert held["t1"].text == f"hoi {MASK} fijne fiets"
    assert (held["t1"].mood, held["t1"].kind) == (1, "praise"), "what it says stays"
    assert (held["t3"].title, held["t3"].text) == (f"Over {MASK}", f"{MASK} belde ons")
    assert held["t4"].text == "een groot feest voor Marloes"
    assert held["t2"].text == "nu niet meer over haar"
    known = {word: gap.term_id(archive, word) is not None for word in (CANARY, f"@{CANARY}", "Groot", "belde", "fijne")}  # fmt: skip
    assert known == {CANARY: False, f"@{CANARY}": False, "Groot": False, "belde": True, "fijne": True}  # fmt: skip
    assert totals(archive, YEAR) == before and verify_rollups(archive) == []
    assert mask_posts(archive, posts_naming(archive, NAMES), masks, analyse) == 0, "done once"


def test_the_same_post_read_again_masked_stays_one_post(archive: Archive) -> None:
    masks, first = masks_of(CANARY), said("t1", f"hoi @{CANARY} fiets", DAY)
    land(archive, first)
    mask_posts(archive, posts_naming(archive, [CANARY]), masks, analyse)
    again = first.but(text=masks.in_message(first.message).text)
    assert (land(archive, again).changed, land(archive, again).same) == (1, 1)
    assert [post.text for post in posts.posts_in_scope(archive, YEAR)] == [f"hoi {MASK} fiets"]
    assert verify_rollups(archive) == []


def test_a_message_loses_addresses_with_the_name_and_keeps_what_it_is_known_by() -> None:
    masks, post = masks_of(CANARY), said(f"{CANARY}-9", "niets", DAY, author="rider1").message
    assert masks.in_message(post) is post
    named = said("1", "niets", DAY, url=f"https://x.com/{CANARY}/1", thread="t7").message
    new = masks.in_message(named)
    assert (new.url, new.thread, new.native_id) == ("", "t7", "1")
    told = {"rows": [{"text": f"@{CANARY} hoi", "n": 3}, None]}
    assert masks.in_told(told) == {"rows": [{"text": f"{MASK} hoi", "n": 3}, None]}
