"""A picture that goes along with an answer: what it is by its own bytes, and without where it was taken."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from openroads.connectors.answering import Picture

LARGEST = 5_000_000
LONGEST_ALT = 1_000
_BEGINS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_TOLD = {0xE1, 0xED, 0xFE}
"""Parts of a JPEG that tell of it: EXIF and XMP (where and when, by which phone), IPTC, a comment."""
_PNG_TOLD = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}


def picture_of(name: str, body: bytes, alt: str) -> Picture:
    """A picture ready to go along. Raises ValidationError for what is no picture a network takes, what is too
    large, and without words that say what it shows: who cannot see it has nothing else."""
    if len(body) > LARGEST:
        raise ValidationError({"picture": _("A picture can be 5 MB at most. Make it smaller.")})
    kind = kind_of(body)
    if not kind:
        raise ValidationError({"picture": _("Choose a picture: JPEG, PNG, GIF or WebP.")})
    said = " ".join(alt.split())
    if not said:
        raise ValidationError(
            {"alt": _("Say in words what the picture shows: not everybody can see it.")}
        )
    return Picture(name[-100:] or "picture", kind, without_place(body, kind), said[:LONGEST_ALT])


def kind_of(body: bytes) -> str:
    """What a file is by its own first bytes, whatever it is called; empty for what is no picture."""
    for begins, kind in _BEGINS:
        if body.startswith(begins):
            return kind
    return "image/webp" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else ""


def without_place(body: bytes, kind: str) -> bytes:
    """The same picture without what the camera wrote beside it: where, when, and by which device. What
    cannot be taken apart is left whole."""
    if kind == "image/jpeg":
        return _jpeg(body)
    return _png(body) if kind == "image/png" else body


def _jpeg(body: bytes) -> bytes:
    """JPEG (ITU T.81, annex B): segments of a marker and a length of two bytes, until the scan begins."""
    kept, at = bytearray(body[:2]), 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        if marker == 0xDA:  # the picture itself: nothing after it is a segment of ours to judge
            return bytes(kept) + body[at:]
        end = at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        if end > len(body) or end < at + 4:
            return body
        if marker not in _TOLD:
            kept += body[at:end]
        at = end
    return body


def _png(body: bytes) -> bytes:
    """PNG (RFC 2083): chunks of a length, a name, content and a checksum."""
    kept, at = bytearray(body[:8]), 8
    while at + 12 <= len(body):
        end = at + 12 + int.from_bytes(body[at : at + 4], "big")
        if end > len(body):
            return body
        if body[at + 4 : at + 8] not in _PNG_TOLD:
            kept += body[at:end]
        at = end
    return bytes(kept) if at == len(body) else body
