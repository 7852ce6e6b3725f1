"""The text of an article as its author types it, safely as HTML: paragraphs, lists, small heads, links."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

_LINK = re.compile(
    r"\[([^\[\]\n]{1,200})\]\((https?://[^\s()<>\"']{1,500})\)|(https?://[^\s<>\"']{1,500})"
)
_NUMBERED = re.compile(r"\d{1,2}[.)] ")
_TRAILS = ".,;:!?)"
"""What stands behind an address in a sentence and is no part of it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text: `kind` is p, h, ul or ol; a paragraph and a head have one line."""

    kind: str
    lines: tuple[str, ...]


def blocks_of(text: str) -> list[Block]:
    """The pieces of a text. Lines that follow each other are one paragraph; "- " begins an item of a list,
    "1. " one of a numbered list, "## " a head; an empty line ends whatever it is."""
    found: list[Block] = []
    kind, lines = "", list[str]()

    def close() -> None:
        nonlocal kind, lines
        if lines:
            whole = tuple(lines) if kind in ("ul", "ol") else (" ".join(lines),)
            found.append(Block(kind, whole))
        kind, lines = "", []

    for line in text.replace("\r\n", "\n").split("\n"):
        said = line.strip()
        if not said:
            close()
            continue
        now, words = _kind_of(said)
        if now == "p" and kind in ("ul", "ol"):
            lines[-1] = f"{lines[-1]} {words}"  # an item that goes on
            continue
        if now != kind or now == "h":
            close()
        kind = now
        lines.append(words)
    close()
    return found


def _kind_of(line: str) -> tuple[str, str]:
    if line.startswith("- "):
        return "ul", line[2:].strip()
    if line.startswith("## "):
        return "h", line[3:].strip()
    if number := _NUMBERED.match(line):
        return "ol", line[number.end() :].strip()
    return "p", line


def as_html(text: str) -> SafeString:
    """The text as HTML. Nothing in it is ever markup but what this function writes."""
    return mark_safe("\n".join(_block(block) for block in blocks_of(text)))  # noqa: S308 (each part is escaped)


def _block(block: Block) -> SafeString:
    if block.kind in ("ul", "ol"):
        items = format_html_join("", "<li>{}</li>", ((_inline(line),) for line in block.lines))
        return format_html("<{}>{}</{}>", mark_safe(block.kind), items, mark_safe(block.kind))  # noqa: S308
    tag = "h2" if block.kind == "h" else "p"
    return format_html("<{}>{}</{}>", mark_safe(tag), _inline(block.lines[0]), mark_safe(tag))  # noqa: S308


def _inline(line: str) -> SafeString:
    return mark_safe("".join(_pieces(line)))  # noqa: S308 (each piece is escaped)


def _pieces(line: str) -> Iterator[str]:
    place = 0
    for found in _LINK.finditer(line):
        yield conditional_escape(line[place : found.start()])
        words, address = (found[1], found[2]) if found[2] else (found[3], found[3])
        kept = address if found[2] else address.rstrip(_TRAILS)
        yield format_html(
            '<a href="{}" rel="nofollow noopener">{}</a>', kept, words if found[2] else kept
        )
        yield conditional_escape(address[len(kept) :])
        place = found.end()
    yield conditional_escape(line[place:])


def begins(text: str) -> str:
    """The first paragraph, in plain words: what stands under a title in a list, and in an answer."""
    for block in blocks_of(text):
        if block.kind == "p":
            return _LINK.sub(lambda found: found[1] or found[3], block.lines[0])
    return ""


def slug_of(title: str) -> str:
    """What stands behind the number in an address; never empty."""
    return slugify(title)[:80].strip("-") or "x"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a comparison: `how` is "same", "gone" or "new"."""

    how: str
    words: str


def differences(was: str, now: str) -> list[Piece]:
    """What changed from one text to another, word by word, in reading order."""
    first, second = re.findall(r"\s+|[^\s]+", was), re.findall(r"\s+|[^\s]+", now)
    found: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    for how, a, b, c, d in matcher.get_opcodes():
        if how == "equal":
            found.append(Piece("same", "".join(first[a:b])))
            continue
        if b > a:
            found.append(Piece("gone", "".join(first[a:b])))
        if d > c:
            found.append(Piece("new", "".join(second[c:d])))
    return found
