"""Telling the PR desk that the inbox is loud: once a burst, with how many, about what, and how many were expected."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openroads.delivery.models import Notice
from openroads.delivery.notices import language_of, notify
from openroads.directory.company import Product
from openroads.directory.models import Person, Team
from openroads.directory.policy import grants_today
from openroads.directory.queries import people_to_choose
from openroads.directory.roles import Role
from openroads.ui.formats import number
from openroads.webcare import policy
from openroads.webcare.bursts.counting import Burst, Series, bursts
from openroads.webcare.rules.forms import KINDS

PR_DESK = "PR desk"
COOL = timedelta(hours=12)
"""What was told is not told again for so long, however long it lasts."""
_DEED = "inbox burst"


@transaction.atomic
def look_for_bursts(*, now: datetime) -> int:
    """Look at the last hour and tell who must know; returns how many bursts were told."""
    told = 0
    for burst in to_tell(bursts(now), now):
        deed = f"{_DEED} {_name(burst.series)} {now.isoformat(timespec='minutes')}"
        for person in recipients():
            with override(language_of(person)):
                notify(
                    to=person, deed=deed, title=title(burst), text=text(burst),
                    url=address(burst.series, person), mail=True,
                )  # fmt: skip
        told += 1
    return told


def to_tell(found: list[Burst], now: datetime) -> list[Burst]:
    """Each loud product by itself; where none is, the one thing that stands out most. What is loud beside
    a product is the same burst, and so is what was told a short while ago."""
    lately = Notice.objects.filter(deed__startswith=f"{_DEED} ", made_at__gt=now - COOL)
    known = {deed.split()[2] for deed in lately.values_list("deed", flat=True)}
    products = [one for one in found if one.series.product is not None]
    if products:
        return [one for one in products if _name(one.series) not in known]
    return found[:1] if not known else []


def recipients() -> list[Person]:
    """Who is of the PR desk, as member or because they answer for it; without such a team, who leads."""
    desk = Team.objects.filter(name__iexact=PR_DESK, ended_on=None).first()
    people = people_to_choose()
    found = people.none()
    if desk is not None:
        found = people.filter(Q(memberships__team=desk) | Q(grants__team=desk)).distinct()
    members = [one for one in found if _is_of(one, desk)]
    return members or [one for one in people.order_by("pk") if policy.may_lead(one)]


def title(burst: Burst) -> str:
    """How many, about what, and how many were expected: "23 cases in one hour about Kade (4 expected)"."""
    told = {"n": number(burst.cases), "what": _about(burst.series), "expected": expected_words(burst)}  # fmt: skip
    if told["what"]:
        return _("%(n)s cases in one hour about %(what)s (%(expected)s)") % told
    return _("%(n)s cases in one hour (%(expected)s)") % told


def text(burst: Burst) -> str:
    """The same in sentences, with the hour and the kinds."""
    told = {
        "n": number(burst.cases), "since": _clock(burst.since), "until": _clock(burst.until),
        "what": _about(burst.series), "usual": number(round(burst.expected)),
    }  # fmt: skip
    said = [
        _("Between %(since)s and %(until)s %(n)s cases came in about %(what)s; at this hour of the week %(usual)s can be expected.") % told
        if told["what"]
        else _("Between %(since)s and %(until)s %(n)s cases came in; at this hour of the week %(usual)s can be expected.") % told
    ]  # fmt: skip
    if burst.kinds and not burst.series.kind:
        kind, n = burst.kinds[0]
        said.append(
            ngettext("%(n)s of them is of the kind “%(kind)s”.", "%(n)s of them are of the kind “%(kind)s”.", n)
            % {"n": number(n), "kind": _kind(kind)}
        )  # fmt: skip
    return " ".join(said)


def expected_words(burst: Burst) -> str:
    """How many were expected, in whole cases."""
    return _("%(n)s expected") % {"n": number(round(burst.expected))}


def address(series: Series, person: Person) -> str:
    """The inbox narrowed to what is loud; for who does not answer, the figures."""
    if not policy.may_answer(person):
        return reverse("webcare:figures")
    words = []
    if series.product is not None:
        words.append(f'product:"{_product(series.product)}"')
    if series.kind:
        words.append(f"kind:{series.kind}")
    told = {"queue": "all", "q": " ".join(words)}
    return f"{reverse('webcare:inbox')}?{urlencode({name: value for name, value in told.items() if value})}"


def _is_of(person: Person, desk: Team | None) -> bool:
    """Whether somebody is of a team today."""
    if desk is None:
        return False
    answers = any(one.team_id == desk.pk and one.role == Role.WEBCARE_AGENT for one in grants_today(person))  # fmt: skip
    return answers or person.memberships.filter(team=desk).exists()


def _name(series: Series) -> str:
    if series.product is not None:
        return f"product-{series.product}"
    return f"kind-{series.kind}" if series.kind else "all"


def _about(series: Series) -> str:
    if series.product is not None:
        return _product(series.product)
    return f"“{_kind(series.kind)}”" if series.kind else ""


def _product(number_: int) -> str:
    return str(Product.objects.filter(pk=number_).values_list("name", flat=True).first() or "")


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def _kind(kind: str) -> str:
    return str(dict(KINDS).get(kind, kind))
