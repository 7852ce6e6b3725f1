"""Copies of what people said outside the archive: previews, uploaded files, rejected rows."""

import csv
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from openroads.archive.batch import author_key
from openroads.archive.masking import Masks
from openroads.archive.message import Message
from openroads.connectors import files
from openroads.connectors.failures import Refused
from openroads.connectors.files import Reading
from openroads.listening.erasing.looking import holds_bytes
from openroads.listening.erasing.previews import removed
from openroads.listening.erasing.proof import spelled
from openroads.listening.models import Import, Payload, RememberedReading

Alive = Callable[[], bool]


NOBODY = Masks((), b"")


class HandedBack(Exception):
    """The worker must stop; the work is taken up again where it can begin anew."""


@dataclass(frozen=True)
class Author:
    """Who is looked for in files: a handle on a network and the pseudonyms it may have."""

    network: str
    handle: str
    keys: frozenset[int]
    secret: bytes
    masks: Masks = NOBODY
    """Their names, where these are masked in what others wrote."""

    def wrote(self, message: Message) -> bool:
        """Whether a message of a file is theirs."""
        if not message.author:
            return False
        return author_key(message.network, message.author, self.secret) in self.keys

    def is_in(self, message: Message) -> bool:
        """Whether a message of a file is theirs, or holds a name that is masked."""
        return self.wrote(message) or self.masks.in_message(message) is not message

    def stands_in(self, cells: Iterable[str]) -> bool:
        """Whether one of these cells is their handle and nothing else."""
        return any(
            cell.strip().lower().lstrip("'").removeprefix("@") == self.handle for cell in cells
        )

    def is_of_row(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of a preview is theirs: as it was read or, not read, as it stands."""
        read = row.get("read") or {}
        if author := read.get("author"):
            network = read.get("network", self.network)
            return author_key(network, author, self.secret) in self.keys
        return self.stands_in(map(str, (row.get("cells") or {}).values()))


def clear_previews(author: Author) -> int:
    """Take their rows out of the previews kept with imports; returns how many. Where a row stood,
    the page says that it was removed."""
    cleared = 0
    for item in Import.objects.only("pk", "reading").iterator(chunk_size=50):
        rows = item.reading.get("preview", [])
        theirs = [place for place, row in enumerate(rows) if author.is_of_row(row)]
        for place in theirs:
            rows[place] = removed(rows[place])
        masked = author.masks.in_told(rows)
        if theirs or masked != rows:
            item.reading["preview"] = masked
            Import.objects.filter(pk=item.pk).update(reading=item.reading)
            cleared += len(theirs)
    for known in RememberedReading.objects.iterator(chunk_size=50):
        if known.reading.get("preview"):
            RememberedReading.objects.filter(pk=known.pk).update(
                reading={**known.reading, "preview": []}
            )
    return cleared


def clear_rejected(author: Author, alive: Alive) -> int:
    """Take their rows out of the files of rejected rows; returns how many. A file that is being
    written is left to the next round."""
    cleared = 0
    for item in Import.objects.exclude(rejected_path="").exclude(state=Import.State.RUNNING):
        go_on(alive)
        path = Path(item.rejected_path)
        if path.exists() and (rows := _rows_without(path, author)) is not None:
            kept, gone = rows
            _rewrite(path, kept)
            Import.objects.filter(pk=item.pk).update(rejected_size=path.stat().st_size)
            cleared += gone
    return cleared


def clear_pushed() -> int:
    """Empty every pushed request that could not be read: nobody can tell whose words stand in it.
    Returns how many. What waits is read first, without them."""
    unread = Payload.objects.filter(state=Payload.State.REJECTED).exclude(body="")
    return unread.update(body="")


def clear_uploads(author: Author, alive: Alive) -> list[dict[str, Any]]:
    """Delete the uploaded files that hold something of theirs and are read to the end; what was
    read stays. Gives those files, also the ones an import is not done with, which stay for now."""
    found = []
    for item in Import.objects.exclude(path="").order_by("pk"):
        go_on(alive)
        path = Path(item.path)
        if path.exists() and _holds(path, item.reading, author, alive):
            deleted = item.state == Import.State.DONE and delete_upload(item.pk)
            found.append({"import": item.pk, "name": item.name, "deleted": deleted})
    return found


def delete_upload(import_id: int) -> bool:
    """Delete the file of an import that nobody reads; False when somebody does."""
    unread = Import.objects.filter(pk=import_id).exclude(state__in=Import.UNFINISHED)
    path = unread.values_list("path", flat=True).first()
    # The row first: a file nobody points to is lost space, a row that points to none is a fault.
    if path is None or not unread.update(path=""):
        return False
    if path:
        Path(path).unlink(missing_ok=True)
    return True


def go_on(alive: Alive) -> None:
    """Say that the work is alive; raises HandedBack when it must stop."""
    if not alive():
        raise HandedBack


def _holds(path: Path, told: Mapping[str, Any], author: Author, alive: Alive) -> bool:
    """Whether a file holds a post of theirs, or a row that cannot be read with their handle in it."""
    try:
        reading = Reading.from_json(told)
        for page in files.read(path, reading, now=timezone.now()):
            go_on(alive)
            if any(author.is_in(message) for message in page.messages):
                return True
            for row in page.rejected:
                cells = [row.raw] if isinstance(row.raw, str) else row.raw.values()
                line = " ".join(cells)
                if author.handle in line.lower() or author.masks.masked(line) != line:
                    return True
    except (Refused, KeyError, ValueError, OSError):
        # Nobody can tell what such a file says; its bytes tell whether the handle stands in it.
        return holds_bytes(
            path, spelled(author.handle)
        )  # and a name beside it is found by the search
    return False


def _rows_without(path: Path, author: Author) -> tuple[list[list[str]], int] | None:
    """The rows of a file without theirs and with their names masked, and how many were theirs; None
    when nothing changes."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    kept = [row for place, row in enumerate(rows) if place == 0 or not author.stands_in(row)]
    masked = author.masks.in_told(kept)
    return (masked, len(rows) - len(kept)) if masked != rows else None


def _rewrite(path: Path, rows: Iterable[list[str]]) -> None:
    """Write the file anew in one step: who downloads it meanwhile gets the old one or the new one."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
