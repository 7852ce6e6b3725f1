"""Whether a file goes on with a source we know or is another one with the same headings.

Two exports of one tool look the same from outside: the first of shop A and the first of shop B both
number their posts 1 to n. Read as one source, the second would replace the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.archive.ingest import post_id
from openroads.archive.queries.held import BEGINNING, post_texts_by_ids
from openroads.connectors.files import Reading
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.listening.models import Import, Source
from openroads.listening.register.grounds import Grounds, enter
from openroads.ui.formats import number


@dataclass(frozen=True)
class Whence:
    """The sources a file may belong to. `source` is the one it goes on with, as far as its first rows
    tell: None means that it begins a source. `clash`: posts of these ids are here with other
    texts, so read as that source it would replace them."""

    known: Sequence[Source]
    source: Source | None
    clash: bool = False
    replaced: int = 0

    @property
    def asks(self) -> bool:
        """Whether a person should say which source it is."""
        return self.clash or len(self.known) > 1

    @property
    def warning(self) -> str:
        """What a person should know before the file is read as a source we know; empty when nothing."""
        if not self.clash:
            return ""
        return (
            clash_words(self.replaced)
            + " "
            + _(
                "Is this file of another source with the same headings? "
                "Read as the same source it would replace them."
            )
        )


def clash_words(replaced: int) -> str:
    """That so many posts have the numbers of others we know."""
    return ngettext(
        "%(n)s post among the first rows has the number of a post that is here with another text.",
        "%(n)s posts among the first rows have the numbers of posts that are here with other texts.",
        replaced,
    ) % {"n": number(replaced)}


def kept_apart_words(item: Import) -> str:
    """Why an import became a source of its own; empty when nothing had to be kept apart."""
    if not item.kept_apart or item.source is None:
        return ""
    return clash_words(item.kept_apart) + " " + _(
        "The file is kept apart as a source of its own, “%(name)s”, and replaced nothing."
    ) % {"name": item.source.name}  # fmt: skip


def sources_like(reading: Reading) -> list[Source]:
    """Every source of files of this shape, oldest first."""
    return list(
        Source.objects.filter(
            kind=Source.Kind.FILE, network=reading.default_network or "file", address="", brand=None,
            fingerprint__regex=rf"^{reading.fingerprint}(~[0-9]+)?$",
        ).order_by("pk")
    )  # fmt: skip


def whence(reading: Reading) -> Whence:
    """Look the ids of the preview up in every source of files of this shape."""
    known = sources_like(reading)
    if not known:
        return Whence((), None)
    texts = {
        row.read["native_id"]: row.read.get("text", "")[:BEGINNING]
        for row in reading.preview
        if not row.reason and row.read.get("native_id")
    }
    found = [(source, *_same_and_other(source, texts)) for source in known]
    source, same, other = max(found, key=lambda each: each[1])
    if same == 0:
        # Nothing of it is here. It goes on with a source only where it would replace nothing.
        source, same, other = min(found, key=lambda each: each[2])
    clash = other > same
    return Whence(known, None if clash else source, clash, other if clash else 0)


def _same_and_other(source: Source, texts: dict[str, str]) -> tuple[int, int]:
    ids = {post_id(source.pk, native): text for native, text in texts.items()}
    held = post_texts_by_ids(archive(), source.pk, ids)
    same = sum(ids[number] == text for number, text in held.items())
    return same, len(held) - same


def source_of(
    item: Import,
    reading: Reading,
    chosen: Source | None = None,
    another: bool = False,
    name: str = "",
    purpose: str = "",
    grounds: Grounds | None = None,
) -> Source:
    """The source an import belongs to: the one chosen, the one its first rows are of, or a new one,
    called `name` or as its file, with what it is read for and on what grounds.

    Where it would replace posts and nobody said so, it is a new one, and `item.kept_apart` says how
    many. Raises `openroads.archive.client.ArchiveBusy` where nobody chose and another process owns
    the archive.
    """
    known = sources_like(reading)
    if chosen is not None and chosen in known:
        return chosen
    if not another:
        found = whence(reading)
        if found.source is not None:
            return found.source
        item.kept_apart = found.replaced
    return begin_source(reading, name or Path(item.name).name, purpose, grounds, item.by)


def begin_source(
    reading: Reading,
    name: str,
    purpose: str = "",
    grounds: Grounds | None = None,
    by: Person | None = None,
) -> Source:
    """A source of its own for a file of this shape; called `name`, with a number behind it where
    another is called so already."""
    network = reading.default_network or "file"
    taken = len(sources_like(reading))
    source, made = Source.objects.get_or_create(
        kind=Source.Kind.FILE,
        network=network,
        fingerprint=reading.fingerprint if not taken else f"{reading.fingerprint}~{taken + 1}",
        address="",
        brand=None,
        defaults={"name": free_name(name), "purpose": purpose},
    )
    if made:
        enter(source, grounds, by or system_person())
    return source


def free_name(name: str) -> str:
    """The name, or the name with the first number that sets it apart from the sources there are."""
    taken = set(Source.objects.values_list("name", flat=True))
    tries = (name[:120], *(f"{name[:110]} ({n})" for n in range(2, len(taken) + 3)))
    return next(each for each in tries if each not in taken)
