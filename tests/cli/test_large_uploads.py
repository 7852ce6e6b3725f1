"""A body that is too large, sent to a real server: answered in words, never kept."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.houses import Served

HEAD = (
    "POST /listen/imports/ HTTP/1.1\r\nHost: {host}\r\nAccept-Language: {language}\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n{more}"
    "Connection: close\r\n\r\n"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running house that takes files of at most 1 MB; `house.uploads` is its folder for them."""
    folder = tmp_path_factory.mktemp("small")
    served = Served(
        "run", "--data", folder / "house", log=folder / "log", env={"OPENROADS_UPLOAD_LIMIT": "1M"}
    )
    served.uploads = folder / "house" / "uploads"  # type: ignore[attr-defined]
    yield served
    served.stop()


def call(house: Served, length: int, *, language: str = "en", more: str = "") -> socket.socket:
    host = house.address.removeprefix("http://")
    name, _, port = host.partition(":")
    line = socket.create_connection((name, int(port)), timeout=60)
    line.sendall(HEAD.format(host=host, language=language, length=length, more=more).encode())
    return line


def answer(line: socket.socket) -> str:
    told = b""
    while piece := line.recv(65_536):
        told += piece
    line.close()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", told.decode()))


def left(house: Served) -> list[Path]:
    return list(house.uploads.iterdir())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This file is too large to bring with a browser At most 1 MB."),
        ("nl", "Dit bestand is te groot om via de browser te uploaden Hoogstens 1 MB."),
    ],
)
def test_who_sends_too_much_is_heard_out_and_told_why(
    house: Served, language: str, sentence: str
) -> None:
    line = call(house, 20_000_000, language=language)
    for _piece in range(20):
        line.sendall(b"x" * 1_000_000)
        assert left(house) == [], "none of it is kept, not even for a moment"
    told = answer(line)
    assert told.startswith("HTTP/1.1 413") and sentence in told


def test_who_asks_before_sending_need_not_send(house: Served) -> None:
    told = answer(call(house, 5_000_000_000, more="Expect: 100-continue\r\n"))
    assert told.startswith("HTTP/1.1 413"), told[:100]


def test_an_upload_that_breaks_off_leaves_nothing(house: Served) -> None:
    line = call(house, 900_000)
    line.sendall(b"x" * 600_000)
    line.close()
    assert answer(call(house, 0)).startswith("HTTP/1.1 "), "the house goes on"
    assert left(house) == []
