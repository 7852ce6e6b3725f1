"""Answers kept until the archive changes: the same question has the same answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import TypeVar

from django.core.cache import caches

from openroads.archive.queries.timeline import revision
from openroads.directory.conversations import archive

KEPT_SECONDS = 3600

Answer = TypeVar("Answer")

_door = Lock()
_asking: dict[str, tuple[Lock, int]] = {}


def remembered(
    question: str, ask: Callable[[], Answer], *, at: str = "", shelf: str = "answers"
) -> Answer:
    """The answer to `question` at the archive's present revision, asked only when it is not known:
    once, also where several ask at the same moment.

    Figures and words only, never posts: what people said is read afresh, so that nothing of an
    erased author stays behind here. Nothing in a reader's language either. The answer is shared by
    all who ask and must not be changed. `at` is the revision where the caller has looked already. What is
    small and much of, as where the posts of a page stand, has a `shelf` of its own, so that leafing
    pushes no reading out.
    """
    cache = caches[shelf]
    key = _key(question, at)
    kept: tuple[Answer] | None = cache.get(key)
    if kept is None:
        with _one_asker(key):
            kept = cache.get(key)
            if kept is None:
                kept = (ask(),)  # in a tuple, because None is an answer too
                cache.set(key, kept, KEPT_SECONDS)
    return kept[0]


def is_remembered(question: str, *, at: str = "") -> bool:
    """Whether an answer is at hand (on the usual shelf), so that asking costs nothing."""
    return caches["answers"].get(_key(question, at)) is not None


def _key(question: str, at: str) -> str:
    return sha256(f"{question}@{at or now_at()}".encode()).hexdigest()


def now_at() -> str:
    """Where the archive stands; equal places give equal answers."""
    return str(revision(archive()))


@contextmanager
def _one_asker(key: str) -> Iterator[None]:
    """Wait while somebody else asks the same."""
    with _door:
        lock, waiting = _asking.get(key, (Lock(), 0))
        _asking[key] = (lock, waiting + 1)
    try:
        with lock:
            yield
    finally:
        with _door:
            lock, waiting = _asking[key]
            if waiting > 1:
                _asking[key] = (lock, waiting - 1)
            else:
                del _asking[key]


def forget_answers() -> None:
    """Forget every answer in this process: a word that only an erased author used may be in one."""
    for shelf in ("answers", "places"):
        caches[shelf].clear()
