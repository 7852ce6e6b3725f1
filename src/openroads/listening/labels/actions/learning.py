"""Having a model learned, letting it take over when it is surely better, and going back."""

import time
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openroads.analysis.learning.switching import Comparison
from openroads.analysis.learning.training import TooFewLabels
from openroads.analysis.learning.weights import dumped
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.listening.labels import policy, queries
from openroads.listening.labels.models import Decision, LearnedModel, Rescoring
from openroads.listening.labels.teaching import HandedBack, Taught, judged, teach

RETRAIN = "listening.retrain"
RESCORE = "listening.rescore"
RESCORE_KEY = "rescore"


def retrain(*, by: Person, aspect: str, language: str) -> None:
    """Put the learning of a model in line.

    Raises ValidationError when it is not time: a model is tested with 200 labels of random samples,
    then with 400, 800 and so on, and a model that is not tested may not take over.
    """
    directory_policy.require(by, policy.may_teach)
    if aspect not in queries.LEARNED:
        raise ValidationError(_("Only tone and kind are learned."))
    now = queries.progress(aspect, language)
    if now.due is None:
        raise ValidationError(
            _(
                "The next test is with %(size)s checked posts of random samples; there are %(n)s. "
                "Testing in between would sooner or later take luck for progress."
            )
            % {"size": now.next_size, "n": now.random}
        )
    _enqueue_training(by, aspect, language)


def retrain_what_is_due(*, by: Person) -> int:
    """Put in line whatever has reached its next test; returns how many."""
    due = [
        (aspect, language)
        for aspect in queries.LEARNED
        for language in queries.labelled_languages(aspect)
        if queries.progress(aspect, language).due is not None
    ]
    for aspect, language in due:
        _enqueue_training(by, aspect, language)
    return len(due)


def _enqueue_training(by: Person, aspect: str, language: str) -> None:
    enqueue(RETRAIN, key=f"retrain-{aspect}-{language}", by=by, aspect=aspect, language=language)


def learn(
    *, by: Person, aspect: str, language: str, alive: Callable[[], bool] = lambda: True
) -> Decision | None:
    """Learn a model, test it against the one in force and let it take over when it is surely better.
    None when it is not time for a test, when the labels all say the same, or when `alive` answers no.

    Done again after a kill it changes nothing: each size is tested once.
    """
    size = queries.progress(aspect, language).due
    if size is None:
        return None
    began = time.process_time()
    try:
        found = teach(aspect, language, alive)
    except (HandedBack, TooFewLabels):
        return None
    # Some of the posts counted may be gone by now.
    if int(found.random.sum()) < size:
        return None
    before = queries.in_force(aspect, language)
    verdict = judged(found, size, before)
    return _decide(by, found, before, verdict, time.process_time() - began)


@transaction.atomic
def _decide(
    by: Person, found: Taught, before: LearnedModel | None, verdict: Comparison, seconds: float
) -> Decision | None:
    aspect, language = found.model.applies_to, found.model.languages[0]
    if verdict.labels in queries.tested_sizes(aspect, language):
        return None
    candidate = LearnedModel.objects.create(
        aspect=aspect,
        language=language,
        version=found.model.version,
        digest=found.model.digest,
        weights=dumped(found.model),
        labels=len(found.answers),
        audited=int(found.random.sum()),
        last_label=max(answer.last for answer in found.answers),
        seconds=seconds,
        by=by,
    )
    outcome = Decision.Outcome.SWITCHED if verdict.switches else Decision.Outcome.KEPT
    decision = Decision.objects.create(
        aspect=aspect,
        language=language,
        outcome=outcome,
        before=before,
        candidate=candidate,
        after=candidate if verdict.switches else before,
        size=verdict.labels,
        why=verdict.why,
        old_score=verdict.old,
        new_score=verdict.new,
        low=verdict.low,
        high=verdict.high,
        tables={
            "classes": list(found.model.classes),
            "labels": list(verdict.per_class),
            "old": verdict.old_table.tolist(),
            "new": verdict.new_table.tolist(),
        },
        by=by,
    )
    trail.record(
        by, "tested a model", decision, aspect=aspect, language=language, size=verdict.labels,
        outcome=outcome.value, old=round(verdict.old, 4), new=round(verdict.new, 4),
        low=round(verdict.low, 4),
    )  # fmt: skip
    if verdict.switches:
        read_again(by, decision)
    return decision


@transaction.atomic
def switch_back(
    *, by: Person, aspect: str, language: str, to: LearnedModel | None = None
) -> Decision:
    """Put an earlier model (or, without `to`, the word lists and rules) in force again; the archive
    is read anew. Raises ValidationError when it is in force already, or learned for something else."""
    directory_policy.require(by, policy.may_teach)
    before = queries.in_force(aspect, language)
    if (to.pk if to else None) == (before.pk if before else None):
        raise ValidationError(_("This one is in force already."))
    if to is not None and (to.aspect, to.language) != (aspect, language):
        raise ValidationError(_("This model was learned for something else."))
    decision = Decision.objects.create(
        aspect=aspect,
        language=language,
        outcome=Decision.Outcome.BACK,
        before=before,
        after=to,
        by=by,
    )
    trail.record(
        by, "put an earlier model back", decision, aspect=aspect, language=language,
        model=to.version if to else "word lists",
    )  # fmt: skip
    read_again(by, decision)
    return decision


def read_again(by: Person, decision: Decision) -> Rescoring:
    """Put the reading of the archive with what is in force now in line."""
    rescoring = Rescoring.objects.create(decision=decision)
    enqueue(RESCORE, key=f"{RESCORE_KEY}-{decision.language}", by=by, language=decision.language)
    return rescoring
