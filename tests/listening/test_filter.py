"""The address bar: whatever stands in it gives a page, and a filter says its own address."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.directory.company import Brand, Product
from openroads.listening.filters import LONGEST_DAYS, GapFilter, gap_filter

LAST = date(2026, 6, 28)
NAMES = st.sampled_from(
    ["brand", "product", "lang", "since", "until", "word", "before", "q", "page"]
)
VALUES = st.one_of(
    st.sampled_from(["0", "1", "2", "7", "nl", "en", "xx", "2026-06-01", "2026-06-28", "1970-01-01",
                     "9999-12-31", "2026-13-45", "0001-01-01", "20260601", "2026-W10-1", "battery",
                     "1780000000.000-5", "nan-1", "inf-1", "1e400-1", "-1", "²", "٣", "None", ""]),
    st.text(max_size=30),
    st.integers().map(str),
    st.dates().map(date.isoformat),
)  # fmt: skip
ADDRESSES = st.lists(st.tuples(NAMES, VALUES), max_size=8)


def query_of(pairs: list[tuple[str, str]]) -> QueryDict:
    told = QueryDict(mutable=True)
    for name, value in pairs:
        told.appendlist(name, value)
    return told


@pytest.fixture
def brands(db: None) -> list[Brand]:
    ours = Brand.objects.create(name="Windmee")
    for name in ("Kade", "Polder", "Gracht"):
        Product.objects.create(brand=ours, name=name)
    Brand.objects.create(name="Fietsfabriek", own=False)
    return list(Brand.objects.prefetch_related("products"))


anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@anything
@given(pairs=ADDRESSES)
def test_every_address_gives_a_filter_that_says_its_own_address(
    brands: list[Brand], pairs: list[tuple[str, str]]
) -> None:
    def read(told: QueryDict) -> GapFilter:
        return gap_filter(told, brands=brands, languages=("nl", "en"), last=LAST)

    found = read(query_of(pairs))
    assert read(QueryDict(found.query())) == found
    assert found.since <= found.until
    assert (found.until - found.since).days <= LONGEST_DAYS
    assert found.brand in {brand.pk for brand in brands}
    assert set(found.languages) <= {"nl", "en"}
    assert found.scope.until > found.scope.since
    assert found.without_word().word == ""


@settings(anything, max_examples=40)
@given(pairs=ADDRESSES, place=st.sampled_from(["gap", "posts", "texts", "gap_csv"]))
def test_every_address_gives_a_page(
    quiet_browser: Client, pairs: list[tuple[str, str]], place: str
) -> None:
    answer = quiet_browser.get(f"{reverse(f'listening:{place}')}?{query_of(pairs).urlencode()}")
    assert answer.status_code == 200
    assert b"".join(answer)


@pytest.fixture
def quiet_browser(windmee: Brand, brought: Any, sanne: Any, signed_in: Any) -> Client:
    brought("id,date,text\n1,2026-06-01,The battery is flat\n2,2026-06-28,The saddle creaks\n")
    browser: Client = signed_in(sanne)
    browser.raise_request_exception = True
    return browser


def test_days_turned_round_are_turned_back_and_long_periods_end_somewhere(
    brands: list[Brand],
) -> None:
    told = query_of([("since", "2026-06-20"), ("until", "2026-06-01")])
    found = gap_filter(told, brands=brands, languages=(), last=LAST)
    assert (found.since, found.until) == (date(2026, 6, 1), date(2026, 6, 20))
    found = gap_filter(query_of([("since", "1995-01-01")]), brands=brands, languages=(), last=LAST)
    assert (found.until - found.since).days == LONGEST_DAYS


def test_products_of_another_brand_and_all_products_together_narrow_nothing(
    brands: list[Brand],
) -> None:
    ours = [product.pk for product in brands[0].products.all()]
    pairs = [("product", str(pk)) for pk in ours]
    assert gap_filter(query_of(pairs), brands=brands, languages=(), last=LAST).products == ()
    other = query_of([("brand", str(brands[1].pk)), ("product", str(ours[0]))])
    assert gap_filter(other, brands=brands, languages=(), last=LAST).products == ()
    first = gap_filter(query_of(pairs[:1]), brands=brands, languages=(), last=LAST)
    assert first.products == (ours[0],)


def test_what_has_ended_is_no_longer_offered_but_a_kept_view_of_it_still_opens(
    brands: list[Brand], noor: Any, signed_in: Any
) -> None:
    ours = brands[0]
    kade = ours.products.get(name="Kade")
    rival = Brand.objects.get(name="Fietsfabriek")
    for thing in (kade, rival):
        thing.ended_on = LAST
        thing.save()
    browser = signed_in(noor)
    for page in ("listening:gap", "listening:explore"):
        plain = browser.get(reverse(page), {"brand": ours.pk}).content.decode()
        assert "Polder" in plain
        assert "Kade" not in plain and "Fietsfabriek" not in plain
        assert (
            "Kade"
            in browser.get(reverse(page), {"brand": ours.pk, "product": kade.pk}).content.decode()
        )
        assert "Fietsfabriek" in browser.get(reverse(page), {"brand": rival.pk}).content.decode()
    assert "Fietsfabriek" not in browser.get(reverse("listening:imports")).content.decode()


def test_a_brand_that_has_ended_is_not_what_the_page_begins_with(brands: list[Brand]) -> None:
    Brand.objects.filter(pk=brands[0].pk).update(ended_on=LAST)
    other = Brand.objects.create(name="Windmee Zakelijk")
    now = list(Brand.objects.prefetch_related("products"))
    assert gap_filter(QueryDict(""), brands=now, languages=("nl",), last=LAST).brand == other.pk
