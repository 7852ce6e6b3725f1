"""Reading changes: which exist for somebody, by state and department, their history and figures."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from openroads.changes import policy, queries
from openroads.changes.models import (
    Change,
    Evidence,
    Measurement,
    PublicWord,
    Sample,
    Telling,
    Told,
    TrackerDoor,
    TrackerMove,
)
from openroads.directory.models import Department, Person, TrailEntry

KIND = Change._meta.label_lower
RELATED = ("insight__department", "insight__opened_by", "decision__decided_by", "department__head", "owner")  # fmt: skip


def changes_for(person: Person) -> QuerySet[Change]:
    """Changes this person may see, by number: of the departments whose insights they see, and their own,
    whatever their role."""
    found = Change.objects.select_related(*RELATED)
    mine = Q(owner=person)
    if not policy.may_see_insights(person):
        return found.filter(mine)
    if not policy.sees_every_insight(person):
        return found.filter(mine | Q(department__in=queries.headed_by(person)) | Q(insight__opened_by=person))  # fmt: skip
    return found


def may_see_changes(person: Person) -> bool:
    """Whether there is anything of changes for somebody: by role, or because one is theirs."""
    return policy.may_see_insights(person) or Change.objects.filter(owner=person).exists()


def whole(changes: QuerySet[Change]) -> QuerySet[Change]:
    """The same with everything their page shows."""
    evidence = Evidence.objects.select_related("added_by").prefetch_related(
        Prefetch("samples", queryset=Sample.objects.order_by("pk"))
    )
    return changes.prefetch_related(
        Prefetch("insight__evidence", queryset=evidence),
        Prefetch("measurements", queryset=Measurement.objects.order_by("on", "pk")),
        Prefetch("moves", queryset=TrackerMove.objects.select_related("door").order_by("came_at")),
    )


@dataclass(frozen=True)
class ListedChanges:
    """The changes of one state, how many stand in each, and the departments that have any."""

    changes: list[Change]
    counts: dict[str, int]
    departments: list[Department]
    department: int


def list_changes(person: Person, state: str, department: str = "") -> ListedChanges:
    """What the list shows somebody, those due first; of a department (its number) or of all."""
    every = changes_for(person)
    chosen = int(department) if department.isdecimal() and len(department) < 10 else 0
    within = every.filter(department=chosen) if chosen else every
    counts = dict(within.order_by().values_list("state").annotate(n=Count("pk")))
    order = {
        Change.State.MAKING: ("due_on", "number"),
        Change.State.STOPPED: ("-stopped_on", "-number"),
    }.get(Change.State(state), ("-live_on", "-number"))
    shown = within.filter(state=state).prefetch_related("measurements")
    having = Department.objects.filter(pk__in=every.order_by().values("department"))
    return ListedChanges(
        list(shown.order_by("department__name", *order)),
        {value: counts.get(value, 0) for value in Change.State.values},
        list(having.order_by("name")),
        chosen,
    )


def history_of(change: Change) -> list[TrailEntry]:
    """What was done to a change and to the insight it came from, oldest first."""
    ours = Q(kind=KIND, thing=str(change.pk))
    begun = Q(kind=queries.KIND, thing=str(change.insight_id))
    return list(
        TrailEntry.objects.filter(ours | begun).select_related("by").order_by("at", "number")
    )


@dataclass(frozen=True)
class Reach:
    """Who heard of those who raised it. Each person is in one of these, but `back` (wrote back), who
    heard it too."""

    people: int = 0
    draft: int = 0
    waiting: int = 0
    heard: int = 0
    out: int = 0
    skipped: int = 0
    refused: int = 0
    back: int = 0


def reach_of(change: Change) -> Reach | None:
    """How far the telling came; None before it was begun."""
    if not hasattr(change, "telling"):
        return None
    rows = Told.objects.filter(telling__change=change).order_by().values_list("state")
    counts = dict(rows.annotate(n=Count("pk")))
    back = Told.objects.filter(telling__change=change, back_at__isnull=False).count()
    return Reach(sum(counts.values()), back=back, **{str(state): n for state, n in counts.items()})


def telling_of(change: Change) -> Telling | None:
    """The telling of a change, when it was begun."""
    return Telling.objects.filter(change=change).select_related("change").first()


def out_of_reach(telling: Telling) -> list[tuple[str, int]]:
    """Why people are out of reach, and how many for each reason, most first."""
    rows = telling.people.filter(state=Told.State.OUT).order_by().values_list("why")
    found = sorted(rows.annotate(n=Count("pk")), key=lambda row: -row[1])
    return [(str(Told.Why(why).label) if why else "", n) for why, n in found]


def answer_back(change: Change) -> Told | None:
    """The newest words somebody wrote back, without who it was."""
    rows = Told.objects.filter(telling__change=change).exclude(back_text="")
    return rows.order_by("-back_at", "-pk").first()


def public_word(change: Change) -> PublicWord | None:
    """What everybody may read of it now."""
    return PublicWord.objects.filter(insight=change.insight_id, ended_at=None).first()


def public_words() -> list[PublicWord]:
    """Everything on the public page, the newest first."""
    return list(PublicWord.objects.filter(ended_at=None).order_by("-published_at", "-pk"))


@dataclass(frozen=True)
class PublicEntry:
    """One answer as everybody reads it, in one language; `heard` is how many of those who raised it were
    told, None where nobody was to be told (yet). Nobody is named."""

    word: PublicWord
    said: str
    did: str
    heard: int | None

    @property
    def mark(self) -> str:
        """The name of its place on the page: the code of the change or insight it came from."""
        return f"answer-{self.word.pk}"


def public_entries(language: str) -> list[PublicEntry]:
    """Everything on the public page in a language, the newest first, with how many were told."""
    words = public_words()
    insights = [word.insight_id for word in words]
    told = Told.objects.filter(
        telling__change__decision__insight__in=insights, state=Told.State.HEARD
    ).order_by()
    heard = dict(told.values_list("telling__change__decision__insight").annotate(n=Count("pk")))
    dutch = language == "nl"
    return [
        PublicEntry(
            word, word.said_nl if dutch else word.said_en, word.did_nl if dutch else word.did_en,
            heard.get(word.insight_id),
        )
        for word in words
    ]  # fmt: skip


def doors_for(person: Person) -> QuerySet[TrackerDoor]:
    """The addresses of trackers, for who keeps them."""
    if not policy.may_keep_trackers(person):
        return TrackerDoor.objects.none()
    return TrackerDoor.objects.select_related("made_by").order_by("ended_at", "name", "pk")


def door_at(public_id: str) -> TrackerDoor | None:
    """The door behind an address; None where there is none, or none any more."""
    return TrackerDoor.objects.filter(public_id=public_id, ended_at=None).first()


def move_of(change: Change) -> TrackerMove | None:
    """That its tracker says it is done, while nobody said so here."""
    if not change.is_being_made:
        return None
    rows = [one for one in change.moves.all() if one.is_done and one.settled_at is None]
    return rows[-1] if rows else None
