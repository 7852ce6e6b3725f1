"""A look at markup before any parser sees it: how deep, how many attributes, any entities of its own."""

import re
import zlib
from typing import Final

from openroads.connectors.failures import Refused
from openroads.connectors.sentences import say

MAX_DEPTH: Final = 200
MAX_TAG: Final = 64_000
"""Bytes of one tag with all its attributes."""

_TAG: Final = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:._-]{0,60})")
# Elements that never hold others, or that HTML closes by itself: counting them would make an
# honest list of a thousand unclosed <li> look like a tower.
_FLAT: Final = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li td th tr dt dd "
    b"option optgroup thead tbody tfoot colgroup".split()
)


def check_markup(body: bytes, what: str, *, html: bool = False, max_depth: int = MAX_DEPTH) -> None:
    """Refused when parsing the markup could stall: linear in its size, runs before any parser.

    Depth counts open minus closed elements. XML may not declare entities: that is how few bytes
    become many. `what` begins the sentence, as in say("The feed").
    """
    flat = body.replace(b"\0", b"") if b"\0" in body[:200] else body  # UTF-16 reads as ASCII then
    if not html and re.search(rb"<!ENTITY", flat, re.IGNORECASE):
        raise Refused(say("{what} declares entities of its own; it is not read.", what=what))
    depth = 0
    last = -1
    for tag in _TAG.finditer(flat):
        start = tag.start()
        if last >= 0 and start - last > MAX_TAG:
            _check_tag(flat, last, start, what)
        last = start
        name = tag[2].lower()
        if html and name in _FLAT:
            continue
        if tag[1]:
            depth = max(0, depth - 1)
            continue
        end = flat.find(b">", start, start + MAX_TAG)
        if end < 0 or flat[end - 1] != 47:  # not "/>"
            depth += 1
        if depth > max_depth:
            raise Refused(
                say(
                    "{what} is nested more than {depth} levels deep; it is not read.",
                    what=what,
                    depth=max_depth,
                )
            )
    if last >= 0:
        _check_tag(flat, last, len(flat), what)


def _check_tag(body: bytes, start: int, stop: int, what: str) -> None:
    end = body.find(b">", start, stop)
    if (end if end >= 0 else stop) - start > MAX_TAG:
        raise Refused(
            say(
                "{what} has a tag with more attributes than any page needs; it is not read.",
                what=what,
            )
        )


def gunzip(body: bytes, max_bytes: int, what: str) -> bytes:
    """The contents of gzip bytes, at most `max_bytes`; other bytes come back as they are."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = unpacker.decompress(body, max_bytes)
    except zlib.error:
        raise Refused(say("{what} cannot be unpacked.", what=what)) from None
    if unpacker.unconsumed_tail:
        size = max_bytes / 1_000_000
        raise Refused(
            say("{what} unpacks to more than {size} MB; it is not read.", what=what, size=size)
        )
    return plain
