"""Colour tokens: read from the stylesheet that owns them, and put in place of var(--x) where no
stylesheet reaches.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openroads.charts.fonts import SANS, SERIF

_DECLARATION = re.compile(r"--([a-z0-9-]+)\s*:\s*([^;{}]+);")
_PAIR = re.compile(r"light-dark\(\s*(#[0-9A-Fa-f]{3,8})\s*,\s*(#[0-9A-Fa-f]{3,8})\s*\)\Z")
_LITERAL = re.compile(r"#[0-9A-Fa-f]{3,8}\Z")
_REFERENCE = re.compile(r"var\(--([a-z0-9-]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

Palette = Mapping[str, str]
"""Literal colours (and two typefaces) by token name without its dashes: {"ink": "#14211C", ...}."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The palettes of one stylesheet."""

    light: Palette
    dark: Palette
    print: Palette
    """Light on white paper, for PDF, mail and PNG."""

    @classmethod
    def parse(cls, css: str) -> "Tokens":
        """From the text of tokens.css: declarations of :root, light-dark() split, print overrides
        applied.

        Raises ValueError when a colour token refers to one that is not there.
        """
        text = _COMMENT.sub("", css)
        root = _block(text, r":root\s*\{")
        printed = dict(_DECLARATION.findall(_block(text, r"@media\s+print\s*\{\s*:root\s*\{")))
        light, dark = _colours(root, 0), _colours(root, 1)
        paper = {name: value for name, value in printed.items() if _LITERAL.match(value.strip())}
        return cls(light, dark, {**light, **paper})


def _block(text: str, opening: str) -> str:
    """The declarations of the first block so opened that declares a colour."""
    for found in re.finditer(opening, text):
        block = text[found.end() : text.index("}", found.end())]
        if "#" in block:
            return block
    return ""


def _colours(block: str, theme: int) -> dict[str, str]:
    colours = {"font-serif": SERIF, "font-sans": SANS}
    references = {}
    for name, raw in _DECLARATION.findall(block):
        value = raw.strip()
        pair = _PAIR.match(value)
        if pair:
            colours[name] = pair.group(theme + 1)
        elif _LITERAL.match(value):
            colours[name] = value
        elif _REFERENCE.fullmatch(value):
            references[name] = value[len("var(--") : -1]
    for name, target in references.items():
        if target not in colours:
            raise ValueError(f"The token --{name} refers to --{target}, which is not a colour.")
        colours[name] = colours[target]
    return colours


def literal(svg: str, palette: Palette) -> str:
    """The same drawing with literal colours and typefaces: for typst, mail and files that stand
    alone.

    Raises ValueError for a token the palette lacks: a missing colour would print black.
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in palette:
            raise ValueError(f"No colour for the token --{name}.")
        return palette[name]

    return _REFERENCE.sub(value, svg)
