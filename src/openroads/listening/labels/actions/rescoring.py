"""Reading the archive again with the models in force, and holding to what people said."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openroads.analysis.learning.model import Teller
from openroads.analysis.pipeline import ANALYSER
from openroads.archive.queries.corrections import posts_read, unread_months, unread_posts
from openroads.archive.queries.timeline import revision
from openroads.delivery.jobs import enqueue
from openroads.delivery.queries import unfinished_job
from openroads.delivery.queue import cancel
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.actions.ahead import read_ahead
from openroads.listening.labels import policy, queries
from openroads.listening.labels.actions.learning import RESCORE, RESCORE_KEY
from openroads.listening.labels.models import AuditItem, Label, Rescoring
from openroads.listening.labels.settling import PERSON, settle_rows
from openroads.listening.language_model.actions import forget_written
from openroads.listening.topics.models import TopicLabel

AT_ONCE = 5_000
HELD = "listening.labels_held_at"

Alive = Callable[[], bool]


def rescore(*, language: str, alive: Alive = lambda: True) -> int:
    """Read the posts of a language that others read than the models in force; returns how many.

    The latest first, so that what people look at is right first. Stops when `alive` answers no; what
    is done stays done, and the next one goes on with the rest.
    """
    models = queries.models_in_force()
    wanted = analysers(models, language)
    months = unread_months(archive(), language, wanted)
    waiting = Rescoring.objects.filter(decision__language=language, state__in=Rescoring.UNFINISHED)
    _begin(waiting, sum(month.posts for month in months))
    done = 0
    for month in months:
        while rows := unread_posts(archive(), language, wanted, month.month, most=AT_ONCE):
            settled = settle_rows(rows, models)
            done += settled.written
            _count(waiting, settled.written, settled.changed)
            if not alive():
                return done
            if not settled.written:
                break
    waiting.update(state=Rescoring.State.DONE, finished_at=timezone.now())
    if done:
        read_ahead()
    return done


def analysers(models: tuple[Teller, ...], language: str) -> list[str]:
    """What stands with a post of this language that the models in force read."""
    mine = sorted(
        (model for model in models if language in model.languages),
        key=lambda model: model.applies_to,
        reverse=True,
    )
    name = "+".join([ANALYSER, *(model.version for model in mine)])
    return [name, name + PERSON]


def rescore_what_came(*, by: Person) -> int:
    """Put the languages in line of which models read posts, for what came in since; returns how many."""
    languages = {one for model in queries.models_in_force() for one in model.languages}
    languages -= queries.languages_stopped()
    for language in sorted(languages):
        enqueue(RESCORE, key=f"{RESCORE_KEY}-{language}", by=by, again=False, language=language)
    return len(languages)


@transaction.atomic
def stop_reading(*, by: Person, language: str) -> int:
    """Stop reading the archive anew; what is done stays done, and nothing goes on with the rest until
    somebody says so. Returns how many readings were stopped."""
    directory_policy.require(by, policy.may_teach)
    waiting = Rescoring.objects.filter(decision__language=language, state__in=Rescoring.UNFINISHED)
    stopped = waiting.update(state=Rescoring.State.STOPPED, finished_at=timezone.now())
    job = unfinished_job(f"{RESCORE_KEY}-{language}")
    if job is not None:
        cancel(job.pk)
    if stopped:
        trail.record(by, "stopped reading anew", language=language)
    return stopped


@transaction.atomic
def go_on_reading(*, by: Person, rescoring: Rescoring) -> None:
    """Go on where reading the archive anew was stopped."""
    directory_policy.require(by, policy.may_teach)
    language = rescoring.decision.language
    mine = Rescoring.objects.filter(pk=rescoring.pk, state=Rescoring.State.STOPPED)
    if mine.update(state=Rescoring.State.RUNNING, finished_at=None):
        trail.record(by, "went on reading anew", language=language)
        enqueue(RESCORE, key=f"{RESCORE_KEY}-{language}", by=by, language=language)


def hold_labels(*, alive: Alive = lambda: True) -> int:
    """Give the archive again what people said of posts that changed at their source since; returns
    how many posts that concerned. Asks nothing when the archive did not change."""
    now = str(revision(archive()))
    if cache.get(HELD) == now:
        return 0
    keys = {label.post: label.published_at for label in _held()}
    posts, written = list(keys.items()), 0
    for start in range(0, len(posts), AT_ONCE):
        if not alive():
            return written
        rows = posts_read(archive(), posts[start : start + AT_ONCE]).values()
        # A post that was read afresh lost the mark that a person said something of it.
        lost = [row for row in rows if not row.analyser.endswith(PERSON)]
        written += settle_rows(lost, queries.models_in_force()).written
    cache.set(HELD, str(revision(archive())), None)
    return written


def _held() -> list[Label]:
    return list(Label.objects.filter(undone_at=None).only("post", "published_at"))


def forget_posts(*, posts: list[int]) -> int:
    """Delete what was said of posts that were erased, and their places in samples; returns how many
    labels went. What a language model wrote from one of them goes too. What models learned from them stays: it holds no words (see docs, learning)."""
    gone, _each = Label.objects.filter(post__in=posts).delete()
    placed, _each = TopicLabel.objects.filter(post__in=posts).delete()
    AuditItem.objects.filter(post__in=posts).delete()
    forget_written(posts=posts)
    return gone + placed


def _begin(waiting: QuerySet[Rescoring], total: int) -> None:
    for row in waiting.filter(total=None):
        row.state, row.total, row.started_at = Rescoring.State.RUNNING, total, timezone.now()
        row.save(update_fields=["state", "total", "started_at"])


def _count(waiting: QuerySet[Rescoring], done: int, changed: int) -> None:
    for row in waiting:
        row.done += done
        row.changed += changed
        row.save(update_fields=["done", "changed"])
