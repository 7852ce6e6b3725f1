"""From the archive into the inbox: what people say to us becomes a case, or goes on in one.

Read by when it was collected, with a look back: a batch is dated when it begins and can be seen when it is
durable, so an earlier one may come into sight later. To look at a post twice changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from openroads.archive.queries.cases import Collected, collected_after
from openroads.directory import policy as directory_policy
from openroads.directory.conversations import archive
from openroads.directory.models import Account, Person
from openroads.webcare import policy, queries
from openroads.webcare.happening import Actor, Type, happened
from openroads.webcare.models import Case, Contact, Identity, Intake, Message
from openroads.webcare.rules.deciding import Decision, Seen, decide, is_addressed
from openroads.webcare.rules.models import Rule, RuleRun
from openroads.webcare.settling import add_message, settle

AT_ONCE = 500
LOOK_BACK = timedelta(minutes=10)
NOT_OLDER = timedelta(days=14)
"""What was said longer ago is history that was imported, not somebody who waits for an answer."""
REVIEWS = frozenset({"google", "trustpilot", "kiyoh", "appstore", "playstore", "review"})
PRIVATE = frozenset({"mail", "chat", "survey", "whatsapp"})

Alive = Callable[[], bool]


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
    ours = own_handles()
    place = (intake.collected_at - LOOK_BACK, 0)
    since, until = (moment - NOT_OLDER).date(), (moment + timedelta(days=2)).date()
    while alive():
        posts = collected_after(archive(), *place, since=since, until=until, limit=AT_ONCE)
        if not posts:
            break
        for post in _unknown(posts):
            _take(post, rules, ours, moment, told)
        told.looked_at += len(posts)
        place = (posts[-1].collected_at.astimezone(UTC), posts[-1].id)
        if place[0] > intake.collected_at:
            Intake.objects.filter(pk=1).update(collected_at=place[0], post=place[1])
        if len(posts) < AT_ONCE:
            break
    return told


def own_handles() -> frozenset[str]:
    """Handles of our accounts, in small letters, without @."""
    handles = Account.objects.values_list("handle", flat=True)
    return frozenset(handle.lstrip("@").lower() for handle in handles if handle)


def take_post(*, by: Person, post: Collected, now: datetime | None = None) -> Case:
    """Make any post a case, because a colleague says so; gives the case it is in when it is in one. Of who
    answers for a team only it becomes a case of that team."""
    directory_policy.require(by, policy.may_answer)
    try:
        with transaction.atomic():
            return _take_for(by, post, now or timezone.now())
    except IntegrityError:  # a colleague, or the house, took it in at the same moment
        return Message.objects.select_related("case").get(post=post.id).case


def _take_for(by: Person, post: Collected, moment: datetime) -> Case:
    known = Message.objects.filter(post=post.id).select_related("case").first()
    if known is not None:
        return known.case
    identity = identity_of(post)
    going_on = _case_of(post, identity)
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
    post: Collected, rules: Sequence[Rule], ours: frozenset[str], now: datetime, told: TakenIn
) -> None:
    if post.voice == "brand" or post.author.lstrip("@").lower() in ours:
        _take_own(post, now)
        return
    known = Identity.objects.filter(network=post.network, author=post.author_key).first()
    if known is not None and known.blocked_at is not None:
        return
    going_on = _case_of(post, known) if known is not None and post.author else None
    if going_on is not None:
        try:
            with transaction.atomic():
                _go_on(going_on, post, now)
        except IntegrityError:  # another worker, or a colleague, took it in
            return
        told.went_on += 1
        return
    seen = Seen(
        post,
        is_addressed(post, ours, lambda: _answers_us(post)),
        lambda: known is not None and known.cases.exists(),
        timezone.localtime(now),
    )
    said = decide(rules, seen)
    if not said.opens:
        return
    try:
        with transaction.atomic():
            case = _open(post, identity_of(post), said, now)
            RuleRun.objects.create(post=post.id, said_at=post.published_at, case=case, did=said.did)
    except IntegrityError:  # another worker looked at the same post
        return
    told.opened += 1


def _case_of(post: Collected, identity: Identity) -> Case | None:
    """The case a post goes on in: the same thread and the same person, also by another account of theirs."""
    rows = Case.objects.filter(
        identity__contact=identity.contact_id, network=post.network, thread=post.thread_key[:300]
    )
    case = rows.select_related("merged_into", "identity").order_by("-opened_at").first()
    return case.merged_into if case is not None and case.merged_into is not None else case


def _open(
    post: Collected, identity: Identity, said: Decision, now: datetime, *, by: Person | None = None
) -> Case:
    case = Case.objects.create(
        identity=identity, network=post.network, source=post.source, thread=post.thread_key[:300],
        kind=_kind_of(post), team_id=said.team, assignee_id=said.assignee, priority=said.priority,
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
    rows = Case.objects.filter(network=post.network, thread=post.thread_key[:300], merged_into=None)
    answered = rows.filter(messages__kind=Message.Kind.THEIRS).order_by("-last_in_at").distinct()
    for case in answered[:5]:
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            if _is_echo(case, post):
                return
            if case.waiting_since is None or post.published_at < case.waiting_since - LOOK_BACK:
                continue
            message = add_message(
                case, kind=Message.Kind.OURS, post=post.id, said_at=post.published_at,
                received_at=now, elsewhere_url=post.url, language=post.language[:12],
            )  # fmt: skip
            happened(case, Type.REPLIED, actor=Actor.HUMAN, at=post.published_at, message=message, elsewhere=True)  # fmt: skip
            settle(case)
            return


def _is_echo(case: Case, post: Collected) -> bool:
    """Whether a post of ours left from here; then the message knows its post from now on."""
    sent = Message.objects.filter(
        case=case, kind=Message.Kind.OURS, delivery__receipt_id=post.native_id
    )
    return bool(sent.filter(post=None).update(post=post.id)) or sent.exists()


def _answers_us(post: Collected) -> bool:
    """Whether a post answers something we sent from here."""
    return Message.objects.filter(
        kind=Message.Kind.OURS, case__network=post.network, delivery__receipt_id=post.reply_to
    ).exists()


def _kind_of(post: Collected) -> str:
    if post.network in REVIEWS:
        return Case.Kind.REVIEW
    return Case.Kind.PRIVATE if post.network in PRIVATE else Case.Kind.PUBLIC


def _about(post: Collected) -> dict[str, Any]:
    """What a case is about, as its first word was read."""
    return {
        "language": post.language[:12], "intent": post.kind[:12], "mood": post.mood,
        "brand": post.brands[0] if post.brands else None,
        "product": post.products[0] if post.products else None,
    }  # fmt: skip
