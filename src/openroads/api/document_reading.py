"""The reading half of the OpenAPI document: lists and single ones of conversations, insights and changes."""

from collections.abc import Mapping
from typing import Any, Final

from openroads.api.asking import MOST, PAGE
from openroads.api.reading import CASE_FILTERS, CHANGE_FILTERS, INSIGHT_FILTERS
from openroads.changes.models import Change, Decision, Evidence, Insight, Measurement
from openroads.webcare.models import Case, Message

Schema = dict[str, Any]

PROBLEMS: Final = {
    "400": "The address asks for something that cannot be; `parameter` says which part.",
    "401": "The key is missing, unknown, ended, or of somebody who may not sign in.",
    "403": "The key does not read this kind.",
    "405": "Another method than GET or HEAD.",
    "429": "More than 120 requests in a minute; Retry-After says when to come back.",
}
ABSENT: Final = "There is none, or the person this key stands for does not see it."

TEXT: Final[Schema] = {"type": "string"}
MAYBE: Final[Schema] = {"type": ["string", "null"]}
NUMBER: Final[Schema] = {"type": "integer"}
COUNT: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
RATE: Final[Schema] = {"type": ["number", "null"]}
MOMENT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
DAY: Final[Schema] = {"type": ["string", "null"], "format": "date"}
MONEY: Final[Schema] = {"type": ["string", "null"], "description": "A decimal number."}
PART: Final[Schema] = {
    "type": ["object", "null"], "properties": {"id": NUMBER, "name": TEXT}, "required": ["id", "name"],
}  # fmt: skip

LISTS: Final = (
    ("cases", "Case", "CaseWithMessages", "conversations", CASE_FILTERS),
    ("insights", "Insight", "InsightWithEvidence", "insights", INSIGHT_FILTERS),
    ("changes", "Change", "ChangeWithMeasurements", "changes", CHANGE_FILTERS),
)
"""What is read: the word in the address, one in a list, one by itself, what it is called, what narrows it."""


def paths() -> Schema:
    """Every address for reading."""
    found: Schema = {}
    for name, one, whole, called, filters in LISTS:
        found[f"/api/v1/{name}"] = {"get": _list(name, one, called, filters)}
        found[f"/api/v1/{name}/{{number}}"] = {"get": _single(name, whole, called)}
    return found


def schemas() -> Schema:
    """What is answered."""
    case, insight, change = _case(), _insight(), _change()
    more_of_insight = {
        "explanation": MAYBE,
        "evidence": _many(_evidence()),
        "decisions": _many(_decision()),
    }
    more_of_change = {"measurements": _many(_measurement()), "told_back": _reach()}
    return {
        "Case": _object(case),
        "CaseWithMessages": _object({**case, "messages": _many(_message())}),
        "Insight": _object(insight),
        "InsightWithEvidence": _object({**insight, **more_of_insight}),
        "Change": _object(change),
        "ChangeWithMeasurements": _object({**change, **more_of_change}),
    }


SCHEMES: Final[Schema] = {
    "readingKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key for reading, made by an administrator (Settings, Keys for reading). It sees what "
        "one person sees, and words and names of people outside only where it was made with them.",
    }
}


def _list(name: str, one: str, called: str, filters: Mapping[str, Any]) -> Schema:
    page = _object({
        "items": {"type": "array", "items": _ref(one), "maxItems": MOST},
        "next": {"type": ["string", "null"], "format": "uri", "description": "The address of the page behind it."},
    })  # fmt: skip
    asked = [_asked(each, {"enum": list(kinds)} if kinds else {**NUMBER, "minimum": 1}) for each, kinds in filters.items()]  # fmt: skip
    return {
        "operationId": f"list{name.title()}",
        "summary": f"Read {called}",
        "description": "The newest first. Follow `next` until it is null; nothing is skipped or told twice while "
        "things change meanwhile.",
        "security": [{"readingKey": []}],
        "parameters": [
            *asked,
            _asked("since", TEXT, "Opened at or after: a day in the zone of the house, or a moment."),
            _asked("until", TEXT, "Opened before it."),
            _asked("limit", {**NUMBER, "minimum": 1, "maximum": MOST, "default": PAGE}),
            _asked("cursor", TEXT, "Stands in `next`."),
        ],
        "responses": _answers(page, {}),
    }  # fmt: skip


def _single(name: str, whole: str, called: str) -> Schema:
    return {
        "operationId": f"read{name.title()}One",
        "summary": f"Read one of the {called}",
        "security": [{"readingKey": []}],
        "parameters": [{"name": "number", "in": "path", "required": True, "schema": NUMBER}],
        "responses": _answers(_ref(whole), {"404": ABSENT}),
    }


def _answers(answer: Schema, more: Mapping[str, str]) -> Schema:
    problem = {"application/problem+json": {"schema": _ref("Problem")}}
    return {
        "200": {"description": "Here it is.", "content": {"application/json": {"schema": answer}}},
        **{
            status: {"description": why, "content": problem}
            for status, why in sorted({**PROBLEMS, **more}.items())
        },
    }


def _case() -> Schema:
    contact = {"id": NUMBER, "name": {**TEXT, "description": "A pseudonym, always the same; or a name."}, "handle": MAYBE}  # fmt: skip
    moments = (
        "opened_at", "first_in_at", "last_in_at", "first_reply_at", "last_out_at", "waiting_since",
        "snoozed_until", "due_at", "closed_at",
    )  # fmt: skip
    return {
        "number": NUMBER,
        "url": _uri(),
        "state": _choice(Case.State.values),
        "kind": _choice(Case.Kind.values),
        "network": TEXT,
        "cycle": {**NUMBER, "description": "1, and one more each time it is opened again."},
        "priority": {"enum": [-1, 0, 1]},
        "contact": _object(contact),
        "team": PART,
        "assignee": MAYBE,
        "language": MAYBE,
        "says": {**MAYBE, "description": "question, complaint, praise or other."},
        "product": MAYBE,
        "topics": _many({"id": NUMBER, "name": TEXT}),
        "needs_approval": {"type": "boolean"},
        **dict.fromkeys(moments, MOMENT),
        "ending": _choice([*Case.Ending.values, None]),
        "merged_into": COUNT,
        "insight": {**MAYBE, "description": "The code of the insight it is evidence of."},
    }


def _message() -> Schema:
    return {
        "seq": NUMBER,
        "cycle": NUMBER,
        "kind": _choice(Message.Kind.values),
        "private": {"type": "boolean"},
        "by": {**MAYBE, "description": "A colleague; null for people outside."},
        "said_at": MOMENT,
        "received_at": MOMENT,
        "state": {**MAYBE, "description": "Of ours: asked, refused, due, sending, sent, retry, …"},
        "text": {**MAYBE, "description": "null without sight, and for what is held no longer."},
        "url": MAYBE,
    }


def _insight() -> Schema:
    return {
        "code": TEXT,
        "number": NUMBER,
        "url": _uri(),
        "title": TEXT,
        "state": _choice(Insight.State.values),
        "department": PART,
        "owner": MAYBE,
        "opened_by": MAYBE,
        "first_on": {**DAY, "description": "The day of the first post among its evidence."},
        "opened_at": MOMENT,
        "decide_by": {**MOMENT, "description": "While it waits."},
        "closed_at": MOMENT,
        "closed_why": MAYBE,
        "joined_to": MAYBE,
        "change": MAYBE,
    }


def _evidence() -> Schema:
    quote = {"said_at": MOMENT, "network": TEXT, "text": TEXT}
    return {
        "kind": _choice(Evidence.Kind.values),
        "name": TEXT,
        "since": DAY,
        "until": DAY,
        "counted_at": MOMENT,
        "posts": COUNT,
        "people": COUNT,
        "cases": COUNT,
        "net_sentiment": RATE,
        "quotes": {**_many(quote), "type": ["array", "null"], "description": "null without sight."},
    }


def _decision() -> Schema:
    return {
        "answer": _choice(Decision.Answer.values),
        "reason": TEXT,
        "may_cost_at_most": MONEY,
        "back_on": DAY,
        "by": MAYBE,
        "at": MOMENT,
    }


def _change() -> Schema:
    days = ("decided_on", "first_due_on", "due_on", "live_on")
    return {
        "code": TEXT,
        "number": NUMBER,
        "url": _uri(),
        "title": TEXT,
        "about": MAYBE,
        "state": _choice(Change.State.values),
        "department": PART,
        "owner": MAYBE,
        "insight": TEXT,
        "opened_at": MOMENT,
        **dict.fromkeys(days, DAY),
        "what": {**MAYBE, "description": "What is different now."},
        "proof": MAYBE,
        "proof_url": MAYBE,
        "tracker": _object({"key": MAYBE, "url": MAYBE}),
        "cost": MONEY,
        **dict.fromkeys(("told_on", "measured_on", "stopped_on"), DAY),
        "stopped_why": MAYBE,
    }


def _measurement() -> Schema:
    rates = (
        "before_rate", "before_low", "before_high", "after_rate", "after_low", "after_high",
        "ratio", "ratio_low", "ratio_high", "control", "control_low", "control_high",
    )  # fmt: skip
    return {
        "on": DAY,
        "verdict": _choice(Measurement.Verdict.values),
        "since": DAY,
        "until": DAY,
        "before_posts": COUNT,
        "after_posts": COUNT,
        **dict.fromkeys(rates, RATE),
    }


def _reach() -> Schema:
    counts = dict.fromkeys(("people", "heard", "out_of_reach", "wrote_back"), NUMBER)
    return {**_object(counts), "type": ["object", "null"]}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}  # fmt: skip


def _many(properties: Schema) -> Schema:
    return {"type": "array", "items": _object(properties)}


def _choice(values: list[Any]) -> Schema:
    return {"enum": list(values)}


def _uri() -> Schema:
    return {"type": "string", "format": "uri", "description": "Its page in the house."}


def _asked(name: str, schema: Schema, told: str = "") -> Schema:
    return {"name": name, "in": "query", "schema": schema, **({"description": told} if told else {})}  # fmt: skip


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
