"""Sums by hand: what counts at which level, and what is named apart."""

from decimal import Decimal
from typing import Any

import pytest

from openroads.champions import pages
from openroads.champions.actions.successes import confirm_success
from openroads.champions.models import Success
from openroads.champions.sums import sums_of

pytestmark = pytest.mark.django_db


def euros(low: int, base: int, high: int) -> dict[str, Decimal]:
    return {"low": Decimal(low), "base": Decimal(base), "high": Decimal(high)}


@pytest.fixture
def year(ilse: Any, fleur: Any, recorded: Any) -> None:
    """Two deals and three leads of every level, and what nobody knows."""
    books = recorded(ilse, kind="deal", level="A", proof="CRM 1", **euros(900, 1_000, 1_000))
    said = recorded(ilse, kind="deal", level="B", proof="mail 2", **euros(100, 200, 400))
    for one in (books, said):
        confirm_success(by=fleur, success=one, seen=1)
    recorded(ilse, kind="deal", level="A", proof="CRM 3", **euros(5_000, 5_000, 5_000))  # unseen
    recorded(ilse, level="C", **euros(10, 20, 30))
    recorded(ilse, level="D", **euros(7_000, 8_000, 9_000))
    recorded(ilse, level="C")
    recorded(ilse, level="C", currency="USD", **euros(1, 2, 3))


def test_each_sum_holds_what_its_levels_hold(year: None) -> None:
    by_kind, every = sums_of(Success.objects.all())
    assert [one.kind for one in by_kind] == ["deal", "lead"]
    assert every.n == 7 and every.waiting == 1 and every.unknown == 1 and every.foreign == 1
    sums = [(one.low, one.base, one.high, one.n) for one in (every.careful, every.known, every.hopeful, every.estimated)]  # fmt: skip
    assert sums == [(900, 1_000, 1_000, 1), (1_000, 1_200, 1_400, 2), (1_010, 1_220, 1_430, 3), (7_000, 8_000, 9_000, 1)]  # fmt: skip


def test_what_is_in_no_sum_is_named_and_never_zero(year: None) -> None:
    deals, leads = (pages.sum_row(one) for one in sums_of(Success.objects.all())[0])
    assert deals.sums[1] == ("€\u00a01,200", "€\u00a01,000 to €\u00a01,400")
    assert deals.left_out == "1 to be confirmed"
    assert leads.sums[0] == leads.sums[1] == ("unknown", "")
    assert leads.left_out == "euros unknown for 1, 1 in other money and €\u00a08,000 (€\u00a07,000 to €\u00a09,000) estimated (level D)"  # fmt: skip


def test_the_sums_are_asked_in_one_question(year: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        sums_of(Success.objects.all())
