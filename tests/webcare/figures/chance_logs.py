"""A house whose log is written by chance: every kind of line, in orders that happen and in some that hardly do."""

import random
from typing import Any

from openroads.directory.models import Team
from openroads.webcare.clocks.models import (
    TargetPolicy,
    TargetPolicyVersion,
    WorkCalendar,
    WorkCalendarVersion,
)
from openroads.webcare.happening import Actor, Type
from openroads.webcare.models import Case, CaseEvent, Contact, Identity, Message
from tests.webcare.logs import after

DAY = 24 * 60
STEPS = (
    "came_in", "came_in", "replied", "replied", "by_rule", "answered_before", "waits", "thanks", "closed",
    "closed", "failed", "took_back", "snoozed", "woke", "handed", "claimed", "surveyed", "scored", "priority",
)  # fmt: skip
ENDINGS = ("answered", "answered", "no_answer", "spam")


class ChanceHouse:
    """Cases whose logs grow by chance; `minute` is how far it is, after the Monday of the logs."""

    def __init__(self, seed: int, by: Any) -> None:
        self.chance, self.by, self.minute = random.Random(seed), by, -20.0 * DAY
        self.teams: list[Team | None] = [None, *(Team.objects.create(name=f"Desk {n}") for n in range(2))]  # fmt: skip
        self.cases: list[Case] = []

    def lives(self, steps: int) -> None:
        """So many things happen, in new cases and in old ones."""
        for _n in range(steps):
            self.minute += self.chance.expovariate(1 / 90)
            if not self.cases or self.chance.random() < 0.12:
                self._opens()
            elif self.chance.random() < 0.04:
                self._merges()
            else:
                self._goes_on(self.chance.choice(self.cases))

    def promises(self) -> None:
        """New hours, or a new promise, from about now on."""
        since, n = (
            after(self.minute - self.chance.choice((0, 0, 600))),
            WorkCalendar.objects.count(),
        )
        if self.chance.random() < 0.5 or not n:
            calendar = WorkCalendar.objects.order_by("?").first() if n and self.chance.random() < 0.6 else None  # fmt: skip
            calendar = calendar or WorkCalendar.objects.create(name=f"Hours {n}")
            begin = self.chance.choice((480, 540, 600))
            WorkCalendarVersion.objects.create(
                calendar=calendar, number=calendar.versions.count() + 1, holds_from=since, set_by=self.by,
                zone="Europe/Amsterdam", week=[[[begin, 1020]]] * 5 + [[], []],
            )  # fmt: skip
            return
        policy, _new = TargetPolicy.objects.get_or_create(name=self.chance.choice("ABC"))
        matches: dict[str, Any] = self.chance.choice(
            ({}, {"network": ["x"]}, {"priority": [1]}, {"team": [self.teams[1].pk]})  # type: ignore[union-attr]
        )
        TargetPolicyVersion.objects.create(
            policy=policy, number=policy.versions.count() + 1, holds_from=since, set_by=self.by,
            place=self.chance.randrange(3), matches=matches, first_minutes=self.chance.choice((None, 60)),
            next_minutes=120, resolution_minutes=self.chance.choice((None, 2 * DAY)),
            calendar=self.chance.choice((None, WorkCalendar.objects.first())),
            ended=self.chance.random() < 0.2,
        )  # fmt: skip

    def _opens(self) -> None:
        network, n = self.chance.choice(("x", "bluesky")), len(self.cases)
        contact = Contact.objects.create()
        case = Case.objects.create(
            identity=Identity.objects.create(contact=contact, network=network, author=n + 1),
            network=network, source=1, thread=f"t{n}", opened_at=after(self.minute),
            kind=self.chance.choice(("public", "public", "private")), team=self.chance.choice(self.teams),
        )  # fmt: skip
        self.cases.append(case)
        self._line(case, Type.OPENED, Actor.HOUSE)
        self._goes_on(case, "came_in" if self.chance.random() < 0.9 else "replied")

    def _goes_on(self, case: Case, what: str = "") -> None:
        what = what or self.chance.choice(STEPS)
        if case.merged_into_id is not None or (not case.is_open and what in ("waits", "thanks", "closed", "snoozed")):  # fmt: skip
            return
        if what == "came_in":
            if not case.is_open:
                case.cycle += 1
                self._open(case)
                self._line(case, Type.REOPENED, Actor.HOUSE)
            self._line(case, Type.CAME_IN, Actor.CUSTOMER, message=self._says(case, "theirs"))
        elif what in ("replied", "by_rule", "answered_before"):
            before = self.chance.expovariate(1 / 60) if what == "answered_before" else 0
            actor = Actor.RULE if what == "by_rule" else Actor.HUMAN
            message = self._says(case, "ours")
            self._line(case, Type.REPLIED, actor, message=message, before=before)
        elif what in ("failed", "took_back"):
            ours = Message.objects.filter(case=case, kind="ours").order_by("?").first()
            if ours is not None:
                self._open(case)
                self._line(case, what, Actor.HOUSE, message=ours)
        elif what == "closed":
            self._closes(case, self.chance.choice(ENDINGS))
        elif what == "handed":
            case.team = self.chance.choice(self.teams)
            case.save()
            self._line(case, Type.HANDED, Actor.HUMAN)
        elif what == "priority":
            case.priority = self.chance.choice((0, 1))
            case.save()
            self._line(case, Type.PRIORITY, Actor.HUMAN)
        elif what in ("surveyed", "scored"):
            told = {"score": self.chance.randint(1, 5)} if what == "scored" else {}
            self._line(case, what, Actor.HOUSE, cycle=self.chance.randint(1, case.cycle), **told)
        else:
            self._line(case, what, Actor.HUMAN)

    def _merges(self) -> None:
        """What was said in one goes on in another."""
        there = [case for case in self.cases if case.merged_into_id is None]
        if len(there) < 2:
            return
        case, into = self.chance.sample(there, 2)
        self._line(into, Type.MERGED, Actor.HUMAN)
        if not into.is_open:
            into.cycle += 1
            self._open(into)
        Message.objects.filter(case=case).update(case=into, cycle=into.cycle)
        case.merged_into = into
        self._closes(case, "merged")

    def _closes(self, case: Case, ending: str) -> None:
        if self.chance.random() < 0.3:
            self._line(case, Type.THANKS, Actor.HUMAN)
        self._line(case, Type.CLOSED, Actor.HUMAN, ending=ending)
        case.state, case.closed_at, case.ending = Case.State.CLOSED, after(self.minute), ending
        case.save()

    def _open(self, case: Case) -> None:
        case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
        case.save()

    def _says(self, case: Case, kind: str) -> Message:
        """Numbered by itself: messages move between cases here without being numbered anew."""
        n = Message.objects.count() + 1
        return Message.objects.create(case=case, seq=n, cycle=case.cycle, kind=kind, said_at=after(self.minute))  # fmt: skip

    def _line(
        self, case: Case, type: str, actor: str, *, message: Any = None, before: float = 0, **data: Any
    ) -> None:  # fmt: skip
        CaseEvent.objects.create(
            case=case, cycle=case.cycle, type=type, actor=actor, at=after(self.minute - before),
            team_id=case.team_id, network=case.network, message=message, data=data,
        )  # fmt: skip
