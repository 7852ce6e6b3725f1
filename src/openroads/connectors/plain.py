"""Text as people wrote it: markup off, control characters out, sizes capped, nothing executed."""

import html
import re
from urllib.parse import urlsplit

# Only names HTML knows count as tags, so that "I <3 this" and "a <b and c> d" mostly stay words.
_TAGS = (
    "a|abbr|address|article|aside|audio|b|base|big|blockquote|body|br|button|caption|center|cite|"
    "code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|"
    "form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|"
    "main|map|mark|math|meta|nav|noscript|object|ol|optgroup|option|p|param|picture|pre|q|s|samp|"
    "script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|"
    "template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr"
)
# Linear by construction: no nested quantifier, and a tag never contains another "<".
_TAG = re.compile(rf"</?(?:{_TAGS})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_BREAKS = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|tr|table|h[1-6]|blockquote|section|article|header|footer|pre|dt|dd|"
    r"figure|figcaption|title|option)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_SILENT_OPEN = re.compile(
    r"<(script|style|template|noscript|iframe|svg|math|object)\b[^<>]*>", re.IGNORECASE
)
_PICTURE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"<>]{1,100})"|'([^'<>]{1,100})')""", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\r\f\v]+")
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def clean(text: str) -> str:
    """The text without control characters and half surrogates, line ends as one newline."""
    if text.isascii() and text.isprintable():
        return text.strip()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    return text.strip()


def plain(text: str) -> str:
    """Plain words from text that may hold HTML; linear in its length, however deep it is nested.

    Tags go, block tags become line ends, what a browser would run or hide goes with its contents,
    entities are decoded once, a picture of an emoji is the emoji. Text without markup comes back as `clean` gives it.
    """
    if not _MARKUP.search(text):
        return clean(text)
    if "<" in text:
        text = _without_comments(text)
        text = _PICTURE.sub(_emoji, _without_silent(text))
        if _BREAKS.search(text):
            text = _BREAKS.sub("\n", _BLANKS.sub(" ", text))
            text = _TAG.sub("", text)
            text = _EMPTY_LINES.sub("\n\n", text)
        else:
            text = _TAG.sub("", text)
    return clean(html.unescape(text))


def _emoji(picture: re.Match[str]) -> str:
    """What a picture in a text stands for when that is an emoji: blogs and forums send them so. Else the picture."""
    told = _ALT.search(picture[0])
    sign = html.unescape(told[1] or told[2]).strip() if told else ""
    is_sign = sign and not sign.isascii() and not any(each.isalpha() for each in sign)
    return sign if is_sign and not any(each.isspace() for each in sign) else picture[0]


def _without_comments(text: str) -> str:
    """Drop <!-- ... -->; an unclosed comment swallows the rest, as in a browser."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    kept.append(text[at:])
    return "".join(kept)


def _without_silent(text: str) -> str:
    """Drop script, style and their like with everything inside them, in one walk."""
    if not _SILENT_OPEN.search(text):
        return text
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that changes length when lowered: match on the text
        lowered = text
    ends: dict[str, int] = {}
    kept, at = [], 0
    while opened := _SILENT_OPEN.search(text, at):
        kept.append(text[at : opened.start()])
        name = opened.group(1).lower()
        # TRICKY: a name whose closing tag is not found is remembered, else thousands of
        # unclosed <script> would each scan to the end of the text.
        if ends.get(name) != -1:
            ends[name] = lowered.find(f"</{name}", opened.end())
        if ends[name] < 0:
            if opened.group(0).endswith("/>"):
                at = opened.end()
                continue
            return "".join(kept)
        close = text.find(">", ends[name])
        if close < 0:
            return "".join(kept)
        at = close + 1
    kept.append(text[at:])
    return "".join(kept)


def one_line(text: str, limit: int = 500) -> str:
    """A title: plain words on one line, at most `limit` characters."""
    return " ".join(plain(text[: limit * 8]).split())[:limit]


def web_address(url: str, limit: int = 2_000) -> str:
    """The address when it is a whole http(s) one that can be linked to; else empty."""
    url = url.strip()
    if not url or len(url) > limit or any(c.isspace() or ord(c) < 32 for c in url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return ""
    if any(c in url for c in '"<>\\^`{|}'):
        return ""
    return url
