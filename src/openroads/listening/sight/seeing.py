"""Posts as a person may see them: with the author's name, or with a pseudonym and no way back to it.

This is what "sight in the query" comes down to for names: whatever gives posts to a page, a download or
a mail passes them through here, for the person who will read them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from openroads.analysis.pseudonyms import pseudonym
from openroads.analysis.query.words import fold
from openroads.archive.queries.explore import AuthorRow
from openroads.archive.queries.posts import Quote
from openroads.directory.models import Person
from openroads.listening import queries
from openroads.listening.explore.reading import ExploreReading
from openroads.listening.sight.policy import may_see_names
from openroads.ui.veiling import is_ours, veiled_text, without_names

_NAMED = re.compile(r"[^\W_]+")
UNTOLD = "…"
"""That a post quotes another, without the address of that one: it may hold a handle."""


@dataclass(frozen=True)
class Sight:
    """What a person sees of authors. `ours` are handles of the company's own accounts: these stay."""

    names: bool
    ours: frozenset[str] = frozenset()

    def posts(self, posts: Iterable[Quote]) -> list[Quote]:
        """The posts as this person sees them. What somebody without sight gets holds no handle, no
        shown name, no address of the post or of another, and texts without names as far as a
        machine can tell: handles with an @, mail addresses, what stands behind the host of a link,
        and the author's own name."""
        return list(posts) if self.names else [self._veiled(post) for post in posts]

    def post(self, post: Quote) -> Quote:
        """One post."""
        return post if self.names else self._veiled(post)

    def reading(self, reading: ExploreReading) -> ExploreReading:
        """Figures of a choice: who wrote most by pseudonym, and none of the words said more that is one
        of their names (somebody who signs every post makes a word of it)."""
        if self.names:
            return reading
        most = reading.people.most
        names = {word for row in most if not self.is_ours(row.author) for word in _words(row)}
        return replace(
            reading,
            people=replace(reading.people, most=[self._author(row) for row in most]),
            words=tuple(word for word in reading.words if word.key not in names),
        )

    def _author(self, row: AuthorRow) -> AuthorRow:
        if self.is_ours(row.author):
            return row
        return replace(row, author="", author_name=pseudonym(row.author_key))

    def is_ours(self, handle: str) -> bool:
        """Whether it is an account of the company's own."""
        return is_ours(handle, self.ours)

    def text(self, text: str) -> str:
        """A text without handles of others, mail addresses and the paths of links."""
        return text if self.names else veiled_text(text, self.ours)

    def _veiled(self, post: Quote) -> Quote:
        if post.voice == "brand" and self.is_ours(post.author):
            return post
        name = pseudonym(post.author_key)
        own = [post.author.lstrip("@"), post.author_name]
        return replace(
            post,
            author="",
            author_name=name,
            url="",
            reply_to="",
            thread="",
            quotes=UNTOLD if post.quotes else "",
            text=self.text(without_names(post.text, own, name)),
            title=self.text(without_names(post.title, own, name)),
        )


def sight_of(person: Person) -> Sight:
    """What this person sees."""
    if may_see_names(person):
        return Sight(True)
    return Sight(False, queries.own_handles())


def unnamed() -> Sight:
    """What everybody may see, for what is kept or sent on: evidence, digests."""
    return Sight(False, queries.own_handles())


def seen_by(person: Person, posts: Sequence[Quote]) -> list[Quote]:
    """Posts as this person may see them; asks nothing where there are none."""
    return sight_of(person).posts(posts) if posts else []


def _words(row: AuthorRow) -> list[str]:
    return _NAMED.findall(fold(f"{row.author} {row.author_name}"))
