"""Whether a file goes on with a source we know or is another one with the same headings.

Two exports of one tool look the same from outside: the first of shop A and the first of shop B both
number their posts 1 to n. Read as one source, the second would replace the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openroads.archive.ingest import post_id
from openroads.archive.queries.held import BEGINNING, post_texts_by_ids
from openroads.connectors.files import Reading
from openroads.directory.conversations import archive
from openroads.listening.models import Import, Source
from openroads.ui.networks import network_word


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


def whence(reading: Reading) -> Whence:
    """Look the ids of the preview up in every source of files of this shape."""
    known = list(
        Source.objects.filter(
            kind=Source.Kind.FILE, network=reading.default_network or "file", address="", brand=None,
            fingerprint__regex=rf"^{reading.fingerprint}(~[0-9]+)?$",
        ).order_by("pk")
    )  # fmt: skip
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
) -> Source:
    """The source an import belongs to: the one chosen, the one its first rows are of, or a new one.

    Raises `openroads.archive.client.ArchiveBusy` where another process owns the archive.
    """
    found = whence(reading)
    if chosen is not None and chosen in found.known:
        return chosen
    if found.source is not None and not another:
        return found.source
    return begin_source(reading, name or (Path(item.name).stem if found.known else ""))


def begin_source(reading: Reading, name: str) -> Source:
    """A source of its own for a file of this shape; called `name`, or after the kind of file."""
    network = reading.default_network or "file"
    taken = Source.objects.filter(
        kind=Source.Kind.FILE, network=network, address="", brand=None,
        fingerprint__regex=rf"^{reading.fingerprint}(~[0-9]+)?$",
    ).count()  # fmt: skip
    source, _made = Source.objects.get_or_create(
        kind=Source.Kind.FILE,
        network=network,
        fingerprint=reading.fingerprint if not taken else f"{reading.fingerprint}~{taken + 1}",
        address="",
        brand=None,
        defaults={"name": name[:120] or f"{network_word(network)}, {reading.format}"},
    )
    return source
