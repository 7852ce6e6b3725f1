"""Paper: typst templates and data in, PDF out; the same for the same input, readable by a screen
reader.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from openroads.charts.fonts import SANS, SERIF, covered, font_directories

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # fmt: skip


class PaperRefused(ValueError):
    """The template and its data make no document; the message is the engine's own."""


@cache
def _characters() -> frozenset[int]:
    return covered(SERIF) & covered(SANS) | {0x0A}


def printable(text: str) -> str:
    """The text with what our typefaces cannot set put into words: an emoji becomes "[pouting
    face]".

    TRICKY: a readable PDF (UA-1) with one missing character is refused whole, and other engines
    print an empty box. Letters of scripts we carry no typeface for become "[...]", once for every
    stretch of them.
    """
    known = _characters()
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    if all(ord(character) in known for character in text):
        return text
    written: list[str] = []
    for character in text:
        if ord(character) in known:
            written.append(character)
            continue
        category = unicodedata.category(character)
        if category in ("So", "Sk", "Sm"):
            written.append(f"[{unicodedata.name(character, 'sign').lower()}]")
        elif category in ("Zs", "Cc"):
            written.append(" ")
        elif not written or written[-1] != "[...]":
            written.append("[...]")
    return "".join(written)


def _all_printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _all_printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_all_printable(inner) for inner in value]
    return value


def compile_pdf(template: str, data: Mapping[str, Any], images: Mapping[str, bytes]) -> bytes:
    """A PDF/UA-1 document from a typst `template` that reads `json("report.json")` and
    `image("<name>")`.

    Only the two typefaces that travel with the product are used, so that it looks the same on every
    machine; every text of `data` goes through `printable`. Raises PaperRefused, also when a picture
    has no words beside it: a document that cannot be read aloud is not written.
    """
    # The engine is 30 MB of native code that only a report needs.
    import typst  # noqa: PLC0415

    # Its type stubs know no dictionary of files; the engine does.
    engine: Any = typst
    files: dict[str, bytes] = {
        "main": template.encode(),
        "report.json": json.dumps(_all_printable(data), ensure_ascii=False).encode(),
        **images,
    }
    try:
        document = engine.compile(
            files,
            format="pdf",
            font_paths=[str(directory) for directory in font_directories()],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise PaperRefused(str(error)) from error
    return bytes(document)
