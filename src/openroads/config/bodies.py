"""How large a request may be: what is larger, or would fill the disk, is never kept and answered in words."""

import tempfile
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver

from openroads.listening.uploads import folder, limit_words, room, way_on_words

ENVELOPE: Final = 100_000
"""Bytes a form puts around the file in it."""
_REFUSED: Final = "OPENROADS_BODY_REFUSED"
FOR_PROGRAMS: Final = ("/api/", "/hooks/")

Answer = Callable[[HttpRequest], HttpResponse]


class Nothing:
    """A buffer that keeps nothing of what is put in."""

    def append(self, _data: bytes) -> None:
        pass

    def __len__(self) -> int:
        return 0

    def close(self) -> None:
        pass


class BoundedBody(HTTPRequestParser):  # type: ignore[misc]
    """Reads a request, and throws a body away that is too large.

    TRICKY: the body is taken in to its end all the same. A server that answers and closes half-way
    is not heard: the browser is still sending and shows a broken connection instead of the answer.
    """

    refused = ""
    content_length: int
    expect_continue: bool
    completed: bool

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.headers.pop(_REFUSED, None)  # nobody else says so
        self.refused = why_not(self.content_length, self.headers.get("CONTENT_TYPE", ""))
        if not self.refused:
            return
        self.headers[_REFUSED] = self.refused
        self.headers["CONTENT_LENGTH"] = "0"
        self.body_rcv = FixedStreamReceiver(self.content_length, Nothing())
        if self.expect_continue:  # the sender waits for a word: it need not send at all
            self.expect_continue, self.body_rcv = False, None
        self.content_length = 0

    def received(self, data: bytes) -> int:
        if not self.refused or self.body_rcv is None or self.completed:
            return int(super().received(data))
        taken = self.body_rcv.received(data)
        self.completed = self.body_rcv.completed
        return int(taken)

    def get_body_stream(self) -> object:
        if self.refused:
            self.body_rcv = None
        return super().get_body_stream()


def why_not(length: int, content_type: str) -> str:
    """Why a body of so many bytes is not taken: "form", "size" or "disk"; empty when it is."""
    if not content_type.startswith("multipart/"):
        return "form" if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE else ""
    if length > settings.OPENROADS.upload_limit + ENVELOPE:
        return "size"
    # What stays in memory anyway needs no room.
    if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and length > room():
        return "disk"
    return ""


def bound_bodies() -> None:
    """Make waitress read every request so, and keep what is on its way in the data folder: the
    system's folder for temporary files is small on many machines, or memory."""
    tempfile.tempdir = str(folder())
    HTTPChannel.parser_class = BoundedBody


def refused_bodies(answer: Answer) -> Answer:
    """Say why a body was not taken, and what to do."""

    def answered(request: HttpRequest) -> HttpResponse:
        why = request.META.get(f"HTTP_{_REFUSED}")
        if not why or request.path_info.startswith(FOR_PROGRAMS):
            return answer(request)  # programs are answered in their own words
        told = {"why": why, "limit": limit_words(), "way_on": way_on_words()}
        return render(request, "listening/too_large.html", told, status=413)

    return answered
