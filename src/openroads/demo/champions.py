"""What social media brought Windmee in a year, as colleagues wrote it down, and who stands in the spotlight."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from openroads.archive.queries.cases import Collected, collected_after
from openroads.champions.actions.spotlights import answer_spotlight, ask_for_spotlight
from openroads.champions.actions.successes import (
    Told,
    confirm_success,
    let_tell,
    record_success,
    withdraw_success,
)
from openroads.champions.models import Success
from openroads.delivery.models import Delivery, Notice
from openroads.demo import people
from openroads.demo.cast_posts import CAST_POSTS
from openroads.demo.clock import at_the_time, morning
from openroads.directory.conversations import archive
from openroads.directory.models import Person, Team
from openroads.web.handing import ORIGINS
from openroads.webcare.actions.moving import needs_no_answer
from openroads.webcare.actions.taking_in import take_post
from openroads.webcare.belonging import answering_handles
from openroads.webcare.models import Case
from openroads.webcare.rules.deciding import is_addressed
from openroads.webcare.words import last_word_of

COLLEAGUES, OUTSIDE = Success.Tell.COLLEAGUES, Success.Tell.OUTSIDE


@dataclass(frozen=True, slots=True)
class SuccessPlan:
    """One success, `ago` days before today. `owner` is a name; `by` who wrote it down, when another."""

    ago: int
    owner: str
    kind: str
    title: str
    level: str
    story: str = ""
    proof: str = ""
    euros: tuple[int, int, int] | None = None
    tell: str = COLLEAGUES
    how: str = ""
    by: str = ""
    confirmed: bool = True


ILSE, DAAN, FLEUR, NOOR = (row.name for row in (people.ILSE, people.DAAN, people.FLEUR, people.NOOR))  # fmt: skip
PLANS = (
    SuccessPlan(318, ILSE, "conversation", "Een uur gebeld met een fietsersbond over winterbereik", "C",
        "Ze hadden mijn draadje over accu’s en kou gelezen en wilden weten hoe wij meten."),
    SuccessPlan(287, FLEUR, "press", "Een vakblad nam onze meting van het winterbereik over", "B",
        "Twee pagina’s, met onze eigen grafiek.", "vakblad nummer 3, bladzijde 14", tell=OUTSIDE, how="Staat in druk."),
    SuccessPlan(251, "Lena Fokkens", "hire", "Een monteur solliciteerde na het filmpje uit de werkplaats", "A",
        "Ze schreef dat ze zag hoe we met elkaar omgaan. Sinds mei werkt ze in Zwolle.", "vacature M-114",
        (2_800, 3_400, 4_100)),
    SuccessPlan(214, ILSE, "talk", "Gevraagd als spreker op een congres over stedelijk vervoer", "C",
        "Over testen in weer en wind. Tweehonderd mensen in de zaal.", tell=OUTSIDE, how="De organisatie kondigde het zelf aan."),
    SuccessPlan(190, "Anouk Seegers", "deal", "Veertig Polders voor een gemeente, begonnen met een reactie op LinkedIn", "A",
        "De eerste vraag kwam onder een bericht van mij over lease.", "CRM 2219", (14_500, 16_200, 16_200), by=ILSE),
    SuccessPlan(166, ILSE, "lead", "A delivery company asked for a test week with six bikes", "C", "They saw my post on carrying loads in the rain."),
    SuccessPlan(131, "Tessa Wind", "deal", "Negen fietsen voor een zorgbedrijf in Gent", "B",
        "De inkoper zei dat onze antwoorden op vragen van rijders de doorslag gaven.", "mail van de inkoper, 23 juli",
        (2_100, 3_000, 3_900), by=ILSE),
    SuccessPlan(98, DAAN, "spared", "Eén antwoord over de laadstekker scheelde tientallen telefoontjes", "D",
        "Het antwoord werd veel gedeeld; de week erna belden minder mensen erover.", euros=(300, 700, 1_500)),
    SuccessPlan(61, FLEUR, "quote", "Een verhuurder vroeg een offerte na het verhaal over de werkplaats", "A",
        "Nog niet getekend.", "CRM 2307", tell="nobody"),
    SuccessPlan(33, "Pleun van Asch", "conversation", "Een leraar gebruikt ons artikel over accu’s in de les", "C"),
    SuccessPlan(12, ILSE, "quote", "Quote for 25 bikes for a home care company", "B",
        "They asked in a mail after reading about the lease on our pages.", "mail of last week", (5_000, 8_000, 11_000),
        confirmed=False),
    SuccessPlan(7, ILSE, "other", "Dubbel genoteerd", "C"),
)  # fmt: skip
"""In the order of their days. The last one is taken back; two more come from compliments in the inbox."""


def show_champions(today: date) -> int:
    """Everything in `PLANS` on its day, two compliments that became a success, and Fatima in the spotlight;
    returns how many successes there are."""
    for plan in PLANS:
        _record(plan, today)
    twice = Success.objects.get(title=PLANS[-1].title)
    withdraw_success(by=twice.owner, success=twice, why="Stond er al.")
    _earlier_compliment(today)
    _compliment_of_today(today)
    _put_away()
    return Success.objects.count()


def _record(plan: SuccessPlan, today: date) -> None:
    owner, by = _named(plan.owner), _named(plan.by or plan.owner)
    low, base, high = map(Decimal, plan.euros) if plan.euros else (None, None, None)
    with at_the_time(morning(today, plan.ago)):
        success = record_success(
            by=by, owner=owner, tell=plan.tell, tell_how=plan.how,
            told=Told(
                plan.kind, plan.title, today - timedelta(days=plan.ago), plan.level, plan.story,
                plan.proof, low, base, high,
            ),
        )  # fmt: skip
        if owner != by:
            let_tell(by=owner, success=success, tell=plan.tell)
    if success.needs_confirming and plan.confirmed:
        with at_the_time(morning(today, plan.ago - 2)):
            confirm_success(by=_named(NOOR), success=success, seen=1)


def _earlier_compliment(today: date) -> None:
    """A rider praised an answer of Daan's some weeks ago; it needed no answer, and became a success."""
    post = _praise(today)
    if post is None:
        return
    daan = _named(DAAN)
    came = post.published_at + timedelta(minutes=4)
    with at_the_time(came):
        case = take_post(by=daan, post=post, now=came)
        Case.objects.filter(pk=case.pk).update(team=Team.objects.get(name="Webcare"), assignee=daan)
        case.refresh_from_db()
    with at_the_time(came + timedelta(minutes=11)):
        needs_no_answer(by=daan, case=case)
        success = _from_case(case, daan, "Een rijder bedankte ons in het openbaar")
    with at_the_time(came + timedelta(days=1)):
        confirm_success(by=_named(NOOR), success=success, seen=1)


def _praise(today: date) -> Collected | None:
    """The oldest thing said to us in three weeks, up to one week ago, that praises and asks nothing."""
    since, ours = today - timedelta(days=21), answering_handles()
    place: tuple[datetime, int] = (timezone.now() - timedelta(days=1), 0)
    found: list[Collected] = []
    while page := collected_after(archive(), *place, since=since, until=today - timedelta(days=7), limit=2_000):  # fmt: skip
        place = (page[-1].collected_at, page[-1].id)
        found += [
            post for post in page
            if post.voice == "customer" and not post.original and post.author and post.kind == "praise"
            and is_addressed(post, ours, lambda: False)
        ]  # fmt: skip
    known = set(Case.objects.values_list("last_in", flat=True))
    return min((post for post in found if post.id not in known), key=lambda post: post.place, default=None)  # fmt: skip


def _compliment_of_today(today: date) -> None:
    """Sofia praised Fatima: Daan makes it a success of hers, she says who may hear of it, and yes to the
    spotlight."""
    sofia = next(post for post in CAST_POSTS if post.name == "Sofia Marquez")
    case = next((one for one in Case.objects.order_by("pk") if _says(one, sofia.text)), None)
    if case is None:
        return
    daan, fatima = _named(DAAN), _named("Fatima Benali")
    title = "Een klant prees de werkplaats in Utrecht: piepende rem in tien minuten weg"
    success = _from_case(case, daan, title, owner=fatima)
    let_tell(by=fatima, success=success, tell=COLLEAGUES)
    spotlight = ask_for_spotlight(
        by=daan, person=fatima, success=success, since=today, until=today + timedelta(days=14),
        why="Ze hoorde een piepende rem, pakte haar gereedschap en had hem in tien minuten stil. Er hoefde niets betaald te worden, en dat stond dezelfde middag nog online.",
    )  # fmt: skip
    answer_spotlight(by=fatima, spotlight=spotlight, yes=True)


def _says(case: Case, text: str) -> bool:
    last = last_word_of(case) if case.is_open else None
    return last is not None and last.text == text


def _from_case(case: Case, by: Person, title: str, *, owner: Person | None = None) -> Success:
    origin = ORIGINS.seen(by, "webcare", str(case.pk))
    assert origin is not None
    return record_success(
        by=by, owner=owner or by, told=Told("praise", title, timezone.localdate(), "B"), tell=COLLEAGUES,
        origin=origin, origins=ORIGINS,
    )  # fmt: skip


def _put_away() -> None:
    """What people were told on the way they have seen; but not what Noor still has to look at."""
    waits = Success.objects.filter(level__in=("A", "B"), confirmed_at=None, withdrawn_at=None)
    open_deeds = [f"success {pk} version 1 waits" for pk in waits.values_list("pk", flat=True)]
    for notice in Notice.objects.filter(deed__regex=r"^(success|spotlight) ", seen_at=None):
        if not notice.deed.startswith(tuple(open_deeds)):
            Notice.objects.filter(pk=notice.pk).update(seen_at=timezone.now())
    Delivery.objects.filter(kind=Delivery.Kind.MAIL, deed__startswith="notice spotlight ").delete()


def _named(name: str) -> Person:
    return Person.objects.get(name=name)
