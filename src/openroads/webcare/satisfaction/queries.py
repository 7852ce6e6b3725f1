"""Reading about satisfaction: what is set, whom to ask now, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Count, Q, QuerySet

from openroads.connectors.answering import ANSWERING
from openroads.delivery.queries import channels
from openroads.webcare.models import Case, Contact
from openroads.webcare.satisfaction.models import ANSWERABLE, Survey, SurveySetting

SALT = "openroads.webcare.satisfaction"
LOOK_BACK = timedelta(days=1)
"""A case that was closed longer ago than this is not asked about any more: they have forgotten."""
SHOWN = timedelta(days=28)


@dataclass(frozen=True)
class NetworkRow:
    """A network that can be answered from here, what is set for it, and the last four weeks. It is `used`
    when there are cases on it, or people are asked there."""

    network: str
    setting: SurveySetting
    private: bool
    hours: int | None
    asked: int
    answered: int
    not_asked: int
    used: bool = True


def settings_by_network() -> dict[str, SurveySetting]:
    """What is set, by network."""
    return {one.network: one for one in SurveySetting.objects.select_related("set_by")}


def networks_to_ask() -> dict[str, tuple[bool, int | None]]:
    """Networks that one of our accounts answers on: whether it can do so in private, and for how many
    hours after their last word."""
    found: dict[str, tuple[bool, int | None]] = {}
    for channel in channels():
        way = ANSWERING.get(channel.kind)
        for network in way.networks if way is not None and channel.is_on else ():
            found.setdefault(network, (way.limits.private, way.limits.hours))  # type: ignore[union-attr]
    return dict(sorted(found.items()))


def rows_of_networks(now: datetime) -> list[NetworkRow]:
    """Every network that can be asked on."""
    known = settings_by_network()
    cases = set(Case.objects.order_by().values_list("network", flat=True).distinct())
    lately = Survey.objects.filter(at__gte=now - SHOWN).order_by().values_list("case__network")
    counts = {
        network: (asked, answered, not_asked)
        for network, asked, answered, not_asked in lately.annotate(
            asked=Count("pk", filter=Q(state=Survey.State.ASKED)),
            answered=Count("pk", filter=Q(state=Survey.State.ASKED, score__isnull=False)),
            not_asked=Count("pk", filter=Q(state=Survey.State.NOT_ASKED)),
        )
    }
    return [
        NetworkRow(
            network,
            known.get(network) or SurveySetting(network=network),
            private,
            hours,
            *counts.get(network, (0, 0, 0)),
            used=network in cases or (network in known and known[network].on),
        )
        for network, (private, hours) in networks_to_ask().items()
    ]


def cases_to_ask(now: datetime, most: int) -> list[tuple[Case, SurveySetting]]:
    """Cases that were answered and closed long enough ago, in a cycle that was not asked about yet;
    nothing from before asking was switched on."""
    found: list[tuple[Case, SurveySetting]] = []
    for setting in SurveySetting.objects.filter(on=True, on_since__isnull=False):
        assert setting.on_since is not None
        past = now - timedelta(minutes=setting.delay_minutes)
        asked = Survey.objects.values("case", "cycle")
        rows = Case.objects.filter(
            network=setting.network, state=Case.State.CLOSED, ending=Case.Ending.ANSWERED,
            merged_into=None, closed_at__lte=past, closed_at__gt=past - LOOK_BACK,
            closed_at__gte=setting.on_since,
        )  # fmt: skip
        known = {(row["case"], row["cycle"]) for row in asked.filter(case__in=rows)}
        for case in rows.select_related("identity__contact", "team").order_by("closed_at", "pk"):
            if (case.pk, case.cycle) not in known:
                found.append((case, setting))
    return found[:most]


def family_of(contact: Contact) -> set[int]:
    """A contact with all that are the same person, whichever way they were joined."""
    root = contact
    while root.merged_into is not None:
        root = root.merged_into
    found, edge = {root.pk}, {root.pk}
    while edge:
        edge = set(
            Contact.objects.filter(merged_into__in=edge).exclude(pk__in=found).values_list("pk", flat=True)
        )  # fmt: skip
        found |= edge
    return found


def was_asked_lately(contact: Contact, now: datetime) -> bool:
    """Whether this person was asked in the last 14 days, by any account of theirs."""
    asked = Survey.objects.filter(state__in=(Survey.State.QUEUED, Survey.State.ASKED))
    return asked.filter(contact__in=family_of(contact), at__gt=now - ANSWERABLE).exists()


def surveys_of(case: Case) -> Sequence[Survey]:
    """What was asked about a case and answered, for its page: the only place a comment is shown."""
    return list(Survey.objects.filter(case=case).order_by("cycle"))


def token_of(survey: Survey) -> str:
    """What opens the question of one cycle, without signing in."""
    return signing.dumps(survey.pk, salt=SALT)


def survey_of(token: str) -> Survey | None:
    """The question of an address of ours; None for any other address."""
    try:
        number = signing.loads(token, salt=SALT, max_age=ANSWERABLE + timedelta(days=2))
    except signing.BadSignature:
        return None
    return _surveys().filter(pk=number).first() if isinstance(number, int) else None


def is_over(token: str) -> bool:
    """Whether an address was ours, and its time is over."""
    try:
        signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return False
    return True


def _surveys() -> QuerySet[Survey]:
    return Survey.objects.select_related("case__identity", "case__team", "case__assignee")
