"""Cuts a post into tokens with one regular expression: words, marks, mentions, hashtags, links,
emoji.
"""

import html
import re
import unicodedata

EMOJI_BASE = (
    "\u203c\u2049\u231a-\u231b\u23e9-\u23f3\u23f8-\u23fa\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\U0001f000-\U0001f1e5\U0001f200-\U0001faff"
)
EMOJI_TAIL = "\ufe0f\u20e3\U0001f3fb-\U0001f3ff"
EMOJI = (
    "[\U0001f1e6-\U0001f1ff]{2}"  # a flag is two letters of its own alphabet
    f"|[{EMOJI_BASE}][{EMOJI_TAIL}]*(?:\u200d[{EMOJI_BASE}][{EMOJI_TAIL}]*)*"
)
# What follows a first letter is never given back ("*+"), and plain letters, which are tried by a
# table, come before all other letters, which cost a question each.
WORD = r"[^\W\d_][a-z0-9]*+[^\W_]*+(?:['-][^\W\d_][^\W_]*+)*+"
TOKEN = re.compile(
    # Most tokens are a plain word behind a space; the letters h and w may open a link.
    r" ?+([a-gi-vx-z][a-z]*+(?![\w'-])"
    r"|https?://\S+|www\.\S+"
    r"|[@#]\w+"
    rf"|{WORD}"
    r"|\d+(?:[.,:]\d+)*%?"
    r"|[:;=][-'^]?[)(dp/|*\]\[]+(?!\w)|<3"
    r"|[.!?,;:()\[\]\"/|\n…“”«»]+"
    rf"|{EMOJI}"
    r"|[^\s\w]|_+)"
)
MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+\.[\w.-]+")
MAIL_SIGN = re.compile(r"\w@\w")
QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "\u2011": "-"})

TOO_LONG = 40
"""Characters; a longer run of letters is a code or a cat on the keyboard, not a word to count."""


def readable(text: str) -> str:
    """The text as a reader sees it: entities resolved, composed letters, one kind of apostrophe,
    no mail addresses.

    An address would otherwise fall apart into a word and a mention, and it is personal besides.
    """
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(QUOTES)
    if "@" in text and MAIL_SIGN.search(text):
        text = MAIL.sub(" ", text)
    return text


def split(lowered: str) -> list[str]:
    """The tokens of a lower-cased readable text, in order; white space is left out, a line break
    is a token.
    """
    return TOKEN.findall(lowered)


def is_link(token: str) -> bool:
    """Whether the token is a web address."""
    return token.startswith(("http://", "https://", "www."))


def is_emoji(token: str) -> bool:
    """Whether the token is one emoji (with its skin tone, its variation mark or its whole
    family).
    """
    return token[0] >= "\u203c" and not token[0].isalpha() and bool(_EMOJI.match(token))


_EMOJI = re.compile(EMOJI)
