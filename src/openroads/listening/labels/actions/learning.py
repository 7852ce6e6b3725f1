"""Having a model learned, letting it take over when it is surely better, and going back."""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openroads.analysis.learning.switching import Comparison
from openroads.analysis.learning.training import TooFewLabels
from openroads.analysis.sentences import say
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.listening.labels import folders, policy, queries
from openroads.listening.labels.folders import BadFolder
from openroads.listening.labels.models import Aspect, Decision, LearnedModel, Rescoring
from openroads.listening.labels.teaching import HandedBack, Taught, judged, teach, try_brought
from openroads.listening.saying import translated

RETRAIN = "listening.retrain"
TRY_FOLDER = "listening.try_folder"
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


def try_folder(*, by: Person, language: str) -> None:
    """Put the test of the model in the house's folder in line, for the tone of a language.

    Raises ValidationError when there is none, when it cannot be read (the sentence says why), and when
    it is not time: a folder's files are tested with 200 labels, then with 400, 800 and so on.
    """
    directory_policy.require(by, policy.may_teach)
    try:
        model = _folder_model(language)
    except BadFolder as fault:
        raise ValidationError(translated(fault.why)) from None
    now = queries.progress(Aspect.TONE, language, model.digest[:10])
    if now.due is None:
        raise ValidationError(
            _("These files are tested next with %(size)s checked posts of random samples; there are %(n)s.")
            % {"size": now.next_size, "n": now.random}
        )  # fmt: skip
    _enqueue_folder(by, language)


def _folder_model(language: str) -> folders.OnnxModel:
    folder = settings.OPENROADS.tone_model
    if folder is None:
        raise BadFolder(say("No folder of a model is set (OPENROADS_TONE_MODEL)."))
    return folders.open_folder(folder, language)


def _enqueue_folder(by: Person, language: str) -> None:
    enqueue(TRY_FOLDER, key=f"folder-{language}", by=by, language=language)


def judge_folder(
    *, by: Person, language: str, alive: Callable[[], bool] = lambda: True
) -> Decision | None:
    """Test the model in the house's folder against the one in force by the same rule as one that is
    learned here, and let it take over when it is surely better. None as with `learn`; raises BadFolder."""
    model = _folder_model(language)
    size = queries.progress(Aspect.TONE, language, model.digest[:10]).due
    if size is None:
        return None
    began = time.process_time()
    try:
        found = try_brought(model, alive)
    except (HandedBack, TooFewLabels):
        return None
    if int(found.random.sum()) < size:
        return None
    before = queries.in_force(Aspect.TONE, language)
    if before is not None and before.digest == model.digest:
        return None
    verdict = judged(found, size, before)
    return _decide(by, found, before, verdict, time.process_time() - began)


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
    return len(due) + _folders_due(by)


def _folders_due(by: Person) -> int:
    """Put the house's folder in line for every language whose labels reach a size it was not tested
    with; a folder that cannot be read is left, and its page says why."""
    if settings.OPENROADS.tone_model is None:
        return 0
    try:
        tried = folders.digest_of(settings.OPENROADS.tone_model)[:10]
    except BadFolder:
        return 0
    due = [
        language
        for language in queries.labelled_languages(Aspect.TONE)
        if queries.progress(Aspect.TONE, language, tried).due is not None
    ]
    for language in due:
        _enqueue_folder(by, language)
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
    brought = isinstance(found.model, folders.OnnxModel)
    tried = found.model.digest[:10] if brought else ""
    if verdict.labels in queries.tested_sizes(aspect, language, tried):
        return None
    candidate = LearnedModel.objects.create(
        made=LearnedModel.Made.FOLDER if brought else LearnedModel.Made.HERE,
        aspect=aspect,
        language=language,
        version=found.model.version,
        digest=found.model.digest,
        weights=found.weights,
        labels=0 if brought else len(found.answers),
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
        tried=tried,
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
        by, "tested a model", decision, aspect=aspect, language=language, model=candidate.version,
        size=verdict.labels,
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
