"""What Windmee changed in eighteen months because of what it heard: decided, made, told back, measured."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.http import QueryDict
from django.utils import timezone

from openroads.changes.actions import changing, deciding, measuring, publishing
from openroads.changes.actions.insights import open_insight
from openroads.changes.actions.telling import hear_since
from openroads.changes.evidence import Origin
from openroads.changes.models import Change, Decision, Insight, Measurement, Telling, Told, Voice
from openroads.delivery.models import Delivery, Notice
from openroads.demo import people
from openroads.demo.change_plans import PLANS, TOLD_EN, TOLD_NL, ChangePlan
from openroads.demo.clock import at_the_time, morning
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.models import Department, Person
from openroads.directory.people import system_person
from openroads.listening.culture.freezing import chosen_by, evidence_of
from openroads.listening.topics.models import Topic

PUBLIC = "https://windmee.example/you-said/"
MOST_TOLD = 120
"""People told of one change at most: enough to be counted by."""


@dataclass
class _Made:
    """What is made so far of one plan."""

    plan: ChangePlan
    insight: Insight
    change: Change | None = None


def show_changes(brand: Brand, today: date) -> int:
    """Everything in `PLANS`, each step on its day; returns how many changes there are."""
    made = [one for plan in PLANS if (one := _opened(plan, brand, today)) is not None]
    for one in made:
        _decide(one, today)
        if one.change is not None:
            _make(one.change, one.plan, today)
    _put_away()
    return sum(one.change is not None for one in made)


def _put_away() -> None:
    """What people were told on the way they have seen; the mails of that time have long left."""
    for of in ("insight ", "decision ", "change "):
        Notice.objects.filter(deed__startswith=of).update(seen_at=timezone.now())
        Delivery.objects.filter(kind=Delivery.Kind.MAIL, deed__startswith=f"notice {of}").delete()


def _opened(plan: ChangePlan, brand: Brand, today: date) -> _Made | None:
    """The insight, on its day; None where this demo has no posts of it."""
    person = Person.objects.get(email=plan.by.email)
    with at_the_time(morning(today, plan.ago)):
        chosen = chosen_by(_asked(plan, brand, today), person)
        department = Department.objects.filter(name=plan.department).first()
        if chosen is None or department is None:
            return None
        insight = open_insight(
            by=person, title=plan.insight, department=department,
            evidence=[evidence_of(chosen, chosen.samples)],
            origin=Origin("listening", "", chosen.frozen.url),
        )  # fmt: skip
    return _Made(plan, insight)


def _asked(plan: ChangePlan, brand: Brand, today: date) -> QueryDict:
    until = today - timedelta(days=plan.ago)
    told = QueryDict(mutable=True)
    told.update(
        {
            "brand": str(brand.pk),
            "since": (until - timedelta(days=plan.first)).isoformat(),
            "until": until.isoformat(),
        }
    )
    if plan.topic:
        told["topic"] = str(Topic.objects.get(name=plan.topic).pk)
    if plan.query:
        told["q"] = plan.query
    if plan.kind:
        told["kind"] = plan.kind
    return told


def _decide(one: _Made, today: date) -> None:
    plan, insight = one.plan, one.insight
    head = insight.department.head
    decided = plan.ago - plan.decide
    if head is None or decided < 0:
        return
    new = None
    owner = Person.objects.filter(name=plan.owner).first() or head
    if plan.answer == Decision.Answer.YES:
        due = today - timedelta(days=decided) + timedelta(days=plan.promised)
        new = deciding.NewChange(
            plan.title, owner, due, plan.about,
            f"https://tracker.windmee.example/{plan.key}" if plan.key else "", plan.key,
        )  # fmt: skip
    with at_the_time(morning(today, decided)):
        decision = deciding.decide(
            by=head, insight=insight, answer=plan.answer, reason=plan.reason, agreed=plan.agreed,
            cost_ceiling=Decimal(plan.ceiling) if plan.ceiling else None, change=new,
            back_on=today + timedelta(days=35) if plan.answer == Decision.Answer.LATER else None,
        )  # fmt: skip
        if plan.answer == Decision.Answer.YES:
            one.change = decision.change
            Change.objects.filter(pk=one.change.pk).update(number=plan.number)
            one.change.refresh_from_db()
    if plan.said and plan.answer == Decision.Answer.NO:
        _publish(insight, plan, today, decided - 2)


def _make(change: Change, plan: ChangePlan, today: date) -> None:
    decided = plan.ago - plan.decide
    head = change.department.head
    assert head is not None
    if plan.stopped:
        with at_the_time(morning(today, decided - plan.stopped)):
            changing.stop(by=head, change=change, why=plan.stopped_why)
        return
    if plan.live is None:
        return
    live = decided - plan.live
    with at_the_time(morning(today, live)):
        changing.go_live(
            by=head, change=change, live_on=timezone.localdate(), what=plan.what, proof=plan.proof,
            proof_url=f"https://windmee.example/proof/{plan.number}",
            cost=Decimal(plan.cost) if plan.cost else None, cost_what=plan.cost_what,
        )  # fmt: skip
    if plan.told is not None:
        _tell(change, plan, today, live - plan.told)
    if plan.yields:
        low, base, high = (Decimal(value) for value in plan.yields)
        with at_the_time(morning(today, max(live - 80, 0))):
            changing.say_yield(
                by=head, change=change, told=changing.Yield(low, base, high, plan.yields_what, "B", "Service")
            )  # fmt: skip
    if plan.said:
        _publish(change.insight, plan, today, live - (plan.told or 0))
    _measure(change, today)


def _tell(change: Change, plan: ChangePlan, today: date, ago: int) -> None:
    """Everybody who raised it, up to the day it was live: most heard it, some cannot be reached."""
    dice = Random(change.number)  # noqa: S311 (a story, no secret)
    daan = Person.objects.get(email=people.DAAN.email)
    begun = morning(today, ago)
    with at_the_time(begun):
        telling = Telling.objects.create(
            change=change, texts={"nl": TOLD_NL, "en": TOLD_EN}, link=PUBLIC, begun_by=daan, begun_at=begun
        )  # fmt: skip
    hear_since(change=change, engine=archive())
    seen: dict[int, Voice] = {}
    for voice in Voice.objects.filter(insight=change.insight).order_by("-published_at"):
        seen.setdefault(voice.author_key, voice)
    rows = []
    words = list(plan.back)
    for key, voice in list(seen.items())[:MOST_TOLD]:
        sent = begun + timedelta(minutes=dice.randint(0, 4_000))
        heard = bool(key) and dice.random() < 0.88
        back = heard and dice.random() < 0.17
        said = words.pop() if back and words and voice.language == "nl" else ""
        rows.append(
            Told(
                telling=telling, post=voice.post, published_at=voice.published_at, source=voice.source,
                network=voice.network, language=voice.language, author_key=key,
                state=Told.State.HEARD if heard else Told.State.OUT,
                why="" if heard else Told.Why.NO_CHANNEL if key else Told.Why.NAMELESS,
                sent_by=daan if heard else None, sent_at=sent if heard else None,
                heard_at=sent if heard else None, back_at=sent + timedelta(hours=5) if back else None,
                back_text=said, back_language="nl" if said else "",
            )
        )  # fmt: skip
    Told.objects.bulk_create(rows)
    with at_the_time(begun):
        trail.record(daan, "began to tell back", change, name=change.code, entries=len(rows))
    Change.objects.filter(pk=change.pk).update(told_on=today - timedelta(days=ago), state=Change.State.TOLD)  # fmt: skip
    change.refresh_from_db()


def _measure(change: Change, today: date) -> None:
    """As the schedule would have done: at four weeks, and again when the windows are full."""
    assert change.live_on is not None
    house = system_person()
    days = (today - change.live_on).days
    for after in (measuring.LONGEST, measuring.SHORTEST):
        if days >= after:
            on = change.live_on + timedelta(days=after)
            with at_the_time(datetime.combine(on, datetime.min.time(), timezone.get_current_timezone()) + timedelta(hours=5)):  # fmt: skip
                made: Measurement = measuring.measure(
                    by=house, change=change, engine=archive(), on=on
                )
            if made.next_on is not None and made.next_on <= today:
                Measurement.objects.filter(pk=made.pk).update(next_on=today + timedelta(days=12))
            return


def _publish(insight: Insight, plan: ChangePlan, today: date, ago: int) -> None:
    noor = Person.objects.get(email=people.NOOR.email)
    texts = dict(zip(("said_en", "said_nl", "did_en", "did_nl"), plan.said, strict=True))
    insight.refresh_from_db()
    with at_the_time(morning(today, ago)):
        publishing.publish(by=noor, insight=insight, kind=publishing.kinds_for(insight)[0], texts=texts)  # fmt: skip
