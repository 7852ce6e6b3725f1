"""Which encoding the bytes of a file are written in, decided on all of them; binary files are refused."""

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import charset_normalizer

from openroads.connectors.failures import Refused
from openroads.connectors.sentences import Sentence, say

_CHUNK: Final = 1 << 20
_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts the same way
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: Final[tuple[tuple[bytes, Sentence], ...]] = (
    (b"%PDF", say("a PDF document")),
    (b"\x89PNG", say("a picture")),
    (b"\xff\xd8\xff", say("a picture")),
    (b"GIF8", say("a picture")),
    (b"\x1f\x8b", say("a gzip archive: unpack it first")),
    (b"Rar!", say("a RAR archive: unpack it first")),
    (b"7z\xbc\xaf", say("a 7-Zip archive: unpack it first")),
    (b"BZh", say("a bzip2 archive: unpack it first")),
    (b"\xd0\xcf\x11\xe0", say("an old or password-protected Office file: save it as .xlsx or .csv, "
                              "without a password")),
    (b"SQLite format 3", say("a database")),
    (b"\x7fELF", say("a program")),
    (b"MZ\x90", say("a program")),
    (b"PAR1", say("a Parquet file: export it as CSV")),
)  # fmt: skip
# Windows' Western code page first; the others are what Macs and old DOS programs write.
_SINGLE_BYTE: Final = ["cp1252", "mac_roman", "cp850"]
_USUAL: Final = "éèëêïîíüúûöóôäáàâçñßøåÉ€“”‘’–…"
_MOJIBAKE: Final = ("Ã©", "Ã«", "Ã¨", "Ã¯", "â€™", "â€œ", "â‚¬", "ðŸ")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The name of a codec, whether the bytes leave no other choice, and sentences for the person."""

    name: str
    sure: bool = True
    problems: tuple[str, ...] = ()


def refuse_binary(head: bytes, name: str) -> None:
    """Refused when the first bytes are those of a file that holds no table."""
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise Refused(
                say(
                    "“{name}” is {what}. Openroads reads CSV, TSV, XLSX and JSON Lines.",
                    name=name,
                    what=what,
                )
            )


def detect_encoding(path: Path, name: str) -> Encoding:
    """The encoding of a text file, after looking at every byte of it.

    A byte order mark decides; else strict UTF-8, where a few wrong bytes in a file that is UTF-8
    otherwise are left to be rejected row by row; else UTF-16 without a mark, else a single-byte
    code page. Raises Refused for files that are not text.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return Encoding(codec)
    refuse_binary(head, name)
    if wide := _wide_without_mark(head):
        return Encoding(wide)
    controls = sum(head.count(byte) for byte in (b"\x01", b"\x02", b"\x03", b"\x04", b"\x06"))
    if head.count(b"\0") > max(64, len(head) // 100) or controls > max(64, len(head) // 100):
        raise Refused(
            say(
                "“{name}” is not a text file. Openroads reads CSV, TSV, XLSX and JSON Lines.",
                name=name,
            )
        )
    good, bad, sample = _utf8_census(path)
    if not bad:
        return Encoding("utf-8", problems=_mojibake(head))
    if good > 10 * bad:
        why = say(
            "The file holds bytes that are not valid UTF-8 ({times}×); the rows they stand in are "
            "rejected.",
            times=bad,
        )
        return Encoding("utf-8", False, (why,))
    return _single_byte(sample)


def _mojibake(head: bytes) -> tuple[str, ...]:
    text = head.decode("utf-8", "ignore")
    found = sum(text.count(mark) for mark in _MOJIBAKE)
    if found < 3:
        return ()
    return (
        say(
            "The text seems to have been garbled before it was saved (for example “Ã©” for “é”, "
            "{times} times). It is imported as it stands; a fresh export may be better.",
            times=found,
        ),
    )


def _wide_without_mark(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _halves(text: str) -> int:
    """How many bytes of a decoded text were no UTF-8; a good text costs next to nothing."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return sum(1 for letter in text if "\udc80" <= letter <= "\udcff")
    return 0


def _utf8_census(path: Path) -> tuple[int, int, bytes]:
    """Characters beyond ASCII that are good UTF-8, places that are not, and lines with the latter."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    sample = bytearray()
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            if not text.isascii():
                wrong = _halves(text)
                bad += wrong
                good += len(text) - len(text.encode("ascii", "ignore")) - wrong
                if wrong and len(sample) < 65_536:
                    for line in chunk.splitlines():
                        if not line.isascii():
                            sample += line[:2_000] + b"\n"
                        if len(sample) > 65_536:
                            break
            if not chunk:
                return good, bad, bytes(sample)


def _single_byte(sample: bytes) -> Encoding:
    beyond = sum(1 for byte in sample if byte > 127)
    name = "cp1252"
    undefined = any(byte in sample for byte in b"\x81\x8d\x8f\x90\x9d")
    # On a handful of letters the statistics of charset-normalizer are noise: Windows it is. And
    # what it prefers must also give more of the letters that people here write.
    if beyond >= 20 or undefined:
        best = charset_normalizer.from_bytes(
            sample, cp_isolation=_SINGLE_BYTE, enable_fallback=False
        ).best()
        if best is not None and best.encoding in _SINGLE_BYTE:
            if undefined or _usual(sample, best.encoding) > _usual(sample, name):
                name = best.encoding
    why = say(
        "The file is not UTF-8; it is read as {encoding}. Look at the accents in the preview.",
        encoding=name,
    )
    return Encoding(name, False, (why,))


def _usual(sample: bytes, encoding: str) -> int:
    text = sample.decode(encoding, "ignore")
    return sum(text.count(letter) for letter in _USUAL)
