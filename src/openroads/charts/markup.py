"""Building SVG safely: text escaped, names checked, no style and no script can be said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from html import escape

_NAME = re.compile(r"[a-zA-Z][a-zA-Z-]*\Z")
_FORBIDDEN_NAMES = frozenset({"style", "script", "foreignObject"})
# XML 1.0 has no way to write these, not even escaped: one of them would make the whole page ill-
# formed.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SAFE_LINK = re.compile(r"(?:https?://|[/?#])", re.IGNORECASE)

Attribute = str | float | int | None


@dataclass(frozen=True, slots=True)
class Element:
    """One element with its children, made by `el`, written by `str()`."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Element | str", ...] = field(default=())

    def __str__(self) -> str:
        attributes = "".join(f' {name}="{value}"' for name, value in self.attributes)
        if not self.children:
            return f"<{self.name}{attributes}/>"
        inner = "".join(
            _text(child) if isinstance(child, str) else str(child) for child in self.children
        )
        return f"<{self.name}{attributes}>{inner}</{self.name}>"


def _text(value: str) -> str:
    return escape(_UNWRITABLE.sub("", value), quote=True)


def number(value: float) -> str:
    """A coordinate with at most one decimal: finer than a pixel, the same on every machine."""
    rounded = f"{value:.1f}"
    rounded = rounded.removesuffix(".0")
    return "0" if rounded == "-0" else rounded


@cache
def _attribute(key: str) -> str:
    """An attribute as it is written; our own code names a few dozen of them."""
    name = key.rstrip("_").replace("_", "-") if key not in _CAMEL else _CAMEL[key]
    if not _NAME.match(name) or name == "style" or name.lower().startswith("on"):
        raise ValueError(f"An exhibit may not hold the attribute {name}.")
    return name


def el(tag: str, /, *children: Element | str | None, **attributes: Attribute) -> Element:
    """An element. `font_size=12` becomes `font-size="12"`, a trailing underscore falls off, None is
    left out.

    Raises ValueError for a style, a script, an event handler, or a link that is not http(s) or
    within the site: these are mistakes of ours, never of the words drawn.
    """
    if not _NAME.match(tag) or tag in _FORBIDDEN_NAMES:
        raise ValueError(f"An exhibit may not hold <{tag}>.")
    written = []
    for key, value in attributes.items():
        if value is None:
            continue
        name = _attribute(key)
        text = value if isinstance(value, str) else number(value)
        if name == "href" and not _SAFE_LINK.match(text):
            raise ValueError("A link of an exhibit leads to http(s) or stays within the site.")
        written.append((name, _text(text)))
    return Element(tag, tuple(written), tuple(child for child in children if child is not None))


_CAMEL = {
    "view_box": "viewBox",
    "text_length": "textLength",
    "length_adjust": "lengthAdjust",
}


def drawing(
    width: float,
    height: float,
    label: str,
    parts: Iterable[Element | None],
    *,
    class_: str = "exhibit",
    links: bool = False,
) -> str:
    """A whole SVG at true size. `label` is the sentence a reader hears; empty = decoration beside
    words that say it.

    TRICKY: role="img" hides everything inside from a screen reader, links too; a drawing with links
    is a group.
    """
    return str(
        el(
            "svg",
            *parts,
            xmlns="http://www.w3.org/2000/svg",
            view_box=f"0 0 {number(width)} {number(height)}",
            width=width,
            height=height,
            class_=class_,
            role=("group" if links else "img") if label else None,
            aria_label=label or None,
            aria_hidden=None if label else "true",
        )
    )
