"""Answers kept until the archive changes: the same question has the same answer."""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache

from openroads.archive.queries.timeline import revision
from openroads.directory.conversations import archive

KEPT_SECONDS = 3600

Answer = TypeVar("Answer")


def remembered(question: str, ask: Callable[[], Answer]) -> Answer:
    """The answer to `question` at the archive's present revision, asked only when it is not known.

    Figures and words only, never posts: what people said is read afresh, so that nothing of an
    erased author stays behind here. Nothing in a reader's language either.
    """
    key = sha256(f"{question}@{revision(archive())}".encode()).hexdigest()
    kept: tuple[Answer] | None = cache.get(key)
    if kept is None:
        kept = (ask(),)  # in a tuple, because None is an answer too
        cache.set(key, kept, KEPT_SECONDS)
    return kept[0]
