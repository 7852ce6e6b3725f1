"""How many questions the pages of answers ask the database: written down, and the same with more rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openroads.webcare.approach.actions import asking, rows
from openroads.webcare.help import actions
from openroads.webcare.help.suggesting import suggest
from openroads.webcare.saved.actions import propose_reply

BUDGETS = {
    "/answer/articles/": 15,
    "/answer/articles/?q=laden": 24,
    "/answer/articles/1/": 16,
    "/answer/saved/?state=proposed": 14,
    "/answer/approach/": 15,
    "/answer/questions/": 13,
    "/help/": 8,
    "/help/?q=laden": 14,
    "/help/1-laden-1/": 8,
}


def _more(by: Any, noor: Any, tom: Any, a_case: Any, start: int, n: int) -> None:
    for number in range(start, start + n):
        article = actions.write_article(
            by=by, language="nl", title=f"Laden {number}", body="Vier uur."
        )
        actions.publish_article(by=by, article=article)
        propose_reply(
            by=by, title=f"Laden {number}", code=f"laden-{number}", language="nl", text="Vier uur.",
            expires_on=timezone.localdate() + timedelta(days=90),
        )  # fmt: skip
        approach = rows.add_approach(by=noor, told={"name": f"Laden {number}", "people": "rijders"})
        case = a_case()
        rows.place_case(by=by, case=case, approach=approach)
        asking.ask_colleague(
            by=by, case=case, words="Hoe lang?", due_on=timezone.localdate(), to=tom
        )


@pytest.mark.slow
def test_every_page_keeps_its_budget_however_many_rows(daan, noor, tom, a_case, signed_in):
    browser, stranger = signed_in(daan), Client()
    counted: list[dict[str, int]] = []
    for start, n in ((1, 2), (3, 12)):
        _more(daan, noor, tom, a_case, start, n)
        counts = {}
        for address in BUDGETS:
            for name in ("default",):
                caches[name].clear()
            who = stranger if address.startswith("/help/") else browser
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert who.get(address, follow=True).status_code == 200, address
            counts[address] = len(asked)
        counted.append(counts)
    few, many = counted
    over = {
        one: (few[one], many[one], most)
        for one, most in BUDGETS.items()
        if many[one] > most or many[one] > few[one]
    }
    assert over == {}


@pytest.mark.slow
def test_a_suggestion_asks_as_much_among_many_as_among_few(daan, noor, tom, a_case):
    asked = []
    for start, n in ((1, 3), (4, 20)):
        _more(daan, noor, tom, a_case, start, n)
        with CaptureQueriesContext(connection) as counted:
            assert len(suggest("hoe lang laden", "nl", topics=("1",))) == 3
        asked.append(len(counted))
    assert asked[1] <= asked[0] <= 16
