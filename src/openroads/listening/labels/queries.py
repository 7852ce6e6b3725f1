"""Reading labels, samples, models and decisions: what exists, and what is in force."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import structlog
from django.conf import settings
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from openroads.analysis.learning import weights
from openroads.analysis.learning.model import Teller
from openroads.analysis.learning.switching import next_size, size_due
from openroads.directory.models import Person
from openroads.listening.labels import folders, policy
from openroads.listening.labels.models import (
    Aspect,
    AuditItem,
    AuditSample,
    Decision,
    Label,
    LearnedModel,
    Rescoring,
)

log = structlog.get_logger(__name__)

LEARNED = (Aspect.TONE, Aspect.KIND)
"""What models are learned for; a language is only put right."""


def labels_for(person: Person, post: int) -> QuerySet[Label]:
    """Labels of a post that hold, oldest first."""
    if not policy.may_label(person):
        return Label.objects.none()
    return Label.objects.filter(post=post, undone_at=None).select_related("by")


def samples_for(person: Person) -> QuerySet[AuditSample]:
    """Random samples, newest first, with how many posts each has and how many are checked."""
    if not policy.may_label(person):
        return AuditSample.objects.none()
    checked = Q(items__labels__undone_at=None, items__labels__isnull=False)
    return AuditSample.objects.annotate(
        posts=Count("items", distinct=True), checked=Count("items", filter=checked, distinct=True)
    )


def labels_on(person: Person, posts: Sequence[int]) -> dict[int, list[Label]]:
    """Per post the labels that hold, oldest first, for posts that have any."""
    if not posts or not policy.may_label(person):
        return {}
    held = Label.objects.filter(post__in=list(posts), undone_at=None).select_related("by")
    found: dict[int, list[Label]] = {}
    for label in held.order_by("pk"):
        found.setdefault(label.post, []).append(label)
    return found


def history_of(person: Person, post: int) -> QuerySet[Label]:
    """Everything that was ever said of a post, newest first, taken back or not."""
    if not policy.may_label(person):
        return Label.objects.none()
    return Label.objects.filter(post=post).select_related("by").order_by("-pk")


SECOND_READING = 4
"""One in so many posts of a sample is read by a second person: by these people are compared."""


def items_to_read(person: Person, aspect: str, leave: Collection[int] = ()) -> QuerySet[AuditItem]:
    """Posts of random samples for this person to read: those nobody read for this aspect, and a
    fixed part of those one colleague read; the newest sample first, without items to `leave`."""
    if not policy.may_label(person):
        return AuditItem.objects.none()
    read = Label.objects.filter(
        post=OuterRef("post"), aspect=aspect, undone_at=None, item__isnull=False
    )
    others = read.order_by().values("post").annotate(n=Count("pk")).values("n")
    items = AuditItem.objects.annotate(
        readers=Coalesce(Subquery(others), 0), turn=F("place") % SECOND_READING
    )
    items = items.exclude(Exists(read.filter(by=person))).exclude(pk__in=list(leave))
    items = items.filter(Q(readers=0) | Q(readers=1, turn=0))
    return items.select_related("sample").order_by("-sample__since", "-sample", "place")


def read_today(person: Person, aspect: str, since: datetime) -> int:
    """Posts of random samples this person read since a moment."""
    return Label.objects.filter(
        by=person, aspect=aspect, undone_at=None, item__isnull=False, at__gte=since
    ).count()


def items_to_check(person: Person, aspect: str, *, again: bool = False) -> QuerySet[AuditItem]:
    """Posts of random samples that nobody checked for this aspect yet, the newest sample first;
    with `again` those that a colleague checked and this person did not, for a second opinion."""
    if not policy.may_label(person):
        return AuditItem.objects.none()
    held = Label.objects.filter(item=OuterRef("pk"), aspect=aspect, undone_at=None)
    items = AuditItem.objects.select_related("sample").order_by("-sample__since", "place")
    if again:
        return items.filter(Exists(held)).exclude(Exists(held.filter(by=person)))
    return items.exclude(Exists(held))


@dataclass(frozen=True)
class Answer:
    """What a post is by the label that holds: the last one given, by whomever."""

    post: int
    published_at: datetime
    source: int
    language: str
    value: str
    said: str
    """What the analyser had said before anybody labelled the post."""
    said_by: str
    weight: float | None
    """Posts it stands for when somebody checked it as part of a random sample; else None."""
    first: int
    """Number of its first label, or of the first one given as part of a random sample."""
    last: int
    """Number of the last label."""

    @property
    def is_random(self) -> bool:
        """Whether it may judge."""
        return self.weight is not None


def answers(aspect: str, language: str = "") -> list[Answer]:
    """One answer per labelled post, in the order in which they were given; of one language, as far
    as was known when the post was labelled, or of all."""
    held = Label.objects.filter(aspect=aspect, undone_at=None).select_related("item")
    if language:
        held = held.filter(language=language)
    found: dict[int, Answer] = {}
    for label in held.order_by("pk"):
        found[label.post] = _later(found.get(label.post), label)
    return sorted(found.values(), key=lambda answer: answer.first)


def _later(before: Answer | None, label: Label) -> Answer:
    """The answer after one more label."""
    weight = label.item.weight if label.item is not None else None
    first = label.pk
    said, said_by = label.said, label.said_by
    if before is not None:
        said, said_by = before.said, before.said_by
        if before.weight is not None:
            weight, first = before.weight, before.first
        elif weight is None:
            first = before.first
    return Answer(
        label.post,
        label.published_at,
        label.source,
        label.language,
        label.value,
        said,
        said_by,
        weight,
        first,
        label.pk,
    )


def held_values(posts: Iterable[int]) -> dict[int, dict[str, Label]]:
    """Per post and aspect the label that holds, for posts that have any."""
    found: dict[int, dict[str, Label]] = {}
    for label in Label.objects.filter(post__in=list(posts), undone_at=None).order_by("pk"):
        found.setdefault(label.post, {})[label.aspect] = label
    return found


@dataclass(frozen=True)
class Progress:
    """How far an aspect in a language is from the next test."""

    aspect: str
    language: str
    labels: int
    random: int
    """Labelled posts of random samples: these are counted for the next test."""
    per_value: dict[str, int]
    """Of the random ones."""
    next_size: int
    due: int | None
    """The size at which can be tested now."""


def progress(aspect: str, language: str, tried: str = "") -> Progress:
    """Labels there are, and when a model is tested next: one that is learned here, or that of a folder
    whose files are `tried`."""
    found = answers(aspect, language)
    random = [answer for answer in found if answer.is_random]
    tested = tested_sizes(aspect, language, tried)
    per_value: dict[str, int] = {}
    for answer in random:
        per_value[answer.value] = per_value.get(answer.value, 0) + 1
    return Progress(
        aspect,
        language,
        len(found),
        len(random),
        per_value,
        next_size(tested),
        size_due(len(random), tested),
    )


def taught_at(aspect: str) -> str:
    """Where labels of random samples and decisions stand: the same answer as long as none of them
    comes or goes; empty when nobody read anything."""
    held = Label.objects.filter(aspect=aspect, item__isnull=False)
    now = held.aggregate(last=Max("pk"), undone=Max("undone_at"), n=Count("pk"))
    if not now["n"]:
        return ""
    decided = Decision.objects.filter(aspect=aspect).aggregate(last=Max("pk"))
    return f"{now['last']}/{now['undone']}/{now['n']}/{decided['last']}"


def labelled_languages(aspect: str) -> list[str]:
    """Languages in which posts of random samples were labelled."""
    held = Label.objects.filter(aspect=aspect, undone_at=None, item__isnull=False)
    return sorted(held.order_by().values_list("language", flat=True).distinct())


def tested_sizes(aspect: str, language: str, tried: str = "") -> list[int]:
    """The sizes at which a model was tested, each once; other files are another candidate."""
    found = Decision.objects.filter(
        aspect=aspect, language=language, tried=tried, size__isnull=False
    )
    return [size for size in found.values_list("size", flat=True) if size is not None]


def decisions_for(person: Person, aspect: str, language: str) -> QuerySet[Decision]:
    """What was decided, newest first."""
    if not policy.may_label(person):
        return Decision.objects.none()
    return Decision.objects.filter(aspect=aspect, language=language).select_related(
        "before", "candidate", "after", "by", "rescoring"
    )


def in_force(aspect: str, language: str) -> LearnedModel | None:
    """The model that reads this aspect in this language; None for word lists and rules."""
    decided = Decision.objects.filter(aspect=aspect, language=language).exclude(
        outcome=Decision.Outcome.KEPT
    )
    last = decided.select_related("after").defer("after__weights").first()
    return last.after if last is not None else None


def tests_in_force(aspect: str) -> dict[str, Decision]:
    """Per language that a model reads, the test by which that model first took over."""
    reads = versions_in_force(aspect)
    if not any(reads.values()):
        return {}
    tests = Decision.objects.filter(aspect=aspect, candidate__isnull=False)
    tests = tests.select_related("candidate").defer("candidate__weights")
    return {
        test.language: test
        for test in tests.order_by("-pk")
        if test.candidate is not None and test.candidate.version == reads.get(test.language)
    }


def languages_stopped() -> set[str]:
    """Languages in which reading the archive anew was stopped by hand and nobody went on since."""
    last = Rescoring.objects.order_by("pk").values_list("decision__language", "state")
    return {language for language, state in dict(last).items() if state == Rescoring.State.STOPPED}


def versions_in_force(aspect: str) -> dict[str, str]:
    """Per language that was ever decided on, the version of the model that reads it; "" for none."""
    decided = Decision.objects.filter(aspect=aspect).exclude(outcome=Decision.Outcome.KEPT)
    rows = decided.order_by("pk").values_list("language", "after__version")
    return {language: version or "" for language, version in rows}


def models_in_force() -> tuple[Teller, ...]:
    """The models that read posts now, at most one per aspect and language. Weights are read and
    checked once per process; a model whose weights are not those that were saved is left out, so
    that reading goes on by the word lists, and the log says so."""
    pairs = Decision.objects.order_by().values_list("aspect", "language").distinct()
    found = []
    for aspect, language in sorted(pairs):
        row = in_force(aspect, language)
        if row is None:
            continue
        try:
            found.append(loaded(row.pk, row.digest))
        except weights.BadWeights as fault:
            log.error("weights refused", model=row.version, why=str(fault))
    return tuple(found)


@lru_cache(maxsize=32)
def loaded(model: int, digest: str) -> Teller:
    """The model of a row. Raises `openroads.analysis.learning.weights.BadWeights` when its weights
    are not those that were saved."""
    row = LearnedModel.objects.only("weights", "made", "language").get(pk=model)
    if row.is_brought:
        folder = settings.OPENROADS.tone_model
        return folders.opened(folder, row.language, digest, bytes(row.weights))
    return weights.loaded(bytes(row.weights), expected=digest)


def triples(aspect: str, posts: Sequence[int] | None = None) -> list[tuple[int, int, str]]:
    """(post, person, value) of the labels that hold, for how far people agree."""
    held = Label.objects.filter(aspect=aspect, undone_at=None).order_by("pk")
    if posts is not None:
        held = held.filter(post__in=posts)
    return [(label.post, label.by_id, label.value) for label in held.only("post", "by", "value")]


def label_for(person: Person, pk: int) -> Label | None:
    """A label by its number."""
    if not policy.may_label(person):
        return None
    return Label.objects.filter(pk=pk).select_related("by").first()


def read_of_sample(person: Person, aspect: str, sample: int) -> int:
    """Posts of a sample this person read."""
    mine = Label.objects.filter(by=person, aspect=aspect, undone_at=None)
    return mine.filter(item__sample=sample).count()


def item_for(person: Person, pk: int) -> AuditItem | None:
    """A post of a sample by its number."""
    return AuditItem.objects.filter(pk=pk).first() if policy.may_label(person) else None


@dataclass(frozen=True)
class Readings:
    """Who read posts of random samples for an aspect (most first), and from when to when."""

    readers: list[tuple[str, int]]
    first: datetime | None
    last: datetime | None


def readings(aspect: str) -> Readings:
    """Everybody whose reading of random samples holds."""
    held = Label.objects.filter(aspect=aspect, undone_at=None, item__isnull=False).order_by()
    by = held.values("by__name").annotate(n=Count("pk"), first=Min("at"), last=Max("at"))
    rows = sorted(by, key=lambda row: (-row["n"], row["by__name"]))
    return Readings(
        [(row["by__name"], row["n"]) for row in rows],
        min((row["first"] for row in rows), default=None),
        max((row["last"] for row in rows), default=None),
    )


def last_rescoring(language: str) -> Rescoring | None:
    """The last reading anew of the posts of a language, of whatever aspect."""
    return Rescoring.objects.filter(decision__language=language).select_related("decision").first()


def model_for(person: Person, aspect: str, language: str, pk: int) -> LearnedModel | None:
    """A model learned for an aspect in a language."""
    if not policy.may_label(person):
        return None
    found = LearnedModel.objects.filter(pk=pk, aspect=aspect, language=language)
    return found.defer("weights").first()
