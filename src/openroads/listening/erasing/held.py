"""What is held of an author, before anything is done: for who asks, and to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openroads.archive.queries import authors
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.register.queries import Registered, registered_among


@dataclass(frozen=True)
class HeldIn:
    """What one source brought, why and on what ground it is read, and how long that is kept."""

    source: str
    purpose: str
    basis: str
    kept: str
    network: str
    posts: int
    first: date
    last: date


@dataclass(frozen=True)
class Held:
    """Everything known of an author on a network. `mentions` are posts of others that address them,
    `own_texts` pages of ours in which the handle stands: neither is theirs, so neither is erased."""

    network: str
    handle: str
    keys: tuple[int, ...]
    names: Sequence[str]
    sources: Sequence[HeldIn]
    mentions: int
    own_texts: int
    namesakes: Sequence[authors.Namesake]
    is_erased: bool
    is_ours: bool

    @property
    def posts(self) -> int:
        return sum(row.posts for row in self.sources)

    @property
    def first(self) -> date | None:
        return min((row.first for row in self.sources), default=None)

    @property
    def last(self) -> date | None:
        return max((row.last for row in self.sources), default=None)


def plain_handle(handle: str) -> str:
    """A handle as people say it: without @ and spaces around it, in lower case; empty for none."""
    forms = authors.handle_forms(handle)
    return forms[0] if forms else ""


def held_of(network: str, handle: str) -> Held:
    """Look an author up. Raises ValueError for an empty handle."""
    plain = plain_handle(handle)
    if not plain:
        raise ValueError("An author is looked up by a handle.")
    here = archive()
    keys = authors.keys_of_handle(here, network, plain)
    rows = authors.held_of_author(here, keys)
    known = {row.source.pk: row for row in registered_among({row.source for row in rows})}
    return Held(
        network=network,
        handle=plain,
        keys=tuple(keys),
        names=sorted({name for row in rows for name in row.names if name}),
        sources=[_held_in(row, known.get(row.source)) for row in rows],
        mentions=authors.mentioned_by_others(here, keys, plain),
        own_texts=authors.named_in_own_texts(here, plain),
        namesakes=authors.namesakes(here, keys, plain),
        is_erased=not authors.erased_authors(here).isdisjoint(keys),
        is_ours=plain in queries.own_handles(),
    )


def _held_in(row: authors.HeldOfAuthor, entry: Registered | None) -> HeldIn:
    return HeldIn(
        source=entry.source.name if entry else str(row.source),
        purpose=entry.source.purpose if entry else "",
        basis=entry.basis if entry else "",
        kept=entry.kept if entry else "",
        network=row.network,
        posts=row.posts,
        first=row.first,
        last=row.last,
    )
