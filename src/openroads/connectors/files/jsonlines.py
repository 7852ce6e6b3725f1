"""JSON, one object to a line: objects laid out flat as cells under dotted headings."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from openroads.connectors.files.lines import Runaway, TextLines
from openroads.connectors.files.records import Row
from openroads.connectors.sentences import Sentence, say

MAX_DEPTH: Final = 4
MAX_KEYS: Final = 400
MAX_LINE: Final = 8_000_000
"""Characters of one line that are parsed; a longer line is rejected."""
_TOO_LONG: Final[Sentence] = say("This line is too long to be a post.")


def parse(line: str) -> tuple[dict[str, Any] | None, str]:
    """The object on a line, or None and the sentence that says why not."""
    if len(line) > MAX_LINE:
        return None, _TOO_LONG
    try:
        value = json.loads(line)
    except RecursionError:
        return None, say("This line is nested too deeply to be a post.")
    except ValueError:
        return None, say("This line is not valid JSON.")
    if not isinstance(value, dict):
        return None, say("This line is not a JSON object.")
    return value, ""


def flat(value: dict[str, Any]) -> dict[str, str]:
    """An object as heading -> text: "user.name" for what is nested, lists joined by a blank.

    Figures keep all their digits; true and false become words; null becomes empty.
    """
    cells: dict[str, str] = {}
    _lay_out(value, "", 0, cells)
    return cells


def _lay_out(value: dict[str, Any], prefix: str, depth: int, cells: dict[str, str]) -> None:
    for key, inner in value.items():
        if len(cells) >= MAX_KEYS:
            return
        name = f"{prefix}{key}"[:200]
        if isinstance(inner, dict):
            if depth + 1 < MAX_DEPTH:
                _lay_out(inner, f"{name}.", depth + 1, cells)
        elif isinstance(inner, list):
            cells[name] = " ".join(
                _word(item) for item in inner if not isinstance(item, dict | list)
            )
        else:
            cells[name] = _word(inner)


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def json_rows(lines: TextLines, header: Sequence[str], number: int = 0) -> Iterator[Row]:
    """Every line after `lines`' place as a row under `header`; blank lines are passed over."""
    for place, value, reason, raw in json_objects(lines, number):
        if value is None:
            yield Row(place, [], reason, lines.offset, raw)
        else:
            cells = flat(value)
            yield Row(place, [cells.get(name, "") for name in header], "", lines.offset)


def json_objects(
    lines: TextLines, number: int = 0
) -> Iterator[tuple[int, dict[str, Any] | None, str, str]]:
    """Line number, object or None, the reason, and the start of the raw line."""
    while True:
        lines.begin()
        number += 1
        try:
            line = next(lines)
        except StopIteration:
            return
        except Runaway:
            yield number, None, _TOO_LONG, lines.first_line[:2_000]
            continue
        if not line.strip():
            continue
        if lines.broken:
            readable = line[:2_000].encode("utf-8", "replace").decode()
            why = say("This line holds bytes that do not fit its encoding.")
            yield number, None, why, readable
            continue
        value, reason = parse(line)
        yield number, value, reason, "" if value is not None else line[:2_000]
