"""People's words in a case, fetched from the archive where they stand: what is gone there is gone here."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from openroads.archive.queries.cases import (
    Collected,
    Said,
    in_thread,
    latest_of_authors,
    posts_at,
    words_at,
)
from openroads.directory.conversations import archive
from openroads.webcare.models import Case, Message

YEARS = timedelta(days=3 * 366)
"""How far back a person's name is looked for."""


def last_word_of(case: Case) -> Collected | None:
    """The last thing they said; None when it is not held any more."""
    if case.last_in is None or case.last_in_at is None:
        return None
    return posts_at(archive(), [(case.last_in_at, case.last_in)]).get(case.last_in)


def last_words_of(cases: Sequence[Case]) -> dict[int, Said]:
    """The last word of theirs in each of these cases, by the number of the case; asked in one question."""
    places = {
        case.pk: (case.last_in_at, case.last_in)
        for case in cases
        if case.last_in is not None and case.last_in_at is not None
    }
    held = words_at(archive(), list(places.values()))
    return {pk: held[post] for pk, (_moment, post) in places.items() if post in held}


def words_of(messages: Sequence[Message]) -> dict[int, Collected]:
    """The posts behind messages, by their id; those that are gone are absent."""
    places = [(one.said_at, one.post) for one in messages if one.post is not None]
    return posts_at(archive(), places)


def others_in_thread(case: Case, known: Sequence[int]) -> list[Collected]:
    """What else was said in the thread of a public case, by anybody: to be read beside it."""
    if case.kind != Case.Kind.PUBLIC or case.last_in_at is None:
        return []
    seen = set(known)
    found = in_thread(archive(), case.network, case.thread, case.last_in_at.date())
    # One post may have come by two sources; by its network it is one.
    shown = {post.native_id for post in found if post.id in seen}
    others = {post.native_id: post for post in found if post.native_id not in shown}
    return list(others.values())


def latest_posts(authors: Sequence[int], *, each: int = 1) -> list[Collected]:
    """The newest posts of these authors."""
    today = timezone.now().date()
    days = {"since": today - YEARS, "until": today + timedelta(days=2)}
    return latest_of_authors(archive(), authors, each=each, **days)


def post_of_mark(mark: str) -> Collected | None:
    """The post at the address that the listening room gives it: the moment it was said, and its id."""
    moment, _dash, post = mark.partition("-")
    try:
        said, number = float(moment), int(post)
    except ValueError:
        return None
    if not (0 < said < 4_102_444_800 and 0 <= number < 2**64):
        return None
    when = datetime.fromtimestamp(round(said * 1000) / 1000, UTC)
    return posts_at(archive(), [(when, number)]).get(number)


def mark_of(post: Collected) -> str:
    """The address of a post in the listening room."""
    return f"{post.published_at.timestamp():.3f}-{post.id}"
