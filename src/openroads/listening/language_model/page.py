"""The page of the language model: what may be sent where, what it cost, how often it was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.connectors.language_model import ModelServer
from openroads.directory.models import Person
from openroads.listening.language_model import queries
from openroads.listening.language_model.actions import FEWEST, LONGEST, MOST
from openroads.listening.language_model.part import tried_words
from openroads.listening.language_model.queries import PROVEN_BY, SURELY, Leave
from openroads.ui.formats import number, percent


@dataclass(frozen=True)
class ModelPage:
    """All that the template shows."""

    finding: str
    server: ModelServer | None
    month: str
    spent: str
    budget: str
    questions: str
    prices: str
    is_spent: bool
    tried: str
    rule: str
    leaves: Sequence[Leave]
    most: str
    longest: str
    fewest: str


def model_page(person: Person, now: datetime) -> ModelPage:
    """The page in the reader's language."""
    server, leaves = queries.server(), queries.leaves_for(person)
    money, questions = queries.spent(now)
    budget = settings.OPENROADS.language_model_budget or Decimal(0)
    return ModelPage(
        _finding(server, leaves),
        server,
        date_format(queries.month_of(now), "F Y"),
        amount(money, 4),
        amount(budget),
        ngettext("%(n)s question", "%(n)s questions", questions) % {"n": number(questions)},
        _prices(server),
        bool(server) and money >= budget and bool(server.price_in or server.price_out),  # type: ignore[union-attr]
        tried_words(queries.tried(queries.written_by(server))) if server else "",
        _("They are shown unasked once %(n)s labels are judged and the lower end of the interval is %(share)s or more; until then one opens them.")
        % {"n": number(PROVEN_BY), "share": percent(SURELY)},
        leaves,
        number(MOST),
        number(LONGEST),
        number(FEWEST),
    )  # fmt: skip


def _finding(server: ModelServer | None, leaves: Sequence[Leave]) -> str:
    if server is None:
        return _("No language model is set, and nothing is sent")
    count = sum(leave.allowed is not None and not leave.stays for leave in leaves)
    if not count:
        return _("Nothing is sent to a language model: no source is allowed")
    return ngettext(
        "Posts of %(n)s source may be sent to %(host)s, without names",
        "Posts of %(n)s sources may be sent to %(host)s, without names",
        count,
    ) % {"n": number(count), "host": server.host}


def _prices(server: ModelServer | None) -> str:
    if server is None:
        return ""
    return _("%(price_in)s per million tokens sent, %(price_out)s per million written") % {
        "price_in": amount(server.price_in), "price_out": amount(server.price_out),
    }  # fmt: skip


def amount(money: Decimal, digits: int = 2) -> str:
    """An amount with the currency of the settings."""
    return f"{number(money, digits)} {settings.OPENROADS.language_model_currency}"
