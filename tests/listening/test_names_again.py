"""A name that is added later holds for what is read from then on, and for what is read again."""

from datetime import date
from typing import Any

from openroads.archive.ingest import verify_rollups
from openroads.archive.queries.posts import posts_in_scope
from openroads.archive.scope import Scope
from openroads.directory.actions import company
from openroads.directory.company import Product
from openroads.directory.conversations import archive

SAID = "id,created_at,network,author,text\n" + "".join(
    f"{n},2026-09-0{n}T10:00:00Z,x,rider{n},mijn Windmee Duin rijdt {n} dagen prima\n"
    for n in range(1, 6)
)


def about(product: Product) -> int:
    scope = Scope(date(2026, 9, 1), date(2026, 10, 1), products=(product.pk,))
    return len(posts_in_scope(archive(), scope))


def test_a_new_product_is_found_in_what_is_read_again(
    windmee: Any, noor: Any, brought: Any
) -> None:
    brought(SAID)
    duin = company.add_product(by=noor, brand=windmee, name="Duin", forms=["Windmee Duin"])
    assert about(duin) == 0, "what is in the archive keeps the names it was read with"
    again = brought(SAID, "again.csv")
    assert (again.added, again.changed) == (0, 5)
    assert about(duin) == 5
    company.change_product(by=noor, product=duin, name="Duin", forms=["=Windmee Duinen"])
    brought(SAID, "third.csv")
    assert about(duin) == 0
    assert verify_rollups(archive()) == []


def test_an_ended_product_stays_found_until_its_posts_are_read_again(
    windmee: Any, noor: Any, brought: Any
) -> None:
    duin = company.add_product(by=noor, brand=windmee, name="Duin", forms=[])
    brought(SAID)
    company.end_product(by=noor, product=duin)
    assert about(duin) == 5
    brought(SAID, "again.csv")
    assert about(duin) == 0


def test_posts_of_an_account_added_later_are_ours_when_they_are_read_again(
    windmee: Any, noor: Any, brought: Any
) -> None:
    brought(SAID)
    company.add_account(by=noor, network="x", handle="@Rider1")
    brought(SAID, "again.csv")
    ours = posts_in_scope(archive(), Scope(date(2026, 9, 1), date(2026, 10, 1)), voice="brand")
    assert [post.author for post in ours] == ["rider1"]
