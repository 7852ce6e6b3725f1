"""What stands around a post: what it answers, quotes or repeats, and who answered, quoted or repeated it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.queries.alike import (
    alike,
    alike_counts,
    answered,
    answers,
    first_of,
    quoted,
    quoting,
)
from openroads.archive.queries.posts import Quote
from openroads.directory.conversations import archive
from openroads.listening.gap_queries import mark_of
from openroads.listening.sight.seeing import Sight
from openroads.ui.formats import number

SHOWN = 50


@dataclass(frozen=True)
class Around:
    """The posts around one, as far as the archive holds them."""

    first: Quote | None
    answers_something: bool
    """Whether it answers a post, held or not."""
    answered: Quote | None
    answers: Sequence[Quote]
    more_answers: bool
    quotes: bool
    """Whether it quotes a post, held or not."""
    quoted: Quote | None
    quoting: Sequence[Quote]
    more_quoting: bool
    alike: Sequence[Quote]
    alike_words: str

    @property
    def first_mark(self) -> str:
        return mark_of(self.first) if self.first else ""

    @property
    def answered_mark(self) -> str:
        return mark_of(self.answered) if self.answered else ""

    @property
    def quoted_mark(self) -> str:
        return mark_of(self.quoted) if self.quoted else ""


def around(post: Quote, sight: Sight) -> Around:
    """Look around a post as the archive holds it, and show what is there as somebody may see it."""
    kept = archive()
    replies = answers(kept, post, limit=SHOWN + 1)
    first, parent = first_of(kept, post), answered(kept, post)
    meant, by = quoted(kept, [post]).get(post.id), quoting(kept, post, limit=SHOWN + 1)
    return Around(
        sight.post(first) if first else None,
        bool(post.reply_to),
        sight.post(parent) if parent else None,
        sight.posts(replies[:SHOWN]),
        len(replies) > SHOWN,
        bool(post.quotes),
        sight.post(meant) if meant else None,
        sight.posts(by[:SHOWN]),
        len(by) > SHOWN,
        sight.posts(alike(kept, post.id, post.published_at, limit=SHOWN)),
        _alike_words(post),
    )


def _alike_words(post: Quote) -> str:
    found = alike_counts(archive(), [post]).get(post.id)
    if found is None:
        return ""
    parts = []
    if found.copies:
        parts.append(
            ngettext("%(n)s more like this", "%(n)s more like this", found.copies)
            % {"n": number(found.copies)}
        )
    if found.reposts:
        parts.append(
            ngettext("passed on %(n)s time", "passed on %(n)s times", found.reposts)
            % {"n": number(found.reposts)}
        )
    said = _("; ").join(parts)
    shown = found.copies + found.reposts
    if shown > SHOWN:
        said += _(" (the first %(n)s)") % {"n": number(SHOWN)}
    return said
