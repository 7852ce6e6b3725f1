"""From the archive into the inbox: what people say to us becomes a case, or goes on in one.

Read by when it was collected, with a look back: a batch is dated when it begins and can be seen when it is
durable, so an earlier one may come into sight later. To look at a post twice changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from openroads.archive.queries.cases import Collected, collected_after
from openroads.directory import policy as directory_policy
from openroads.directory.conversations import archive
from openroads.directory.known_topics import queries_in_use
from openroads.directory.models import Person
from openroads.webcare import policy, queries
from openroads.webcare.about import note_topics
from openroads.webcare.belonging import (
    answered_by,
    answering_handles,
    answers_us,
    case_of,
    is_false,
    is_from_us,
    note_echo,
    own_names,
    stands_already,
    thread_of,
    waits_since,
)
from openroads.webcare.happening import Actor, Type, happened
from openroads.webcare.models import Case, Contact, Identity, Intake, Message
from openroads.webcare.networks import kind_of
from openroads.webcare.rules.deciding import Decision, Seen, decide, is_addressed
from openroads.webcare.rules.models import Rule, RuleRun
from openroads.webcare.settling import add_message, settle

AT_ONCE = 500
LOOK_BACK = timedelta(minutes=10)
NOT_OLDER = timedelta(days=14)
"""What was said longer ago is history that was imported, not somebody who waits for an answer."""

Alive = Callable[[], bool]
Names = frozenset[str]


@dataclass
class TakenIn:
    """What a look brought: posts looked at, cases opened, words that went on in one."""

    looked_at: int = 0
    opened: int = 0
    went_on: int = 0


def take_in(*, now: datetime | None = None, alive: Alive = lambda: True) -> TakenIn:
    """Look at everything that came in since the last time. The first look of a house begins then: what
    was there before has been answered elsewhere, or never will be."""
    moment = now or timezone.now()
    intake, made = Intake.objects.get_or_create(pk=1, defaults={"collected_at": moment})
    told, rules = TakenIn(), list(Rule.objects.filter(is_on=True, ended_at=None))
    if made:
        return told
    ours = answering_handles(), own_names()
    topics = queries_in_use() if any(rule.topics for rule in rules) else {}
    place = (intake.collected_at - LOOK_BACK, 0)
    since, until = (moment - NOT_OLDER).date(), (moment + timedelta(days=2)).date()
    while alive():
        posts = collected_after(archive(), *place, since=since, until=until, limit=AT_ONCE)
        if not posts:
            break
        # As they were said: within a batch they come in any order.
        unknown = sorted(_unknown(posts), key=lambda each: each.published_at)
        for post in unknown:
            _take(post, rules, ours, topics, moment, told)
        if unknown:
            note_topics([post.id for post in unknown])
        told.looked_at += len(posts)
        place = (posts[-1].collected_at.astimezone(UTC), posts[-1].id)
        if place[0] > intake.collected_at:
            Intake.objects.filter(pk=1).update(collected_at=place[0], post=place[1])
        if len(posts) < AT_ONCE:
            break
    return told


def take_post(*, by: Person, post: Collected, now: datetime | None = None) -> Case:
    """Make any post a case, because a colleague says so; gives the case it is in when it is in one. Of who
    answers for a team only it becomes a case of that team."""
    directory_policy.require(by, policy.may_answer)
    try:
        with transaction.atomic():
            case = _take_for(by, post, now or timezone.now())
    except IntegrityError:  # a colleague, or the house, took it in at the same moment
        return Message.objects.select_related("case").get(post=post.id).case
    note_topics([post.id])
    return case


def _take_for(by: Person, post: Collected, moment: datetime) -> Case:
    known = Message.objects.filter(post=post.id).select_related("case").first()
    if known is not None:
        return known.case
    identity = identity_of(post)
    going_on = case_of(post, identity)
    if going_on is not None:
        return _go_on(going_on, post, moment)
    team = None if policy.answers_everywhere(by) else min(queries.teams_of(by), default=None)
    return _open(post, identity, Decision(opens=True, team=team), moment, by=by)


def identity_of(post: Collected) -> Identity:
    """Who wrote a post, as we know them; made when they are new. Where the network names nobody, each
    post has a writer of its own."""
    author = post.author_key if post.author else post.id
    found = Identity.objects.filter(network=post.network, author=author).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Identity.objects.create(
                contact=Contact.objects.create(), network=post.network, author=author
            )
    except IntegrityError:  # two workers met them at the same moment
        return Identity.objects.get(network=post.network, author=author)


def _unknown(posts: Sequence[Collected]) -> list[Collected]:
    """Those that are in no case yet."""
    known = set(
        Message.objects.filter(post__in=[post.id for post in posts]).values_list("post", flat=True)
    )
    return [post for post in posts if post.id not in known]


def _take(
    post: Collected, rules: Sequence[Rule], ours: tuple[Names, Names], topics: Mapping[int, str],
    now: datetime, told: TakenIn,
) -> None:  # fmt: skip
    handles, names = ours
    if post.voice == "brand" or post.author.lstrip("@").lower() in handles:
        if is_from_us(post):
            _take_own(post, now)
        return
    known = Identity.objects.filter(network=post.network, author=post.author_key).first()
    if known is not None and known.blocked_at is not None:
        return
    going_on = case_of(post, known) if known is not None and post.author else None
    if going_on is not None:
        if stands_already(post):
            return
        try:
            with transaction.atomic():
                _go_on(going_on, post, now)
        except IntegrityError:  # another worker, or a colleague, took it in
            return
        told.went_on += 1
        return
    seen = Seen(
        post,
        is_addressed(post, names, lambda: answers_us(post)),
        lambda: known is not None and not is_false(post) and known.cases.exists(),
        timezone.localtime(now),
        topics,
    )
    said = decide(rules, seen)
    if not said.opens or stands_already(post):
        return
    try:
        with transaction.atomic():
            case = _open(post, identity_of(post), said, now)
            RuleRun.objects.create(post=post.id, said_at=post.published_at, case=case, did=said.did)
    except IntegrityError:  # another worker looked at the same post
        return
    told.opened += 1


def _open(
    post: Collected, identity: Identity, said: Decision, now: datetime, *, by: Person | None = None
) -> Case:
    case = Case.objects.create(
        identity=identity, network=post.network, source=post.source, thread=thread_of(post),
        kind=kind_of(post.network), team_id=said.team, assignee_id=said.assignee, priority=said.priority,
        needs_approval=said.needs_approval, opened_at=now, **_about(post),
    )  # fmt: skip
    actor = Actor.RULE if by is None else ""
    happened(case, Type.OPENED, by=by, actor=actor, at=now, rules=[each[0] for each in said.did])
    _add_theirs(case, post, now)
    return case


def _go_on(case: Case, post: Collected, now: datetime) -> Case:
    """One more word in a case, or in the one it was joined to meanwhile. One that was closed opens again, in
    a new cycle."""
    rows = Case.objects.select_for_update(of=("self",))
    case = rows.get(pk=case.pk)
    while case.merged_into_id is not None:
        case = rows.get(pk=case.merged_into_id)
    if case.state == Case.State.CLOSED:
        case.cycle += 1
        case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
        case.first_in_at = case.first_reply_at = None
        for name, value in _about(post).items():
            setattr(case, name, value)
        case.save()
        happened(case, Type.REOPENED, actor=Actor.CUSTOMER, at=now)
    _add_theirs(case, post, now)
    return case


def _add_theirs(case: Case, post: Collected, now: datetime) -> None:
    message = add_message(
        case, kind=Message.Kind.THEIRS, post=post.id, said_at=post.published_at, received_at=now,
        private=case.kind == Case.Kind.PRIVATE, language=post.language[:12],
    )  # fmt: skip
    happened(case, Type.CAME_IN, actor=Actor.CUSTOMER, at=now, message=message)
    if case.state in (Case.State.WAITING, Case.State.SNOOZED):
        case.state, case.snoozed_until = Case.State.TODO, None
    settle(case)


def _take_own(post: Collected, now: datetime) -> None:
    """A word of ours, seen at the network: the echo of what we sent from here, or an answer that a
    colleague gave there, which then counts as one."""
    if note_echo(post):
        return
    for case in answered_by(post):
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            since = waits_since(case)
            if since is None or case.waiting_since is None or post.published_at < since:
                continue
            message = add_message(
                case, kind=Message.Kind.OURS, post=post.id, said_at=post.published_at,
                received_at=now, elsewhere_url=post.url, language=post.language[:12],
            )  # fmt: skip
            # Never before we knew that they wrote, or an answer would take less than no time.
            at = max(post.published_at, case.waiting_since)
            happened(case, Type.REPLIED, actor=Actor.HUMAN, at=at, message=message, elsewhere=True)
            settle(case)
            return


def _about(post: Collected) -> dict[str, Any]:
    """What a case is about, as its first word was read."""
    return {
        "language": post.language[:12], "intent": post.kind[:12], "mood": post.mood,
        "brand": post.brands[0] if post.brands else None,
        "product": post.products[0] if post.products else None,
    }  # fmt: skip
