"""How long a text is as networks count: signs as people see them (Unicode's grapheme clusters), and Mastodon's rules."""

import re
import unicodedata
from typing import Final

LINK: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
"""An address in a text; what only ends the sentence is cut off by `link_end`."""
OF_A_LINK: Final = 23
"""Characters Mastodon counts for an address, however long it is."""
_MENTION: Final = re.compile(r"(?<![\w/])@(\w+(?:[.-]\w+)*)@[\w.-]*\w", re.ASCII)
_JOINER: Final = "\u200d"


def graphemes(text: str) -> int:
    """Signs as people see them, by the rules of UAX #29 for extended grapheme clusters.

    Prepended marks and Indic conjuncts are counted apart, as many libraries do: never too few.
    """
    count, before, flags = 0, "", 0
    pictured = joined = False
    for sign in text:
        kind = _kind(sign)
        if not before or not _stays(before, kind, joined, flags):
            count, flags, pictured = count + 1, 0, False
        joined = kind == "joiner" and pictured
        flags += kind == "flag"
        pictured = kind == "picture" or (pictured and kind in ("extend", "joiner"))
        before = kind
    return count


def _stays(before: str, kind: str, joined: bool, flags: int) -> bool:
    """Whether a sign belongs to the cluster of the one before it."""
    if before == "return" or kind in ("return", "newline", "control"):
        return before == "return" and kind == "newline"
    if before in ("newline", "control"):
        return False
    if kind in ("extend", "joiner", "spacing"):
        return True
    if kind == "picture":
        return joined
    if kind == "flag":
        return before == "flag" and flags % 2 == 1
    return kind in _HANGUL.get(before, ())


_HANGUL: Final = {
    "l": ("l", "v", "lv", "lvt"),
    "lv": ("v", "t"),
    "v": ("v", "t"),
    "lvt": ("t",),
    "t": ("t",),
}


def _kind(sign: str) -> str:
    if sign == _JOINER:
        return "joiner"
    if sign == "\r":
        return "return"
    if sign == "\n":
        return "newline"
    code, category = ord(sign), unicodedata.category(sign)
    if category in ("Mn", "Me") or sign in "\u200c\uff9e\uff9f":
        return "extend"
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return "extend"
    if category == "Mc":
        return "spacing"
    if category in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return "control"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "flag"
    if category == "So" or sign in "\u203c\u2049\u2139\u3030\u303d":
        return "picture"
    return _syllable(code)


def _syllable(code: int) -> str:
    """The part of a Korean syllable; "other" for everything else."""
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "l"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "v"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "t"
    if 0xAC00 <= code <= 0xD7A3:
        return "lv" if (code - 0xAC00) % 28 == 0 else "lvt"
    return "other"


def link_end(link: str) -> str:
    """An address without what ends the sentence it stands in."""
    link = link.rstrip(".,;:!?'’”»")
    if link.endswith(")") and "(" not in link:
        link = link.rstrip(").,;:!?")
    return link


def as_mastodon_counts(text: str) -> int:
    """The length of a text at Mastodon: an address is 23, of a mention the name without its server
    (https://docs.joinmastodon.org/user/posting/#text)."""

    def of_a_link(found: re.Match[str]) -> str:
        link = link_end(found[0])
        return "x" * OF_A_LINK + found[0][len(link) :]

    return graphemes(_MENTION.sub(r"@\1", LINK.sub(of_a_link, text)))
