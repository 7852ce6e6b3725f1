"""What a stream brought: split over its sources, stored as everything else is, and only then the cursor."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from openroads.archive.batch import hash64
from openroads.archive.ingest import perhaps_held
from openroads.archive.known import KnownIds
from openroads.archive.message import Message
from openroads.archive.platform import (
    erase_taken_back,
    owner_of,
    owners,
    posts_of_owners,
    rename_owner,
    taken_back,
)
from openroads.connectors.looking import Wanted
from openroads.connectors.port import Hearing, Page, Streamed
from openroads.connectors.searching import searches_in
from openroads.directory.conversations import archive
from openroads.listening.actions.landing import land_together
from openroads.listening.models import Source
from openroads.listening.streams.leases import Owner
from openroads.listening.streams.models import Heard, PlatformDeletion, Stream

AT_ONCE = 2_000
"""Posts stored in one batch; an account that is gone may have left a hundred thousand."""


class Sifter:
    """Takes pages of one line in for all its sources. Made anew when the line is called."""

    def __init__(self, owner: Owner, sources: Sequence[Source], network: Streamed) -> None:
        self._owner, self.sources, self._network = owner, sources, network
        self._numbers = [source.pk for source in sources]
        # Who is alone on a line gets everything: the connector looked already.
        self._wanted = (
            {source.pk: Wanted(searches_in(source.told["topic"])) for source in sources}
            if len(sources) > 1
            else {}
        )
        self._accounts: KnownIds | None = None

    def take_in(self, heard: Hearing, *, now: datetime) -> bool:
        """Store a page and then say that it was heard; False when somebody else has the line by now.
        Reading it again adds nothing, so a kill in between costs a page that is read twice."""
        kept = dict.fromkeys(self._numbers, 0)
        removed = self._of_accounts(heard)
        parts = [
            (source, Page(some, heard.cursor))
            for source in self.sources
            for some in _portions(self._theirs(source, heard, removed))
        ]
        for together in _batches(parts):
            if landed := land_together(together):
                for number, posts in landed.kept.items():
                    kept[number] += posts
        self._remember(heard.messages)
        return note_heard(owner=self._owner, heard=heard, kept=kept, now=now)

    def _theirs(
        self, source: Source, heard: Hearing, removed: dict[int, list[Message]]
    ) -> list[Message]:
        """What of a page is this source's, without what would change nothing."""
        said = [self._for(source, message) for message in heard.messages]
        return _with_use(source.pk, [*removed.get(source.pk, ()), *said])

    def _for(self, source: Source, message: Message) -> Message:
        """What of a message is this source's: the post, or, where it is not looked for, that it is not
        to be here."""
        if message.op == "delete" or not self._wanted:
            return message
        if self._wanted[source.pk].finds(message):
            return message
        return replace(message, op="delete", text="")

    def _of_accounts(self, heard: Hearing) -> dict[int, list[Message]]:
        """Deletions by source for accounts that are gone, and for posts that accounts we must look at
        again show no more; who has another handle gets it in what is here."""
        if not (heard.gone or heard.unsure or heard.renamed):
            return {}
        for account, handle in heard.renamed:
            if self._perhaps([account]):
                rename_owner(archive(), self._numbers, account, self._network.kind, handle)
        removed: dict[int, list[Message]] = {}
        gone, unsure = self._perhaps(heard.gone), self._perhaps(heard.unsure)
        found = posts_of_owners(archive(), self._numbers, gone) if gone else []
        if unsure:
            doubtful = posts_of_owners(archive(), self._numbers, unsure)
            shown = self._network.still_there(sorted({post.native_id for post in doubtful}))
            found += [post for post in doubtful if post.native_id not in shown]
        for post in found:
            deletion = Message(
                post.native_id, self._network.kind, "", post.published_at, op="delete"
            )
            removed.setdefault(post.source, []).append(deletion)
        return removed

    def _perhaps(self, accounts: Sequence[str]) -> list[str]:
        """Accounts of which we hold something, and now and then one more: hardly any of a network."""
        if self._accounts is None:
            self._accounts = KnownIds()
            self._accounts.add(_hashes(owners(archive(), self._numbers)))
        known = self._accounts.perhaps(_hashes(accounts))
        return [each for each, is_known in zip(accounts, known, strict=True) if is_known]

    def _remember(self, messages: Sequence[Message]) -> None:
        if self._accounts is not None and messages:
            self._accounts.add(_hashes([owner_of(each.native_id) for each in messages]))


def _hashes(texts: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return np.array([hash64(each) for each in texts], np.uint64)


def _with_use(source: int, messages: Sequence[Message]) -> list[Message]:
    """The messages without deletions of what was never here: nearly all of a network's."""
    gone = [each.native_id for each in messages if each.op == "delete"]
    held = dict(zip(gone, perhaps_held(archive(), source, gone), strict=True)) if gone else {}
    coming = {each.native_id for each in messages if each.op == "upsert"}
    return [
        each
        for each in messages
        if each.op == "upsert" or held[each.native_id] or each.native_id in coming
    ]


def _batches(parts: Sequence[tuple[Source, Page]]) -> Iterator[list[tuple[Source, Page]]]:
    """As many pages together as make a batch."""
    together: list[tuple[Source, Page]] = []
    for part in parts:
        together.append(part)
        if sum(len(page.messages) for _, page in together) >= AT_ONCE:
            yield together
            together = []
    if together:
        yield together


def _portions(messages: list[Message]) -> list[list[Message]]:
    return [messages[at : at + AT_ONCE] for at in range(0, len(messages), AT_ONCE)]


@transaction.atomic
def note_heard(*, owner: Owner, heard: Hearing, kept: dict[int, int], now: datetime) -> bool:
    """Move the cursor and count; False, and nothing is written, when the line is in other hands."""
    numbers = list(kept)
    mine = Stream.objects.filter(source__in=numbers, owner=owner.id)
    if mine.select_for_update().count() != len(numbers):
        return False
    mine.update(cursor=heard.cursor, trouble="", tries=0)
    if heard.last_at is not None:
        lag = max(0.0, (now - heard.last_at).total_seconds())
        Source.objects.filter(pk__in=numbers).update(last_event_at=heard.last_at, lag_seconds=lag)
    if not heard.events:
        return True
    hour = now.replace(minute=0, second=0, microsecond=0)
    rows = [Heard(source_id=number, hour=hour) for number in numbers]
    Heard.objects.bulk_create(rows, ignore_conflicts=True)
    counted = Heard.objects.filter(hour=hour)
    counted.filter(source__in=numbers).update(received=F("received") + heard.events)
    for number, posts in kept.items():
        if posts:
            counted.filter(source=number).update(kept=F("kept") + posts)
    return True


@transaction.atomic
def note_open(*, sources: Sequence[int], remembers: timedelta, now: datetime) -> None:
    """These are heard from now on. What was said while nobody listened, and the stream does not say
    again, is for a visit: at once."""
    for source in Source.objects.select_for_update(of=("self",)).filter(pk__in=sources):
        last = source.last_event_at
        has_hole = last is None or now - last > remembers
        source.hears_since = source.hears_since or now
        source.last_error = "" if source.is_only_streamed else source.last_error
        source.next_at = now if has_hole else now + Source.WHILE_HEARING
        source.save(update_fields=["hears_since", "last_error", "next_at"])
    Stream.objects.filter(source__in=sources).update(trouble="", tries=0)


@transaction.atomic
def note_silence(
    *, owner: Owner, sources: Sequence[int], why: str, forgiven: int, now: datetime
) -> int:
    """A line could not be called, or broke: returns how often in a row. After more than `forgiven` times
    its sources are deaf: they are visited instead, from now on, until they hear again."""
    mine = Stream.objects.filter(source__in=sources, owner=owner.id)
    mine.update(trouble=why[:500], tries=F("tries") + 1)
    tries = max(mine.values_list("tries", flat=True), default=1)
    if tries > forgiven:
        for source in Source.objects.select_for_update(of=("self",)).filter(pk__in=sources):
            if source.hears_since is not None or source.next_at is None:
                source.hears_since, source.next_at = None, now
            source.last_error = why[:500] if source.is_only_streamed else source.last_error
            source.save(update_fields=["hears_since", "next_at", "last_error"])
    return tries


def honour_deletions(*, now: datetime | None = None, alive: Callable[[], bool] = lambda: True) -> int:  # fmt: skip
    """Take the words of posts that networks took back out of the files, and write down how many, when we
    heard and when it was done; returns how many posts. A kill half-way is made good at the next run."""
    for row in PlatformDeletion.objects.filter(done_at=None):
        erase_taken_back(archive(), row.until)
        PlatformDeletion.objects.filter(pk=row.pk).update(done_at=timezone.now())
        if not alive():
            return 0
    until = now or timezone.now()
    known = set(Source.objects.values_list("pk", flat=True))
    rows = [
        PlatformDeletion(
            source_id=found.source if found.source in known else None,
            posts=found.posts,
            heard_at=found.first,
            until=until,
        )
        for found in taken_back(archive(), until)
    ]
    if not rows:
        return 0
    made = PlatformDeletion.objects.bulk_create(rows)
    erase_taken_back(archive(), until)
    PlatformDeletion.objects.filter(pk__in=[row.pk for row in made]).update(
        done_at=now or timezone.now()
    )
    return sum(row.posts for row in rows)
