"""Brings an archive's tables to this version of the code, one numbered step at a time."""

import re
from collections.abc import Iterator
from importlib.resources import files

from openroads.archive.port import Writing
from openroads.archive.queries import steps as sql


class ArchiveTooNew(Exception):
    """The archive was written by a later Openroads, which did `step` while this code knows up to
    `known`; the text is one plain sentence to show."""

    def __init__(self, step: int, known: int) -> None:
        super().__init__(
            f"This archive was written by a newer Openroads (step {step}; this one knows "
            f"up to {known}): install that version or a later one."
        )
        self.step, self.known = step, known


class ArchiveTooOld(Exception):
    """The archive lacks `steps` of this code, and whoever opened it wants to be asked first."""

    def __init__(self, steps: list[int]) -> None:
        super().__init__(f"This archive waits for {len(steps)} upgrade steps of this Openroads.")
        self.steps = steps


def known_steps() -> list[tuple[int, str, str]]:
    """Every step this code knows: number, name, SQL; in order."""
    found = []
    for file in files("openroads.archive").joinpath("schema").iterdir():
        if match := re.fullmatch(r"(\d{4})_(\w+)\.sql", file.name):
            found.append((int(match[1]), match[2], file.read_text("utf-8")))
    return sorted(found)


def statements(text: str) -> Iterator[str]:
    """The statements of a step; each ends with a semicolon at the end of its line."""
    without_comments = re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)
    for statement in re.split(r";\s*$", without_comments, flags=re.MULTILINE):
        if statement.strip():
            yield statement.strip()


def bring_up_to_date(archive: Writing, *, upgrade: bool = True) -> list[int]:
    """Apply the steps the archive does not have yet; returns their numbers.

    Raises `ArchiveTooNew` when the archive has a step this code does not know. Without `upgrade`
    an archive that has some steps and lacks others is left as it is: `ArchiveTooOld`. Every
    statement may run twice (IF NOT EXISTS), so a step that was interrupted is simply done again.
    """
    archive.command(sql.CREATE_STEPS)
    done = set(archive.written(sql.STEPS_DONE, {})["number"].to_pylist())
    known = known_steps()
    if unknown := done - {number for number, _, _ in known}:
        raise ArchiveTooNew(max(unknown), known[-1][0])
    waiting = [number for number, _, _ in known if number not in done]
    if done and waiting and not upgrade:
        raise ArchiveTooOld(waiting)
    applied = []
    for number, name, text in known:
        if number not in done:
            for statement in statements(text):
                archive.command(statement)
            archive.command(sql.RECORD_STEP, {"number": number, "name": name})
            applied.append(number)
    return applied
