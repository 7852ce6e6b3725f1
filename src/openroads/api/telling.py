"""Cases, insights and changes as programs are told them: plain values, moments in UTC, and no word or name of
people outside unless the reader may have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import reverse

from openroads.analysis.pseudonyms import pseudonym
from openroads.archive.queries.cases import Collected, Said
from openroads.changes.change_queries import Reach
from openroads.changes.models import Change, Decision, Evidence, Insight, Measurement
from openroads.webcare.models import Case, Message
from openroads.webcare.pages import name_of

Told = dict[str, Any]


@dataclass(frozen=True)
class Around:
    """What cases are told with: names of topics and products, and, only for who may have them, what people
    said, by post, and their last word, by case."""

    topics: Mapping[int, str] = field(default_factory=dict)
    products: Mapping[int, str] = field(default_factory=dict)
    posts: Mapping[int, Collected] | None = None
    last: Mapping[int, Said] = field(default_factory=dict)


def case_told(case: Case, around: Around) -> Told:
    """One case as a list tells it."""
    return {
        "number": case.pk,
        "url": _address("webcare:case", case.pk),
        "state": case.state,
        "kind": case.kind,
        "network": case.network,
        "cycle": case.cycle,
        "priority": case.priority,
        "contact": _contact(case, around),
        "team": _part(case.team),
        "assignee": _person(case.assignee),
        "language": case.language or None,
        "says": case.intent or None,
        "product": around.products.get(case.product or 0),
        "topics": [{"id": one, "name": around.topics[one]} for one in case.topics if one in around.topics],
        "needs_approval": case.needs_approval,
        "opened_at": moment(case.opened_at),
        "first_in_at": moment(case.first_in_at),
        "last_in_at": moment(case.last_in_at),
        "first_reply_at": moment(case.first_reply_at),
        "last_out_at": moment(case.last_out_at),
        "waiting_since": moment(case.waiting_since),
        "snoozed_until": moment(case.snoozed_until),
        "due_at": moment(case.due_at),
        "closed_at": moment(case.closed_at),
        "ending": case.ending or None,
        "merged_into": case.merged_into_id,
        "insight": case.insight or None,
    }  # fmt: skip


def message_told(message: Message, around: Around) -> Told:
    """One word in a case: who said it, when, and what became of it; the word itself only where there is sight."""
    delivery = message.delivery
    text = address = None
    if around.posts is not None:
        post = around.posts.get(message.post) if message.post is not None else None
        text = message.text if message.post is None or message.text else post.text if post else None
        address = post.url if post else (delivery.receipt_url if delivery else "") or message.elsewhere_url  # fmt: skip
    state = message.approval if message.approval in ("asked", "refused") else delivery.state if delivery else None  # fmt: skip
    return {
        "seq": message.seq,
        "cycle": message.cycle,
        "kind": message.kind,
        "private": message.private,
        "by": _person(message.by),
        "said_at": moment(message.said_at),
        "received_at": moment(message.received_at),
        "state": state,
        "text": text,
        "url": address or None,
    }


def insight_told(insight: Insight, change: Change | None) -> Told:
    """One insight as a list tells it: the company's own sentence, and its clocks."""
    return {
        "code": insight.code,
        "number": insight.number,
        "url": _address("changes:insight", insight.number),
        "title": insight.title,
        "state": insight.state,
        "department": _part(insight.department),
        "owner": _person(insight.owner),
        "opened_by": _person(insight.opened_by),
        "first_on": _day(insight.first_on),
        "opened_at": moment(insight.opened_at),
        "decide_by": moment(insight.decide_by) if insight.is_open else None,
        "closed_at": moment(insight.closed_at),
        "closed_why": insight.closed_why or None,
        "joined_to": insight.joined_to.code if insight.joined_to else None,
        "change": change.code if change else None,
    }


def evidence_told(evidence: Evidence, *, words: bool) -> Told:
    """A set an insight rests on as it was counted; the words quoted with it only where there is sight."""
    quotes = [one for one in evidence.samples.all() if not one.removed_on]
    return {
        "kind": evidence.kind,
        "name": evidence.name,
        "since": _day(evidence.since),
        "until": _day(evidence.until),
        "counted_at": moment(evidence.as_of),
        "posts": evidence.posts,
        "people": evidence.people,
        "cases": evidence.cases,
        "net_sentiment": evidence.net,
        "quotes": [
            {"said_at": moment(one.published_at), "network": one.network, "text": one.text}
            for one in quotes
        ] if words else None,
    }  # fmt: skip


def decision_told(decision: Decision) -> Told:
    """What a department answered."""
    return {
        "answer": decision.answer,
        "reason": decision.reason,
        "may_cost_at_most": _amount(decision.cost_ceiling),
        "back_on": _day(decision.back_on),
        "by": _person(decision.decided_by),
        "at": moment(decision.decided_at),
    }


def change_told(change: Change) -> Told:
    """One change as a list tells it."""
    return {
        "code": change.code,
        "number": change.number,
        "url": _address("changes:change", change.number),
        "title": change.title,
        "about": change.about or None,
        "state": change.state,
        "department": _part(change.department),
        "owner": _person(change.owner),
        "insight": change.insight.code,
        "opened_at": moment(change.opened_at),
        "decided_on": _day(change.decided_on),
        "first_due_on": _day(change.first_due_on),
        "due_on": _day(change.due_on),
        "live_on": _day(change.live_on),
        "what": change.what or None,
        "proof": change.proof or None,
        "proof_url": change.proof_url or None,
        "tracker": {"key": change.tracker_key or None, "url": change.tracker_url or None},
        "cost": _amount(change.cost),
        "told_on": _day(change.told_on),
        "measured_on": _day(change.measured_on),
        "stopped_on": _day(change.stopped_on),
        "stopped_why": change.stopped_why or None,
    }


def measurement_told(measured: Measurement) -> Told:
    """One measuring: rates are posts in a thousand of the set, the ratio after as a part of before."""
    pairs = ("before_rate", "before_low", "before_high", "after_rate", "after_low", "after_high")
    more = ("ratio", "ratio_low", "ratio_high", "control", "control_low", "control_high")
    return {
        "on": _day(measured.on),
        "verdict": measured.verdict,
        "since": _day(measured.since),
        "until": _day(measured.until),
        "before_posts": measured.before_posts,
        "after_posts": measured.after_posts,
        **{name: getattr(measured, name) for name in (*pairs, *more)},
    }


def reach_told(reach: Reach | None) -> Told | None:
    """How many of those who raised it heard; counts, and nobody's name."""
    if reach is None:
        return None
    return {
        "people": reach.people, "heard": reach.heard, "out_of_reach": reach.out, "wrote_back": reach.back,
    }  # fmt: skip


def posts_wanted(messages: Sequence[Message]) -> list[Message]:
    """The messages whose words stand in the archive."""
    return [one for one in messages if one.post is not None]


def moment(value: datetime | None) -> str | None:
    """A moment in UTC, to the second; None for none."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _contact(case: Case, around: Around) -> Told:
    """Who it is with: a pseudonym, the same as on every page, or name and handle for who may have them."""
    if around.posts is None:
        return {
            "id": case.identity.contact_id,
            "name": pseudonym(case.identity.author),
            "handle": None,
        }
    post = around.last.get(case.pk)
    handle = post.author if post is not None else None
    return {"id": case.identity.contact_id, "name": name_of(post), "handle": handle or None}


def _part(part: Model | None) -> Told | None:
    return {"id": part.pk, "name": str(part)} if part is not None else None


def _person(person: Model | None) -> str | None:
    return str(person) if person is not None else None


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _amount(value: Any) -> str | None:
    return str(value) if value is not None else None


def _address(name: str, number: int) -> str:
    return f"{settings.OPENROADS.url.rstrip('/')}{reverse(name, args=(number,))}"
