"""A mailbox read over a real connection, TLS and all: a server of the test that can also behave badly."""

import json
import os
import re
import resource
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.imap import Imap, quoted
from openroads.connectors.mailbox import Mailbox, server_in, wait_in
from openroads.connectors.port import Page
from tests.connectors.test_mail_text import HEAD, mail
from tests.peers.mail import certificate

NOW = datetime(2026, 11, 1, 13, 0, tzinfo=UTC)


class MailServer:
    """A small IMAP server: one folder, STARTTLS or TLS at once, IDLE; `answers` replaces what a command gets."""

    def __init__(self, folder: Path, *, at_once: bool = False) -> None:
        cert, key = certificate(folder)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        self.trust = ssl.create_default_context(cafile=str(cert))
        self.at_once = at_once
        self.mails: dict[int, bytes] = {}
        self.validity = 7
        self.said: list[str] = []
        self.answers: dict[str, Callable[[str], bytes]] = {}
        self.offers = "IMAP4rev1 STARTTLS IDLE"
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def client(self, allow: bool = True) -> Guarded:
        listed = [f"localhost:{self.port}"] if allow else []
        return Guarded(listed, context=self.trust)

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                came, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(came,), daemon=True).start()

    def _talk(self, sock: socket.socket) -> None:
        lines: Any = sock.makefile("rb")
        try:
            if self.at_once:
                sock = self.context.wrap_socket(sock, server_side=True)
                lines = sock.makefile("rb")
            sock.sendall(b"* OK hello\r\n")
            while line := lines.readline().decode().rstrip("\r\n"):
                self.said.append(line)
                tag, _, command = line.partition(" ")
                name = " ".join(command.split()[: 2 if command.startswith("UID") else 1]).upper()
                if name in self.answers:
                    sock.sendall(self.answers[name](tag))
                    continue
                if name == "STARTTLS":
                    sock.sendall(f"{tag} OK begin\r\n* CAPABILITY LIES\r\n".encode())
                    sock = self.context.wrap_socket(sock, server_side=True)
                    lines = sock.makefile("rb")
                    continue
                if name == "IDLE":
                    sock.sendall(b"+ idling\r\n")
                    self.mails[max(self.mails, default=0) + 1] = mail("Net binnen", head=HEAD.replace("m1@", "idle@"))  # fmt: skip
                    sock.sendall(f"* {len(self.mails)} EXISTS\r\n".encode())
                    assert lines.readline() == b"DONE\r\n"
                sock.sendall(self._answer(name, command) + f"{tag} OK done\r\n".encode())
        except OSError:
            pass  # the house hung up, which some tests are about
        finally:
            lines.close()
            sock.close()

    def _answer(self, name: str, command: str) -> bytes:
        if name == "CAPABILITY":
            return f"* CAPABILITY {self.offers}\r\n".encode()
        if name == "EXAMINE":
            return (
                f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n".encode()
            )
        if name == "UID SEARCH":
            found = sorted(self.mails)
            if above := re.search(r"UID (\d+):\*", command.removeprefix("UID SEARCH")):
                # As real servers do: the last one always belongs to `n:*`.
                found = [uid for uid in found if uid >= int(above[1])] or found[-1:]
            return f"* SEARCH {' '.join(map(str, found))}\r\n".encode()
        if name == "UID FETCH":
            asked = {int(each) for each in command.split()[2].split(",")}
            return b"".join(
                b'* %d FETCH (UID %d INTERNALDATE "01-Nov-2026 12:35:00 +0100" BODY[]<0> {%d}\r\n%b)\r\n'
                % (uid, uid, len(raw), raw)
                for uid, raw in self.mails.items() if uid in asked
            )  # fmt: skip
        return b""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    running = MailServer(tmp_path)
    yield running
    running.close()


def visit(server: MailServer, cursor: str = "", folder: str = "INBOX", allow: bool = True, **told: str) -> list[Page]:  # fmt: skip
    settings = {"server": f"localhost:{server.port}", "user": "service@windmee.example", "word": "secret-9", "wait": "0", **told}  # fmt: skip
    return list(Mailbox(server.client(allow), settings, NOW, lambda _: None).read(folder, cursor))


def texts(pages: list[Page]) -> list[str]:
    return [message.text for page in pages for message in page.messages]


def numbered(n: int, words: str = "", **headers: str) -> bytes:
    return mail(words or f"Mail {n}", head=HEAD.replace("m1@", f"m{n}@"), **headers)


def test_new_mail_is_read_and_the_next_visit_reads_what_came_after(server: MailServer) -> None:
    server.mails = {1: numbered(1), 3: numbered(3)}
    first = visit(server)
    assert texts(first) == ["Mail 1", "Mail 3"]
    assert json.loads(first[-1].cursor) == {"validity": 7, "uid": 3}
    assert texts(visit(server, first[-1].cursor)) == []
    server.mails[4] = numbered(4)
    assert texts(visit(server, first[-1].cursor)) == ["Mail 4"]


def test_nothing_in_the_mailbox_is_changed_and_everything_is_encrypted(server: MailServer) -> None:
    server.mails = {1: numbered(1)}
    visit(server)
    before_tls = server.said[: server.said.index(next(s for s in server.said if "STARTTLS" in s))]
    assert not any("LOGIN" in each or "AUTH" in each for each in before_tls)
    told = " ".join(server.said)
    assert "EXAMINE" in told and "BODY.PEEK[]<0.1000000>" in told
    assert not any(word in told for word in ("SELECT", "STORE", "EXPUNGE", "APPEND", "RFC822 "))


def test_where_the_server_numbers_anew_the_days_are_read_again(server: MailServer) -> None:
    server.mails = {9: numbered(1)}
    cursor = visit(server)[-1].cursor
    server.validity, server.mails = 8, {1: numbered(1), 2: numbered(2)}
    again = visit(server, cursor)
    assert texts(again) == ["Mail 1", "Mail 2"]
    assert json.loads(again[-1].cursor) == {"validity": 8, "uid": 2}


def test_a_long_list_comes_page_by_page_each_with_its_cursor(server: MailServer) -> None:
    server.mails = {n: numbered(n) for n in range(1, 121)}
    pages = visit(server)
    assert [len(page.messages) for page in pages] == [50, 50, 20]
    assert texts(visit(server, pages[0].cursor))[0] == "Mail 51"


def test_what_machines_send_is_left_out_and_counted(server: MailServer) -> None:
    server.mails = {1: numbered(1), 2: numbered(2, Auto_Submitted="auto-replied"), 3: numbered(3, Return_Path="<>")}  # fmt: skip
    (page,) = visit(server)
    assert len(page.messages) == 1 and len(page.notes) == 2
    assert "Mail left out: 1 automatic." in [str(note) for note in page.notes]


def test_where_the_server_tells_of_new_mail_the_visit_waits_a_while(server: MailServer) -> None:
    server.mails = {1: numbered(1)}
    assert texts(visit(server, wait="30")) == ["Mail 1", "Net binnen"]


def test_new_mail_is_heard_where_a_thousand_files_are_open(server: MailServer) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4_096)), hard))
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(1_100)]
    try:
        assert texts(visit(server, wait="30")) == ["Net binnen"]
    finally:
        for each in files:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_tls_at_once(tmp_path: Path) -> None:
    server = MailServer(tmp_path, at_once=True)
    server.mails = {5: numbered(5)}
    imap = Imap(server.client(), "localhost", server.port, at_once=True)
    imap.sign_in("marloes", "app")
    assert imap.look_at("INBOX") == 7
    assert [each.uid for each in imap.fetch(imap.above(0))] == [5]
    imap.close()
    server.close()


def test_a_server_that_is_not_ours_is_not_spoken_to(server: MailServer) -> None:
    with pytest.raises(Refused, match="public internet"):
        visit(server, allow=False)
    for private in ("127.0.0.1:993", "10.0.0.1", "169.254.169.254:143", "[::1]:993", "0:993"):
        with pytest.raises((Refused, TryLater)) as told:
            Mailbox(Guarded(), {"server": private, "word": "w"}, NOW, lambda _: None).read("INBOX").__next__()  # fmt: skip
        assert isinstance(told.value, Refused), private
    assert server.said == []


def test_another_port_of_a_public_host_is_not_spoken_to() -> None:
    client = Guarded(resolve=lambda host, port: ["93.184.216.34"])
    with pytest.raises(Refused, match="Port 25"):
        Mailbox(client, {"server": "mail.example:25"}, NOW, lambda _: None).read("INBOX").__next__()


def test_a_certificate_of_somebody_else_ends_the_visit_before_the_password(
    server: MailServer, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    cert, _ = certificate(other)
    client = Guarded([f"localhost:{server.port}"], context=ssl.create_default_context(cafile=str(cert)))  # fmt: skip
    told = {"server": f"localhost:{server.port}", "user": "u", "word": "app-word"}
    with pytest.raises(Refused, match="certificate"):
        list(Mailbox(client, told, NOW, lambda _: None).read("INBOX"))
    assert not any("app-word" in each for each in server.said)


def test_a_server_without_encryption_never_hears_the_password(server: MailServer) -> None:
    server.offers = "IMAP4rev1"
    with pytest.raises(Refused, match="encrypted"):
        visit(server)
    assert not any("LOGIN" in each for each in server.said)


BAD: list[tuple[str, Callable[[str], bytes], type[Exception]]] = [
    ("LOGIN", lambda tag: f"{tag} NO wrong\r\n".encode(), Refused),
    ("EXAMINE", lambda tag: f"{tag} NO none\r\n".encode(), Refused),
    ("EXAMINE", lambda tag: f"* 1 EXISTS\r\n{tag} OK done\r\n".encode(), Refused),
    ("UID SEARCH", lambda tag: f"{tag} BAD what\r\n".encode(), Refused),
    ("UID SEARCH", lambda tag: b"* BYE later\r\n", TryLater),
    ("UID FETCH", lambda tag: b"* 1 FETCH (UID 1 BODY[]<0> {4000000000}\r\n", Refused),
    ("UID FETCH", lambda tag: b"* " + b"x" * 1_100_000, Refused),
    ("UID FETCH", lambda tag: b"\xff\xfe nonsense\r\n", TryLater),
]


@pytest.mark.parametrize(("command", "answer", "error"), BAD)
def test_a_server_that_behaves_badly_is_a_sentence(
    server: MailServer, command: str, answer: Any, error: type[Exception]
) -> None:
    server.mails = {1: numbered(1)}
    server.answers[command] = answer
    with pytest.raises(error) as told:
        visit(server)
    assert "secret-9" not in str(told.value)


def test_folders_are_written_as_imap_does() -> None:
    # RFC 3501, 5.1.3
    assert quoted("~peter/mail/台北/日本語") == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'
    assert quoted('A & "B"\\') == '"A &- \\"B\\"\\\\"'
    for wrong in ("", "INBOX\r\nX LOGOUT"):
        with pytest.raises(Refused):
            quoted(wrong)


@pytest.mark.parametrize("wrong", ["", ":993", "mail.example:0", "mail.example:x", "mail.example:99999"])  # fmt: skip
def test_what_is_no_server_is_said(wrong: str) -> None:
    with pytest.raises(Refused):
        server_in(wrong)


def test_the_wait_is_bounded() -> None:
    assert (wait_in(""), wait_in("0")) == (20, 0)
    for wrong in ("-1", "301", "long", "²"):
        with pytest.raises(Refused):
            wait_in(wrong)
