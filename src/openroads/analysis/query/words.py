"""What a word is, for a search: one definition that the archive's engine and Python work out alike.

Capitals and accents are taken away, invisible characters too; a word is a run of letters and
figures; every other character parts two words. Chinese, Japanese, Thai, Lao, Burmese and Khmer are
written without spaces: there each character is a word, and a word of ours becomes a phrase.

The archive computes the same in SQL (column `searchable` of `post`, see its schema); a test holds
both to each other for every character there is.
"""

import unicodedata

BETWEEN = "\x1e"
"""Stands between a title and its text (and where a text holds one): nothing is found across it."""

INVISIBLE = (
    (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xFEFF, 0xFEFF),
)  # fmt: skip
"""Characters that are left out, first and last: soft hyphens, joiners, marks of direction."""

UNSPACED = (
    (0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x9FFF), (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Scripts without spaces between words, first and last."""

# TRICKY: the engine and Python each bring a Unicode of their own (17 for capitals and 15.1 for letters
# in chdb 26.9; 14 in Python 3.11). Below are all the characters they see differently, found by asking
# the engine about each; the test that does so says which are missing when either moves on.
_LATER_LETTERS = (
    (0xCF3, 0xCF3), (0x1123F, 0x11240), (0x11F02, 0x11F10), (0x11F12, 0x11F35), (0x11F3E, 0x11F3F),
    (0x11F41, 0x11F41), (0x11F50, 0x11F59), (0x1342F, 0x1342F), (0x13441, 0x13446),
    (0x1B132, 0x1B132), (0x1B155, 0x1B155), (0x1D2C0, 0x1D2D3), (0x1DF25, 0x1DF2A),
    (0x1E030, 0x1E06D), (0x1E4D0, 0x1E4EB), (0x1E4F0, 0x1E4F9), (0x2B739, 0x2B739),
    (0x2EBF0, 0x2EE5D), (0x31350, 0x323AF),
)  # fmt: skip
_LATER_MARKS = (
    (0x897, 0x897), (0xECE, 0xECE), (0x1ACF, 0x1ADD), (0x1AE0, 0x1AEB), (0x10D69, 0x10D6D),
    (0x10EFA, 0x10EFF), (0x11241, 0x11241), (0x113BB, 0x113C0), (0x113CE, 0x113CE),
    (0x113D0, 0x113D0), (0x113D2, 0x113D2), (0x113E1, 0x113E2), (0x11B60, 0x11B60),
    (0x11B62, 0x11B64), (0x11B66, 0x11B66), (0x11F00, 0x11F01), (0x11F36, 0x11F3A),
    (0x11F40, 0x11F40), (0x11F42, 0x11F42), (0x11F5A, 0x11F5A), (0x13440, 0x13440),
    (0x13447, 0x13455), (0x1611E, 0x16129), (0x1612D, 0x1612F), (0x1E08F, 0x1E08F),
    (0x1E4EC, 0x1E4EF), (0x1E5EE, 0x1E5EF), (0x1E6E3, 0x1E6E3), (0x1E6E6, 0x1E6E6),
    (0x1E6EE, 0x1E6EF), (0x1E6F5, 0x1E6F5),
)  # fmt: skip
_NO_LONGER_MARKS = frozenset({0x1171E})
_LATER_CAPITALS = {
    0xA7CB: 0x264, 0xA7DC: 0x19B, 0x11385: 0x11384, 0x105C9: 0x105D2, 0x105E4: 0x105DA,
    **{capital: capital + 1 for capital in (0x1C89, 0xA7CC, 0xA7CE, 0xA7D2, 0xA7D4, 0xA7DA)},
    **{capital: capital + 0x20 for capital in range(0x10D50, 0x10D66)},
    **{capital: capital + 0x1B for capital in range(0x16EA0, 0x16EB9)},
}  # fmt: skip


def fold(text: str) -> str:
    """The text without capitals and accents, as `removeDiacriticsUTF8(caseFoldUTF8(text))`."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text.translate(_LATER_CAPITALS).casefold())
    return unicodedata.normalize("NFC", apart.translate(_MARKS))


def searchable(title: str, text: str) -> str:
    """The words of a post one space apart, with a space at either end: what a search looks in."""
    return f" {' '.join(cut(f'{title} {BETWEEN} {text}' if title else text))} "


def cut(text: str) -> list[str]:
    """The words of a text in order; `BETWEEN` is one of them."""
    return [word for word in fold(text).translate(_WORDS).split(" ") if word]


def cut_pattern(text: str) -> list[str]:
    """The words of a piece of a query: as `cut`, but a star stays in its word."""
    return [word for word in fold(text).translate(_PATTERNS).split(" ") if word]


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= point <= last for first, last in ranges)


class _Marks(dict[int, str | None]):
    """For str.translate: takes accents away, keeps the rest. Filled as characters are met."""

    def __missing__(self, point: int) -> str | None:
        mark = unicodedata.category(chr(point)) == "Mn" and point not in _NO_LONGER_MARKS
        self[point] = None if mark or _within(point, _LATER_MARKS) else chr(point)
        return self[point]


class _Words(dict[int, str | None]):
    """For str.translate: letters and figures stay, whatever else becomes a space."""

    def __missing__(self, point: int) -> str | None:
        letter = unicodedata.category(chr(point)) in _LETTERS or _within(point, _LATER_LETTERS)
        if _within(point, INVISIBLE):
            self[point] = None
        elif not letter:
            self[point] = " "
        else:
            self[point] = f" {chr(point)} " if _within(point, UNSPACED) else chr(point)
        return self[point]


_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Mc"})
_MARKS = _Marks()
_WORDS = _Words({ord(BETWEEN): f" {BETWEEN} "})
_PATTERNS = _Words({ord(BETWEEN): " ", ord("*"): "*"})
