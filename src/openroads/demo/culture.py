"""What Windmee does with what it hears: insights that wait, subscriptions, who reads, a listening hour."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.http import QueryDict
from django.utils import translation

from openroads.changes.actions import join_insights, note_reading, open_insight, withdraw_insight
from openroads.changes.evidence import Origin
from openroads.changes.models import Insight, Reading
from openroads.demo import people
from openroads.demo.changes import show_changes
from openroads.demo.clock import at_the_time, morning
from openroads.demo.season import DAYS, FROST, PLUG_BURST, PLUG_NEWS
from openroads.directory.company import Brand
from openroads.directory.models import Department, Grant, Membership, Person, Team
from openroads.listening.culture.actions import hours
from openroads.listening.culture.actions.subscribing import subscribe
from openroads.listening.culture.freezing import chosen_by, evidence_of
from openroads.listening.culture.models import Digest, Subscription
from openroads.listening.explore.actions import mark_event, save_view
from openroads.listening.topics.models import Topic

FIRST_NUMBER = 30
"""Windmee has listened for a while: what came before was decided; see `changes`."""


@dataclass(frozen=True, slots=True)
class InsightPlan:
    """An insight: what it says, who decides, what it rests on (a topic or a query), how many days ago
    it was opened and over how many days; how it ended, if it did."""

    title: str
    department: str
    topic: str
    query: str
    ago: int
    days: int = 28
    by: people.PersonRow = people.SANNE
    explanation: str = ""
    withdrawn: str = ""
    joins: int = 0
    """The place in the list of the insight it was joined to, counted from 1; 0: none."""


INSIGHTS = (
    InsightPlan(
        "Riders read the lease price as the price of the bike", "Marketing", "Price and lease", "",
        47, withdrawn="Asked ten riders at the shop in Utrecht: nine understood it.",
    ),
    InsightPlan(
        "A charger plug breaks within a year", "Product", "Charger plug", "", 44, joins=8,
        by=people.DAAN,
    ),
    InsightPlan(
        "Riders want the Polder in another green", "Product", "", "groen OR green", 40,
        withdrawn="Six posts of two people; it was one conversation.", by=people.ILSE,
    ),
    InsightPlan(
        "The app does not show how cold the battery is", "IT", "", "app", 33,
        withdrawn="Became part of the new range page, on its way already.",
    ),
    InsightPlan(
        "When it freezes the display shows a range nobody reaches", "Product", "Battery in winter",
        "", 20, days=7, joins=12, by=people.DAAN,
    ),
    InsightPlan(
        "After an update the app loses the bike, and nobody is told why", "IT", "", "app", 16,
        explanation="They find it back by removing the app. A line in the release notes would do.",
    ),
    InsightPlan(
        "What people warn each other of is a plug that was replaced long ago", "PR", "", "stekker* OR plug",
        13, days=56, explanation="The new plug has been on every bike since; the old story is told on.",
    ),
    InsightPlan(
        "Riders do not know that they can have the old plug changed", "Product", "Charger plug", "", 12,
        days=90, by=people.DAAN,
    ),
    InsightPlan(
        "Riders compare our lease with that of others and miss the insurance", "Marketing",
        "Price and lease", "", 11, by=people.NOOR,
    ),
    InsightPlan(
        "Nobody says beforehand on which day the bike comes", "Sales", "Delivery", "", 10,
        explanation="The wait itself is taken; not knowing is what they are angry about.",
    ),
    InsightPlan(
        "Riders wait for a repair for weeks and are not told how long", "Service",
        "Waiting for a repair", "", 9, by=people.DAAN,
        explanation="Ask: can the workshop planner's date go out by itself?",
    ),
    InsightPlan(
        "In the cold a full battery does not reach half the distance we promise", "Product",
        "Battery in winter", "", 8,
        explanation=(
            "Since the first frost riders hold our 120 km against what they ride. They name degrees and "
            "kilometres. They ask for one honest figure per temperature, before they buy."
        ),
    ),
)  # fmt: skip


def show_culture(brand: Brand, today: date) -> int:
    """All of it; returns how many insights wait or ended, and how many changes came of those before."""
    # People of Windmee have had their roles as long as it has listened.
    Grant.objects.update(since=today - timedelta(days=DAYS))
    with translation.override("en"):
        changed = show_changes(brand, today)
        made = make_insights(brand, today)
        make_subscriptions(brand, today)
        make_readings(today)
        hold_hours(today, made[-1] if made else None)
        share_view(brand, today)
    return len(made) + changed


def make_insights(brand: Brand, today: date) -> list[Insight]:
    """Each opened on its day by who opened it; one whose posts this demo does not have is left out."""
    made: dict[int, Insight] = {}
    for place, plan in enumerate(INSIGHTS, 1):
        person = Person.objects.get(email=plan.by.email)
        with at_the_time(morning(today, plan.ago)):
            chosen = chosen_by(_choice(plan, brand, today), person)
            department = Department.objects.filter(name=plan.department).first()
            if chosen is None or department is None:
                continue
            frozen = chosen.frozen
            evidence = evidence_of(chosen, chosen.samples)
            insight = open_insight(
                by=person, title=plan.title, department=department, evidence=[evidence],
                explanation=plan.explanation, origin=Origin("listening", "", frozen.url),
            )  # fmt: skip
        insight.number = FIRST_NUMBER + place - 1
        Insight.objects.filter(pk=insight.pk).update(number=insight.number)
        made[place] = insight
        if plan.withdrawn:
            with at_the_time(morning(today, plan.ago - 6)):
                withdraw_insight(by=person, insight=insight, why=plan.withdrawn)
    noor = Person.objects.get(email=people.NOOR.email)
    for place, plan in enumerate(INSIGHTS, 1):
        if plan.joins and place in made and plan.joins in made:
            with at_the_time(morning(today, INSIGHTS[plan.joins - 1].ago - 1)):
                join_insights(by=noor, insight=made[place], into=made[plan.joins])
    return list(made.values())


def make_subscriptions(brand: Brand, today: date) -> None:
    """Who follows what, and what was sent of it in the last four weeks."""
    sanne, tom, omar = (
        Person.objects.get(email=row.email) for row in (people.SANNE, people.TOM, people.OMAR)
    )
    teams = {team.name: team for team in Team.objects.all()}
    topics = {topic.name: topic for topic in Topic.objects.all()}
    made: list[Subscription] = []
    for by, topic, rhythm, team in (
        (tom, "Battery in winter", "weekly", None),
        (omar, "Price and lease", "weekly", None),
        (sanne, "Charger plug", "daily", "Webcare"),
        (sanne, "Waiting for a repair", "weekly", "Webcare"),
        (sanne, "Theft", "at_once", "PR desk"),
    ):
        made.append(
            subscribe(
                by=by, name=topic, rhythm=rhythm, topic=topics[topic],
                team=teams.get(team) if team else None,
            )
        )  # fmt: skip
    dice = Random(8)  # noqa: S311 (a story, no secret)
    monday = today - timedelta(days=today.weekday())
    for one in made:
        if one.rhythm != Subscription.Rhythm.WEEKLY:
            continue
        for weeks in range(4):
            until = monday - timedelta(weeks=weeks)
            opened = morning(until, 0) + timedelta(hours=2)
            for person in _people_of(one):
                Digest.objects.create(
                    subscription=one, person=person, key=until.isoformat(),
                    since=until - timedelta(days=7), until=until, posts=dice.randint(20, 90), made_at=morning(until, 0),
                    opened_at=opened if dice.random() < 0.7 else None,
                )  # fmt: skip
    Subscription.objects.filter(pk__in=[one.pk for one in made]).update(told_until=today)


def make_readings(today: date) -> None:
    """Who read over six months: more departments and more people from month to month."""
    dice = Random(6)  # noqa: S311 (the same)
    topics = list(Topic.objects.values_list("pk", flat=True))
    insights = list(Insight.objects.filter(state="open").values_list("pk", flat=True))
    staff = Person.objects.filter(memberships__department__isnull=False, is_system=False)
    month = today.replace(day=1)
    for back in range(6):
        keen = 0.85 - 0.12 * back
        for person in staff.distinct().order_by("pk"):
            if dice.random() < keen and topics:
                note_reading(by=person, kind=Reading.Kind.TOPIC, thing=dice.choice(topics), on=month)  # fmt: skip
                if back == 0 and insights and dice.random() < 0.8:
                    note_reading(by=person, kind=Reading.Kind.INSIGHT, thing=insights[-1], on=month)
        month = (month - timedelta(days=1)).replace(day=1)


def hold_hours(today: date, insight: Insight | None) -> None:
    """One hour of the webcare team that ended with an insight, and one the PR desk will hold."""
    daan = Person.objects.get(email=people.DAAN.email)
    winter = list(Topic.objects.filter(name__in=("Battery in winter", "Charger plug")))
    webcare, desk = (Team.objects.filter(name=name).first() for name in ("Webcare", "PR desk"))
    if webcare is None or desk is None or not hours.draw(winter, 1):
        return
    with at_the_time(morning(today, 8)):
        hour = hours.plan_hour(by=daan, team=webcare, title="The first frost", topics=winter)
        agenda = list(hour.posts.order_by("place"))
        members = [row.person for row in Membership.objects.filter(team=webcare).select_related("person")[:4]]  # fmt: skip
        for person in members:
            hours.read_along(by=person, hour=hour, place=len(agenda))
        for item, person in zip(agenda[1:9:3], members * 3, strict=False):
            hours.mark_post(by=person, item=item, marked=True)
        if insight is not None:
            hours.came_to_insight(by=daan, hour=hour, insight=insight)
        hours.end_hour(
            by=daan, hour=hour,
            outcome="Everybody asks the same: how far at two degrees? One page must answer that.",
        )  # fmt: skip
    bram = Person.objects.get(email=people.BRAM.email)
    hours.plan_hour(by=bram, team=desk, title="Before the press day", topics=winter[:1])


def share_view(brand: Brand, today: date) -> None:
    """A view for the people of Service, with notes on its line."""
    daan = Person.objects.get(email=people.DAAN.email)
    since = today - timedelta(days=180)
    query = f"brand={brand.pk}&since={since}&until={today - timedelta(days=1)}&q=stekker*+OR+plug"
    service = Department.objects.filter(name="Service").first()
    view = save_view(by=daan, name="The plug, half a year", query=query, shared=False, department=service)  # fmt: skip
    for ago, what, note in (
        (PLUG_BURST, "Weak batch", "Serial numbers 26-041 to 26-052; the shops know."),
        (PLUG_NEWS, "Stronger plug", "Free swap at every shop from this day."),
        (FROST, "First frost", "Not the plug: cold makes the battery empty sooner."),
    ):
        mark_event(by=daan, on=today - timedelta(days=ago), what=what, note=note, view=view)


def _choice(plan: InsightPlan, brand: Brand, today: date) -> QueryDict:
    until = today - timedelta(days=plan.ago)
    told = QueryDict(mutable=True)
    told.update(
        {
            "brand": str(brand.pk),
            "since": (until - timedelta(days=plan.days - 1)).isoformat(),
            "until": until.isoformat(),
        }
    )
    if plan.topic:
        told["topic"] = str(Topic.objects.get(name=plan.topic).pk)
    if plan.query:
        told["q"] = plan.query
    return told


def _people_of(subscription: Subscription) -> list[Person]:
    if subscription.team is not None:
        rows = Membership.objects.filter(team=subscription.team).select_related("person")
        return [row.person for row in rows]
    return [subscription.person] if subscription.person else []
