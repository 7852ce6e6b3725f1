"""How Windmee answers: rows that hold together, and a house filled with them."""

import re
from datetime import date
from typing import Any

import pytest

from openroads.demo import people
from openroads.demo.answers import APPROACHES, REPLIES, fill_answers
from openroads.demo.articles import ARTICLES
from openroads.webcare.approach.models import Approach
from openroads.webcare.help.body import blocks_of
from openroads.webcare.help.models import Article, Use
from openroads.webcare.help.queries import public_found
from openroads.webcare.help.suggesting import suggest
from openroads.webcare.saved.filling import check_places
from openroads.webcare.saved.models import SavedReply

TODAY = date(2026, 11, 24)


def test_the_rows_hold_together() -> None:
    assert len(ARTICLES) >= 25 and len(REPLIES) == 12 and len(APPROACHES) == 10
    assert len({row.title_nl for row in ARTICLES}) == len(ARTICLES)
    assert len({(row.code, row.language) for row in REPLIES}) == len(REPLIES)
    for row in REPLIES:
        check_places(row.text)
    numbers = {
        int(one)
        for _row in APPROACHES
        for one in re.findall(r"FAQ (\d+)", " ".join(map(str, _row)))
    }
    assert numbers and max(numbers) <= len(ARTICLES)
    for row in ARTICLES:
        assert blocks_of(row.body_nl) and bool(row.title_en) == bool(row.body_en)


@pytest.mark.parametrize(("asked", "language", "title"), [
    ("accu winter bereik", "nl", "Hoe ver kom ik in de winter?"),
    ("mijn fiets is gestolen", "nl", "Mijn fiets is gestolen. Wat nu?"),
    ("lader stekker kapot", "nl", "De stekker van mijn lader is gebroken"),
    ("how long to charge", "en", "How long does charging take?"),
    ("error E04 on the display", "en", "What does error code E04 mean?"),
    ("remmen piepen", "nl", "Mijn remmen piepen"),
])  # fmt: skip
def test_what_riders_ask_finds_its_answer(
    house: Any, asked: str, language: str, title: str
) -> None:
    assert public_found(asked, language)[0].version.title == title


def test_the_house_is_filled(house: Any) -> None:
    assert house == (len(ARTICLES), 12, 10)
    assert Article.objects.filter(state="public").count() == len(ARTICLES) - 1
    assert SavedReply.objects.filter(state="approved").count() == 11
    assert Approach.objects.count() == 10 and not Use.objects.exists(), "no case, no use"
    found = suggest("mijn accu haalt in de winter het bereik niet", "nl")
    assert len(found) == 3 and found[0].code == "article 1"


@pytest.fixture
def house(archive_here: Any, db: None) -> Any:
    """The people who answer, and what they wrote."""
    from tests.conftest import on_the_payroll

    for row in people.CAST:
        on_the_payroll(row.name, row.email, row.role)
    return fill_answers(TODAY)
