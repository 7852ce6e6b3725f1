"""Windmee's inbox: ten weeks of cases that were answered, and the thirty that wait this morning."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone, translation

from openroads.archive.queries.cases import Collected, collected_after
from openroads.delivery.channels import add_channel
from openroads.delivery.models import Channel
from openroads.demo import people
from openroads.demo.cast_posts import CAST_POSTS
from openroads.demo.replies import reply_to
from openroads.demo.service import ask_how_we_did, gather_scores, promise_times
from openroads.directory.conversations import archive
from openroads.directory.known_topics import known_topics, queries_in_use
from openroads.directory.models import Person, Team
from openroads.directory.people import system_person
from openroads.webcare.about import note_topics_since
from openroads.webcare.actions.claiming import claim_case
from openroads.webcare.actions.drafting import keep_draft
from openroads.webcare.actions.moving import hand_case, needs_no_answer, snooze_case
from openroads.webcare.actions.noting import add_note
from openroads.webcare.actions.taking_in import take_in, take_post
from openroads.webcare.belonging import answering_handles
from openroads.webcare.models import Case, CaseEvent, Contact, Identity, Intake, Message
from openroads.webcare.networks import kind_of
from openroads.webcare.rules.actions import begin_with_ready_rules, keep_rule
from openroads.webcare.rules.deciding import Decision, Seen, decide, is_addressed
from openroads.webcare.rules.models import Rule, RuleRun

WEEKS = 10
MOST_ANSWERED = 420
TO_DO = 24
OPENS, SHUTS = 8, 20
"""The hours in which webcare works, Monday to Saturday."""
Type, Actor = CaseEvent.Type, CaseEvent.Actor


@dataclass
class _Rows:
    """Rows on their way to the database, with who they belong to."""

    cases: list[Case]
    messages: list[Message]
    events: list[CaseEvent]
    runs: list[RuleRun]


def fill_inbox(today: date, *, seed: int = 7) -> tuple[int, int]:
    """Make the inbox as it stands this morning; returns how many cases were answered, and how many wait."""
    noor = _person(people.NOOR)
    with translation.override("nl"):
        begin_with_ready_rules(by=noor)
        _plugs_come_first(noor)
    _own_rule(by=noor)
    promise_times(by=noor, today=today)
    _practice()
    posts = _said_to_us(today)
    recent = [post for post in posts if post.published_at.date() >= today - timedelta(days=2)]
    older = [post for post in posts if post.published_at.date() < today - timedelta(days=2)]
    rng = Random(seed)  # noqa: S311 (a demo must come out the same)
    chosen = rng.sample(older, min(MOST_ANSWERED, len(older)))
    answered = _answered(sorted(chosen, key=lambda post: post.place), rng)
    ask_how_we_did(by=noor)
    gather_scores(seed=seed)
    waiting = _waiting(recent, rng)
    take_in()  # from now on the house looks by itself
    Intake.objects.update(collected_at=timezone.now() + timedelta(minutes=11))
    note_topics_since(timezone.now() - timedelta(weeks=WEEKS + 1))
    return answered, waiting


def _plugs_come_first(noor: Person) -> None:
    """A rule by topic: who writes of a charger plug that breaks is answered first."""
    plug = next(one.number for one in known_topics().values() if one.name == "Charger plug")
    told = {
        "name": "Een kapotte laadstekker gaat voor",
        "position": 250,
        "addressed": True,
        "does": "",
        "topics": [plug],
        "priority": 1,
    }
    keep_rule(by=noor, rule=None, told=told)


def _said_to_us(today: date) -> list[Collected]:
    """What people said to Windmee in ten weeks that asks for an answer, oldest first."""
    since, ours = today - timedelta(weeks=WEEKS), answering_handles()
    cast = {post.text for post in CAST_POSTS}
    found: list[Collected] = []
    place: tuple[datetime, int] = (timezone.now() - timedelta(days=1), 0)
    while page := collected_after(
        archive(), *place, since=since, until=today + timedelta(days=1), limit=2_000
    ):
        place = (page[-1].collected_at, page[-1].id)
        for post in page:
            if post.voice != "customer" or post.original or not post.author:
                continue
            wants = post.kind in ("question", "complaint") or post.mood == -1
            if post.text in cast or (wants and is_addressed(post, ours, lambda: False)):
                found.append(post)
    return sorted(found, key=lambda post: post.place)


def _own_rule(*, by: Person) -> None:
    """At Windmee agents say themselves what comes first: nearly all that is written to them complains."""
    complaint = Rule.objects.get(position=300)
    keep_rule(by=by, rule=complaint, told={"name": "Een klacht aan ons", "priority": None})


def _practice() -> None:
    if not Channel.objects.exists():
        add_channel(
            by=system_person(), kind="practice", name="Practice", account=None, told={}, sources=[]
        )


@transaction.atomic
def _answered(posts: Sequence[Collected], rng: Random) -> int:
    """Cases of the past, with what was done in each: as rows, because their moments are over."""
    agents = [_person(row) for row in (people.DAAN, *_webcare())]
    team = Team.objects.get(name="Webcare")
    authors = {(post.network, post.author_key) for post in posts}
    contacts = Contact.objects.bulk_create(Contact() for _each in authors)
    identities = Identity.objects.bulk_create(
        Identity(contact=contact, network=network, author=author)
        for contact, (network, author) in zip(contacts, sorted(authors), strict=True)
    )
    known = {(one.network, one.author): one for one in identities}
    rows, seen = _Rows([], [], [], []), set()
    rules = list(Rule.objects.filter(is_on=True, ended_at=None))
    topics = queries_in_use()
    for post in posts:
        identity = known[post.network, post.author_key]
        key = (post.network, post.thread_key, identity.pk)
        local = timezone.localtime(post.published_at)
        said = decide(rules, Seen(post, True, lambda: False, local, topics))
        if key in seen or not said.opens:
            continue
        seen.add(key)
        _one_answered(rows, post, identity, team, rng.choice(agents), rng, said)
    Case.objects.bulk_create(rows.cases)
    Message.objects.bulk_create(rows.messages)
    CaseEvent.objects.bulk_create(rows.events)
    RuleRun.objects.bulk_create(rows.runs)
    return len(rows.cases)


def _one_answered(
    rows: _Rows, post: Collected, identity: Identity, team: Team, agent: Person, rng: Random,
    said: Decision,
) -> None:  # fmt: skip
    came = post.published_at + timedelta(seconds=rng.randint(20, 240))
    no_answer = rng.random() < 0.09
    replied = _reply_moment(came, rng)
    closed = replied if rng.random() < 0.6 else replied + timedelta(hours=rng.uniform(20, 60))
    ending = Case.Ending.NO_ANSWER if no_answer else Case.Ending.ANSWERED
    case = Case(
        identity=identity, network=post.network, source=post.source, thread=post.thread_key[:300],
        kind=kind_of(post.network), state=Case.State.CLOSED, team=team, assignee=agent, language=post.language,
        intent=post.kind, mood=post.mood, brand=post.brands[0] if post.brands else None,
        product=post.products[0] if post.products else None, opened_at=came, first_in_at=came,
        last_in_at=post.published_at, last_in=post.id, closed_at=closed, ending=ending,
        last_seq=1 if no_answer else 2,
    )  # fmt: skip
    theirs = Message(
        case=case, seq=1, kind=Message.Kind.THEIRS, post=post.id, said_at=post.published_at,
        received_at=came, language=post.language, private=case.kind == Case.Kind.PRIVATE,
    )  # fmt: skip
    rows.cases.append(case)
    rows.messages.append(theirs)
    tell = _teller(rows, case, team)
    rows.runs.append(
        RuleRun(post=post.id, said_at=post.published_at, at=came, case=case, did=said.did)
    )
    tell(Type.OPENED, came, Actor.RULE, data={"rules": [each[0] for each in said.did]})
    tell(Type.CAME_IN, came, Actor.CUSTOMER, message=theirs)
    tell(Type.CLAIMED, replied - timedelta(minutes=rng.uniform(2, 9)), Actor.HUMAN, by=agent)
    if no_answer:
        tell(Type.THANKS, replied, Actor.HUMAN, by=agent)
        case.closed_at = replied
    else:
        ours = Message(
            case=case, seq=2, kind=Message.Kind.OURS, said_at=replied, received_at=replied, by=agent,
            text=reply_to(post, agent, rng), language=post.language, elsewhere_url=post.url,
            private=case.kind == Case.Kind.PRIVATE,
        )  # fmt: skip
        rows.messages.append(ours)
        case.first_reply_at = case.last_out_at = replied
        tell(Type.REPLIED, replied, Actor.HUMAN, by=agent, message=ours)
        if closed > replied:
            tell(Type.WAITS, replied, Actor.HUMAN, by=agent)
    tell(Type.CLOSED, case.closed_at or closed, Actor.HUMAN, by=agent, data={"ending": ending})


def _teller(rows: _Rows, case: Case, team: Team):  # type: ignore[no-untyped-def]
    def tell(type: str, at: datetime, actor: str, **more: object) -> None:
        rows.events.append(
            CaseEvent(case=case, cycle=1, type=type, at=at, actor=actor, team=team, network=case.network, **more)
        )  # fmt: skip

    return tell


@transaction.atomic
def _waiting(posts: Sequence[Collected], rng: Random) -> int:
    """The cases of this morning, through the same doors as everybody's: what the cast stands in, and the
    newest others. Each came in so long ago that its clock tells something."""
    now, daan = timezone.now(), _person(people.DAAN)
    team = Team.objects.get(name="Webcare")
    cast = {post.text: post for post in CAST_POSTS}
    told = [post for post in posts if post.text in cast]
    told += [post for post in posts[::-1] if post.text not in cast][: max(TO_DO - len(told), 0)]
    by_name: dict[str, Case] = {}
    for post in told:
        ago = timedelta(minutes=rng.randint(4, 95))
        if post.author_name == "Pieter Hoekstra":
            ago = timedelta(minutes=138)
        if post.author_name == "Marloes de Groot":
            ago = timedelta(minutes=79)
        case = take_post(by=system_person(), post=post, now=now - ago)
        Case.objects.filter(pk=case.pk).update(
            team=team, priority=int(post.author_name == "Pieter Hoekstra")
        )
        by_name[post.author_name or post.author] = case
    _stories(by_name, daan, now)
    return len(told)


def _stories(cases: dict[str, Case], daan: Person, now: datetime) -> None:
    """What has been done this morning in the cases the cast stands in."""
    marloes, pieter = cases.get("Marloes de Groot"), cases.get("Pieter Hoekstra")
    if marloes is not None:
        claim_case(by=daan, case=marloes)
        keep_draft(
            by=daan, case=marloes, kind="public", seen=1,
            text="Hoi Marloes, goed dat je het vraagt. Onder de 5 graden haal je zo’n 60 tot 65% van je zomerbereik; 48 km is minder. We kijken je accu graag gratis na. Stuur je je framenummer in een privébericht? Groet, Daan",
        )  # fmt: skip
    if pieter is not None:
        add_note(by=daan, case=pieter, text="Monteur belt hem vanmiddag, zegt Hidde. @Merel als hij eerder reageert: nieuwe afspraak staat op vrijdag.")  # fmt: skip
        hand_case(by=daan, case=pieter, team=pieter.team, person=_person(_webcare()[1]))
    if (kees := cases.get("Kees Brandsma")) is not None:
        needs_no_answer(by=daan, case=kees)
    if (lotte := cases.get("Lotte Vermeer")) is not None:
        tomorrow = timezone.localtime(now) + timedelta(days=1)
        snooze_case(by=daan, case=lotte, until=tomorrow.replace(hour=9, minute=40, second=0, microsecond=0))  # fmt: skip


def _reply_moment(came: datetime, rng: Random) -> datetime:
    """When an answer left: within the hour by half, counted from when webcare is there."""
    start = timezone.localtime(came)
    while not _works(start):
        start = start.replace(minute=rng.randint(0, 30), second=0) + timedelta(hours=1)
    minutes = math.exp(rng.gauss(math.log(47), 0.85))
    moment = start + timedelta(minutes=min(minutes, 600))
    while not _works(moment):
        moment += timedelta(hours=1)
    return moment


def _works(local: datetime) -> bool:
    return local.isoweekday() < 7 and OPENS <= local.hour < SHUTS


def _person(row: people.PersonRow) -> Person:
    return Person.objects.get(email=row.email)


def _webcare() -> list[people.PersonRow]:
    """The agents beside Daan."""
    return [row for row in people.STAFF if row.role == "webcare_agent"]
