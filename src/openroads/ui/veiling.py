"""Words of people without the names in them, as far as a machine can tell: for whoever sees no names, and for what is kept or sent on."""

import re
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

_ADDRESS = re.compile(r"(?<![\w@.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"((?:https?://|www\.)[^\s/?#]+)(?:[/?#][^\s]*)?", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@/.])(?:(?:/?u/)|@)([\w](?:[\w.\-]*[\w])?)(?:@[\w-]+(?:\.[\w-]+)+)?")
_WORD = re.compile(r"\w")
SHORTEST = 4
"""A shorter name is an ordinary word too often to be masked where no @ stands before it."""


def veiled_text(text: str, ours: Collection[str]) -> str:
    """A text without handles of others, mail addresses and the paths of links; handles in `ours` (small
    letters, no @) stay."""

    def handle(found: re.Match[str]) -> str:
        if is_ours(found[1], ours):
            return found[0]
        return f"@{_('somebody')}"

    if not text:
        return text
    text = _ADDRESS.sub(_("(mail address)"), text)
    return _HANDLE.sub(handle, _LINK.sub(_host_only, text))


def without_names(text: str, names: Sequence[str], instead: str) -> str:
    """The text with each of these names replaced where it stands as a word of its own."""
    for name in names:
        if len(name) >= SHORTEST and _WORD.search(name) and name.lower() in text.lower():
            word = re.compile(rf"(?<!\w)@?{re.escape(name)}(?!\w)", re.IGNORECASE)
            text = word.sub(lambda _found: instead, text)
    return text


def is_ours(handle: str, ours: Collection[str]) -> bool:
    """Whether it is an account of the company's own."""
    return handle.lstrip("@").lower() in ours


def _host_only(found: re.Match[str]) -> str:
    return found[1] if found[1] == found[0] else f"{found[1]}/…"
