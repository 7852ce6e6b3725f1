"""What becomes of a case: handed over, put off, closed, opened again, joined, split; alone or many at once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.delivery.notices import notify
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person, Team
from openroads.webcare import policy, queries
from openroads.webcare.actions.claiming import check_free, check_not_merged, locked
from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.clocks.actions import set_due
from openroads.webcare.happening import Actor, Type, happened
from openroads.webcare.models import NOT_CLOSED, Case, Draft, Identity, Message
from openroads.webcare.settling import add_message, settle

Ending = Case.Ending


@transaction.atomic
def hand_case(
    *, by: Person, case: Case, team: Team | None, person: Person | None, why: str = ""
) -> Case:
    """Give a case to a team, a colleague, or both; its clocks run on. Raises ValidationError for somebody
    who does not answer there."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    check_not_merged(case)
    if person is not None and person.pk not in {one.pk for one in queries.people_who_answer(team)}:
        raise ValidationError({"person": _("Choose somebody who answers for this team.")})
    if (case.team_id, case.assignee_id) == (
        team.pk if team else None,
        person.pk if person else None,
    ):
        return case
    was = {"team": case.team_id, "person": case.assignee_id}
    case.team, case.assignee = team, person
    if person is None or person.pk != case.claimed_by_id:
        case.claimed_by = case.claimed_at = case.claim_until = None
    case.save()
    happened(
        case,
        Type.HANDED,
        by=by,
        was=was,
        person=person.pk if person else None,
    )
    if said := why.strip()[:300]:
        # A note, not a fact of the log: it may speak of who is outside, and goes when they are erased.
        add_message(case, kind=Message.Kind.NOTE, said_at=timezone.now(), by=by, text=said)
    set_due(case)
    if person is not None and person.pk != by.pk:
        notify(
            to=person, deed=f"case {case.pk} handed to {person.pk} in cycle {case.cycle} at {case.last_seq}",
            title=_("%(code)s is yours now") % {"code": case.code},
            text=why.strip() or _("%(name)s handed it to you.") % {"name": by}, url=f"/answer/cases/{case.pk}/",
        )  # fmt: skip
    return case


@transaction.atomic
def snooze_case(*, by: Person, case: Case, until: datetime) -> Case:
    """Put a case off until a moment; it comes back by itself, or when they write. Clocks run on: they
    wait as long. Raises ValidationError for a moment that is over."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    check_free(case, by)
    _check_open(case)
    if until <= timezone.now():
        raise ValidationError({"until": _("Choose a moment that is still to come.")})
    case.state, case.snoozed_until = Case.State.SNOOZED, until
    case.save(update_fields=["state", "snoozed_until"])
    happened(case, Type.SNOOZED, by=by, until=until.isoformat())
    return case


def wake_cases(now: datetime | None = None) -> int:
    """Bring back the cases whose moment has come; returns how many."""
    moment, woken = now or timezone.now(), 0
    due = Case.objects.filter(NOT_CLOSED, state=Case.State.SNOOZED, snoozed_until__lte=moment)
    for case in due:
        with transaction.atomic():
            case = locked(case)
            if case.state != Case.State.SNOOZED:
                continue
            case.state, case.snoozed_until = Case.State.TODO, None
            case.save(update_fields=["state", "snoozed_until"])
            happened(case, Type.WOKE, actor=Actor.HOUSE, at=moment)
            woken += 1
    return woken


@transaction.atomic
def close_case(*, by: Person, case: Case, ending: str = Ending.ANSWERED) -> Case:
    """Close a case: answered, needing no answer, or spam. What is spam blocks nobody by itself."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    check_free(case, by)
    if not case.is_open:
        return case
    told = Ending(ending)
    if told == Ending.ANSWERED and case.first_reply_at is None and case.last_out_at is None:
        told = Ending.NO_ANSWER
    now = timezone.now()
    if case.waiting_since is not None:
        happened(case, Type.THANKS, by=by, at=now)
    case.state, case.closed_at, case.ending, case.snoozed_until = Case.State.CLOSED, now, told, None
    case.claimed_by = case.claimed_at = case.claim_until = None
    case.save()
    happened(case, Type.CLOSED, by=by, at=now, ending=told)
    return settle(case)


@transaction.atomic
def reopen_case(*, by: Person, case: Case) -> Case:
    """Take a closed case up again."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    if case.is_open:
        return case
    if case.merged_into_id is not None:
        raise ValidationError(_("This case is part of another. Go on there."))
    case.cycle += 1
    case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
    case.save()
    happened(case, Type.REOPENED, by=by)
    return settle(case)


@transaction.atomic
def needs_no_answer(*, by: Person, case: Case) -> Case:
    """Say that their last words ("thank you") need no answer: nobody waits any more, and nothing
    counts as late."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    check_free(case, by)
    _check_open(case)
    if case.waiting_since is None:
        return case
    happened(case, Type.THANKS, by=by)
    case.state = Case.State.WAITING
    return settle(case)


@transaction.atomic
def set_priority(*, by: Person, case: Case, priority: int) -> Case:
    """First, usual or last."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    if priority not in (-1, 0, 1) or priority == case.priority:
        return case
    was, case.priority = case.priority, priority
    case.save(update_fields=["priority"])
    happened(case, Type.PRIORITY, by=by, was=was, now=priority)
    set_due(case)
    return case


@transaction.atomic
def merge_cases(*, by: Person, case: Case, into: Case) -> Case:
    """Let one case go on in another: what was said moves there, in its order; the other closes and leads
    there. Gives the one that stays. Raises ValidationError for a case that is part of one already, and for
    two of different networks or kinds: the answer to a mail would leave on a public network."""
    directory_policy.require(by, policy.may_act_in, case)
    directory_policy.require(by, policy.may_act_in, into)
    if case.pk == into.pk:
        raise ValidationError({"into": _("This is the same case.")})
    # Always in one order: two who join the same two the other way round do not wait for each other.
    held = {one.pk: locked(one) for one in sorted((case, into), key=lambda one: one.pk)}
    case, into = held[case.pk], held[into.pk]
    if case.merged_into_id is not None or into.merged_into_id is not None:
        raise ValidationError({"into": _("One of the two is part of another case already.")})
    if (case.network, case.kind) != (into.network, into.kind):
        raise ValidationError(
            {"into": _("Cases of one network only: an answer leaves where they wrote.")}
        )
    if case.identity.contact_id != into.identity.contact_id:
        raise ValidationError(
            {"into": _("These are cases of two people. Say first that they are one, if they are.")}
        )
    moved = list(Message.objects.filter(case=case).order_by("seq"))
    now = timezone.now()
    happened(into, Type.MERGED, by=by, at=now, case=case.pk, messages=len(moved))
    if into.state == Case.State.CLOSED:
        into.cycle += 1
        into.state, into.closed_at, into.ending = Case.State.TODO, None, ""
    _move(moved, into)
    Case.objects.filter(merged_into=case).update(merged_into=into)
    ColleagueQuestion.objects.filter(case=case).update(case=into)
    writing = list(Draft.objects.filter(case=into).values_list("by", flat=True))
    Draft.objects.filter(case=case).exclude(by__in=writing).update(case=into)
    case.state, case.closed_at, case.ending, case.merged_into = (
        Case.State.CLOSED, now, Ending.MERGED, into,
    )  # fmt: skip
    case.claimed_by = case.claimed_at = case.claim_until = None
    case.last_in = case.last_in_at = case.waiting_since = None
    case.save()
    happened(case, Type.CLOSED, by=by, at=now, ending=Ending.MERGED)
    set_due(case)
    into = settle(into)
    if into.waiting_since is not None and into.state in (Case.State.WAITING, Case.State.SNOOZED):
        into.state, into.snoozed_until = Case.State.TODO, None
        into = settle(into)
    return into


@transaction.atomic
def split_case(*, by: Person, case: Case, messages: Sequence[Message]) -> Case:
    """Take some of what was said out of a case, into one of its own. Raises ValidationError when nothing
    of theirs would be in the new one, or nothing would be left."""
    directory_policy.require(by, policy.may_act_in, case)
    case = locked(case)
    moved = [one for one in messages if one.case_id == case.pk]
    theirs = [one for one in moved if one.kind == Message.Kind.THEIRS]
    kept = Message.objects.filter(case=case, kind=Message.Kind.THEIRS)
    if not theirs:
        raise ValidationError(_("Choose at least one message of theirs."))
    if not kept.exclude(pk__in=[one.pk for one in moved]).exists():
        raise ValidationError(_("Leave at least one message of theirs here."))
    now = timezone.now()
    apart = Case.objects.create(
        identity=case.identity, network=case.network, source=case.source,
        thread=f"{case.thread[:270]}#{theirs[0].pk}", kind=case.kind, team_id=case.team_id,
        assignee_id=case.assignee_id, priority=case.priority, language=case.language,
        needs_approval=case.needs_approval, opened_at=theirs[0].received_at,
    )  # fmt: skip
    happened(apart, Type.OPENED, by=by, at=now, case=case.pk)
    happened(case, Type.SPLIT, by=by, at=now, case=apart.pk, messages=len(moved))
    _move(moved, apart)
    for one in theirs:
        happened(apart, Type.CAME_IN, actor=Actor.CUSTOMER, at=one.received_at, message=one)
    settle(case)
    return settle(apart)


@transaction.atomic
def block_identity(*, by: Person, identity: Identity, why: str) -> Identity:
    """Take nothing in any more of an account that only sends spam or abuse; what is there stays. Raises
    ValidationError without a reason."""
    directory_policy.require(by, policy.may_answer)
    reason = " ".join(why.split())
    if not reason:
        raise ValidationError({"why": _("Say why: a colleague may have to explain it.")})
    identity.blocked_at, identity.blocked_why = timezone.now(), reason[:200]
    identity.save(update_fields=["blocked_at", "blocked_why"])
    trail.record(
        by, "blocked an account", identity
    )  # why stands beside the account, and goes with it
    return identity


@transaction.atomic
def unblock_identity(*, by: Person, identity: Identity) -> Identity:
    """Take in again what an account says."""
    directory_policy.require(by, policy.may_answer)
    identity.blocked_at, identity.blocked_why = None, ""
    identity.save(update_fields=["blocked_at", "blocked_why"])
    trail.record(by, "unblocked an account", identity)
    return identity


def each_of(
    cases: Sequence[Case], do: Callable[[Case], object]
) -> tuple[int, list[tuple[Case, str]]]:
    """Do something with many cases, each on its own: how many it was done with, and those it was not
    done with and why."""
    done, left = 0, []
    for case in cases:
        try:
            do(case)
            done += 1
        except ValidationError as problem:
            left.append((case, " ".join(problem.messages)))
    return done, left


def _move(moved: Sequence[Message], into: Case) -> None:
    """Put messages at the end of another case; what is read is read by when it was said."""
    for message in moved:
        into.last_seq += 1
        Message.objects.filter(pk=message.pk).update(case=into, seq=into.last_seq, cycle=into.cycle)
    into.save(update_fields=["last_seq"])


def _check_open(case: Case) -> None:
    if not case.is_open:
        raise ValidationError(_("This case is closed. Open it again first."))
