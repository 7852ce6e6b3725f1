"""A house that answered for three years: its cases, messages and events, as rows put in by the hundred thousand.

Nothing is taken in, ruled or settled on the way; what stands in the tables is what those would have left.
Posts of people stand in an archive made by `filling`; the newest cases hold one each, older ones are past
what is kept, as in a house that erases. No answer has a row of a delivery.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from bench.archive_growth import NOW

DAYS = 1_000
POSTS = 50_000
EACH, EVENTS = 10, 6
"""Messages and events of a case."""
TODO, WAITING, SNOOZED = 0.030, 0.015, 0.005
"""Shares of the newest cases that are open: one in twenty."""
WORDS = "accu fiets laden winter range bestelling levering garantie monteur afspraak zadel motor".split()

Rows = Iterable[dict[str, Any]]


def fill_state(cases: int, posts: list[tuple[int, datetime, int, str]], agents: list[Any]) -> None:
    """Everything webcare holds; `posts` (id, when, author, native id) stand in the archive, oldest first."""
    from openroads.directory.models import Department, Team
    from openroads.webcare.clocks.models import CaseClock
    from openroads.webcare.models import Case, CaseEvent, Contact, Identity, Message

    care, _made = Department.objects.get_or_create(name="Care")
    teams = [Team.objects.create(name=f"Team {n}", department=care) for n in range(1, 4)]
    people = cases // 2
    keys = _authors(cases, posts)
    put(Contact, ({"id": n, "made_at": NOW} for n in range(1, people + 1)))
    put(Identity, ({"id": n, "contact_id": n, "network": "forum", "author": keys[n]} for n in range(1, people + 1)))  # fmt: skip
    told = [_case(n, cases, posts, teams, agents) for n in range(1, cases + 1)]
    put(Case, told)
    put(Message, (row for case in told for row in _messages(case, agents)))
    put(CaseEvent, (row for case in told for row in _events(case, agents)))
    promised = _promise()
    put(
        CaseClock,
        (
            {
                "id": case["id"], "case_id": case["id"], "cycle": 1, "kind": "next",
                "since": case["waiting_since"], "due_at": case["due_at"], "promised_id": promised,
                "told_at": NOW,
            }
            for case in told
            if case["due_at"] is not None
        ),
    )  # fmt: skip
    settle_numbers([Contact, Identity, Case, Message, CaseEvent, CaseClock])


def put(model: Any, rows: Rows) -> None:
    """Rows of one table; what is not told has the value a new row of it would have."""
    from django.db import connection, transaction

    fields = model._meta.concrete_fields
    usual = [field.get_db_prep_save(getattr(model(), field.attname), connection) for field in fields]  # fmt: skip
    places = {field.attname: (place, field) for place, field in enumerate(fields)}

    def prepared(told: dict[str, Any]) -> list[Any]:
        row = list(usual)
        for name, value in told.items():
            place, field = places[name]
            row[place] = field.get_db_prep_save(value, connection)
        return row

    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for told in rows:
                    copy.write_row(prepared(told))
            return
        marks = ", ".join(["%s"] * len(fields))
        told_rows = iter(rows)
        while some := list(islice(told_rows, 5_000)):
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [prepared(told) for told in some])  # fmt: skip


def settle_numbers(models: list[Any]) -> None:
    """PostgreSQL counts on from the last number, and knows how much there is."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for text in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(text)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # autovacuum does within minutes


def _authors(cases: int, posts: list[tuple[int, datetime, int, str]]) -> dict[int, int]:
    """An author for each person; those of the newest cases wrote what the archive holds."""
    chance, seen, found = random.Random(3), set[int](), {}
    for person in range(1, cases // 2 + 1):
        case = 2 * person  # the newer of their two
        place = case - 1 - (cases - len(posts))
        author = posts[place][2] if place >= 0 else 0
        if not author or author in seen:
            author = chance.getrandbits(62)
        seen.add(author)
        found[person] = author
    return found


def _case(n: int, cases: int, posts: list[Any], teams: list[Any], agents: list[Any]) -> dict[str, Any]:  # fmt: skip
    chance = random.Random(n)
    place, left = n - 1 - (cases - len(posts)), (cases - n) / cases
    begun = NOW - timedelta(days=DAYS) * ((cases - n + 1) / cases)
    said, post, native = (posts[place][1], posts[place][0], posts[place][3]) if place >= 0 else (begun, chance.getrandbits(62), f"old-{n}")  # fmt: skip
    state = "closed"
    if left < TODO + WAITING + SNOOZED:
        drawn = chance.random() * (TODO + WAITING + SNOOZED)
        state = "todo" if drawn < TODO else "waiting" if drawn < TODO + WAITING else "snoozed"
    waits = said if state == "todo" else None
    due = None
    if state == "todo" and chance.random() < 0.7:
        due = datetime.now(UTC) + timedelta(minutes=chance.randrange(-240, 2_880))
    return {
        "id": n, "identity_id": (n + 1) // 2, "network": "forum", "source": 1, "thread": native,
        "state": state, "priority": chance.choices((1, 0, -1), (5, 90, 5))[0],
        "team_id": chance.choice([None, None, *(team.pk for team in teams)]),
        "assignee_id": chance.choice(agents).pk if chance.random() < 0.2 else None,
        "language": "nl", "intent": chance.choice(("question", "complaint", "praise")),
        "product": 1 + n % 3, "opened_at": said - timedelta(hours=2), "first_in_at": said - timedelta(hours=2),
        "last_in_at": said, "last_in": post, "last_out_at": said - timedelta(hours=1), "waiting_since": waits,
        "first_reply_at": said - timedelta(hours=1), "due_at": due, "due_for": "next" if due else "",
        "snoozed_until": datetime.now(UTC) + timedelta(days=2) if state == "snoozed" else None,
        "closed_at": said + timedelta(hours=3) if state == "closed" else None,
        "ending": "answered" if state == "closed" else "", "last_seq": EACH,
    }  # fmt: skip


def _messages(case: dict[str, Any], agents: list[Any]) -> Iterator[dict[str, Any]]:
    """Theirs and ours in turn, a note, and theirs at the end; ours are sentences of some twenty words."""
    n = case["id"]
    chance = random.Random(f"messages {n}")
    for seq in range(1, EACH + 1):
        kind = "note" if seq == 5 else "ours" if seq % 2 == 0 and seq < EACH else "theirs"
        at = case["last_in_at"] - timedelta(minutes=12 * (EACH - seq))
        told = {"id": EACH * (n - 1) + seq, "case_id": n, "seq": seq, "kind": kind, "said_at": at, "received_at": at}  # fmt: skip
        if kind == "theirs":
            yield told | {"post": case["last_in"] if seq == EACH else chance.getrandbits(62)}
            continue
        text = f"Hoi, {' '.join(chance.choices(WORDS, k=20))} {n}."
        asked = kind == "ours" and seq == 8 and case["state"] == "todo" and n % 100 == 0
        yield told | {
            "by_id": chance.choice(agents).pk, "text": text, "approval": "asked" if asked else "",
        }  # fmt: skip


def _events(case: dict[str, Any], agents: list[Any]) -> Iterator[dict[str, Any]]:
    n = case["id"]
    types = ("opened", "came_in", "claimed", "replied", "came_in", "closed" if case["closed_at"] else "handed")  # fmt: skip
    for place, kind in enumerate(types):
        yield {
            "id": EVENTS * (n - 1) + place + 1, "case_id": n, "cycle": 1, "type": kind,
            "at": case["opened_at"] + timedelta(minutes=20 * place), "network": "forum",
            "actor": "customer" if kind == "came_in" else "rule" if kind == "opened" else "human",
            "by_id": None if kind in ("came_in", "opened") else agents[n % len(agents)].pk,
        }  # fmt: skip


def _promise() -> int:
    """The one promise all clocks run by: two hours on working days."""
    from openroads.directory.people import system_person
    from openroads.webcare.clocks import actions
    from openroads.webcare.clocks.models import WorkCalendar

    by = system_person()
    week = [[[540, 1020]]] * 5 + [[], []]
    actions.set_calendar(by=by, name="Office", week=week, zone="Europe/Amsterdam", holidays={})
    calendar = WorkCalendar.objects.get()
    return int(
        actions.set_policy(
            by=by, name="Usual", first_minutes=120, next_minutes=240, calendar=calendar
        ).pk
    )
