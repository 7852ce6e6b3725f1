"""The search afterwards: every text in the database, every byte in the data folder."""

import base64
import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection, models
from django.db.models.functions import Cast

from openroads.archive.queries.authors import SHORTEST_NAME, Trace
from openroads.changes.models import Sample, Told
from openroads.directory.encryption import EncryptedTextField
from openroads.listening.erasing import looking
from openroads.listening.erasing.models import Erasure
from openroads.listening.labels.models import AuditItem, Label
from openroads.listening.models import Import, Payload, RememberedReading, TopicLabel

CLUE = 40
"""Characters of a text that are looked for: enough to be nobody else's."""
SHORTEST_CLUE = 16
HELD_COPIES: tuple[type[models.Model], ...] = (
    Import, RememberedReading, Label, TopicLabel, AuditItem, Erasure, Payload, Sample, Told,
)  # fmt: skip
"""Tables in which something of an author may have stood."""
SECRETS = {"keys.json", "first-key"}
"""Files that hold no conversation and are nobody's to read."""


@dataclass(frozen=True)
class Left:
    """Something that was found: in which file or column, and how often."""

    where: str
    n: int


def clues_of(traces: Iterable[Trace]) -> list[str]:
    """Pieces that stand in what an author said and, as far as the archive knows, nowhere else."""
    clues: dict[str, None] = {}
    for trace in traces:
        if len(trace.url) >= SHORTEST_CLUE:
            clues[trace.url] = None
        start = max(0, (len(trace.text) - CLUE) // 2)
        piece = trace.text[start : start + CLUE].strip()
        if len(piece) >= SHORTEST_CLUE and "\n" not in piece:
            clues[piece] = None
    return list(clues)


def spelled(text: str) -> list[bytes]:
    """A text as files may hold it: as it is, in JSON, in XML, and two bytes a letter."""
    forms = (text, json.dumps(text)[1:-1], html.escape(text), html.escape(text, quote=False))
    written = {form.encode() for form in forms}
    return sorted({*written, text.encode("utf-16-le"), text.encode("utf-16-be")})


def words_in_database(clues: Sequence[str], handle: str) -> list[Left]:
    """Columns of any table in which a clue stands, or the handle as a word of its own. Others who
    address it (with an @ before it) are their own words; the register itself is left out."""
    wanted = [*clues, *([handle] if len(handle) >= SHORTEST_NAME else [])]
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in _text_fields(model):
            rows = _rows_with(model, field.name, wanted, handle)
            if rows:
                found.append(Left(f"{model._meta.label} {field.name}", rows))
    return found


def bytes_in_folder(
    folder: Path, clues: Sequence[str], alive: Callable[[], object]
) -> tuple[list[Left], int]:
    """Files under a folder with the bytes of a clue, and how many files were searched."""
    wanted = [form for clue in clues for form in spelled(clue)]
    paths = list(_files(folder))
    held = _looked(paths, wanted, alive) if wanted else iter([False] * len(paths))
    found = [
        Left(str(path.relative_to(folder)), 1)
        for path, holds in zip(paths, held, strict=True)
        if holds
    ]
    return found, len(paths)


def _looked(
    paths: Sequence[Path], wanted: Sequence[bytes], alive: Callable[[], object]
) -> Iterator[bool]:
    """Per file whether one of these runs of bytes stands in it; another process looks, for the sake
    of the locks on our database (see `looking`)."""
    asked = {
        "paths": [str(path) for path in paths],
        "runs": [base64.b64encode(run).decode() for run in wanted],
    }
    command = [sys.executable, "-I", looking.__file__]
    with subprocess.Popen(  # noqa: S603 (our own program, and nothing from outside)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        if child.stdin is None or child.stdout is None:
            raise AssertionError("both were asked for")
        try:
            json.dump(asked, child.stdin)
            child.stdin.close()
            for _path in paths:
                alive()
                answer = child.stdout.readline()
                if not answer:
                    raise RuntimeError("The search of the files broke off.")
                yield answer == "1\n"
        finally:
            child.kill()


def settle_database() -> None:
    """Take the bytes of what was deleted or changed out of the database's files.

    SQLite overwrites them, but for the pages that stand beside the database: these are written into
    it. PostgreSQL leaves them: the tables that held copies of what people said are written anew
    (each is closed to others meanwhile, for the second or so that a small table takes).
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for model in HELD_COPIES:
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(model._meta.db_table)}")


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.name not in SECRETS:
            yield path


def _text_fields(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]
    if model._meta.proxy or not model._meta.managed or model is Erasure:
        return []
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not isinstance(field, EncryptedTextField)
    ]


def _rows_with(model: type[models.Model], name: str, wanted: Sequence[str], handle: str) -> int:
    """How many rows; the handle counts only where it stands as a word."""
    if not wanted:
        return 0
    spellings = {form for text in wanted for form in (text, json.dumps(text)[1:-1])}
    holds = models.Q()
    for text in spellings:
        holds |= models.Q(as_text__icontains=text)
    rows = model._base_manager.annotate(as_text=Cast(name, models.TextField())).filter(holds)
    clues = [text.lower() for text in spellings if text.lower() != handle]
    word = re.compile(rf"(?<![\w@]){re.escape(handle)}(?!\w)", re.IGNORECASE)
    return sum(
        any(clue in text.lower() for clue in clues) or bool(word.search(text))
        for text in rows.values_list("as_text", flat=True)
    )
