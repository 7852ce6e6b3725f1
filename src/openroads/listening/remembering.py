"""Answers kept until the archive changes: the same question has the same answer."""

from collections.abc import Callable
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
    key = f"{question}@{revision(archive())}"
    kept: Answer | None = cache.get(key)
    if kept is None:
        kept = ask()
        cache.set(key, kept, KEPT_SECONDS)
    return kept
