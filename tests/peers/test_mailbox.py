"""A mailbox on a mail server by others (pymap): what is delivered there is heard here, and stays as it was."""

import json
import threading
from datetime import UTC, datetime

import pytest

from openroads.connectors.failures import Refused
from openroads.connectors.mailbox import Mailbox
from openroads.connectors.port import Page
from tests.connectors.test_mail_text import HOSTILE
from tests.peers.mail import MailServer


def letter(number: str, words: str, **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"From: Marloes de Groot <marloes@customer.example>\r\nSubject: Accu\r\nMessage-ID: <{number}@x>\r\n"
        f"Date: Mon, 02 Nov 2026 09:00:00 +0100\r\n{more}\r\n{words}\r\n"
    ).encode()


def visit(server: MailServer, cursor: str = "", **told: str) -> list[Page]:
    settings = {"server": server.address, "user": "marloes", "word": "app-word", "wait": "0", "days": "3000", **told}  # fmt: skip
    reader = Mailbox(server.client(), settings, datetime.now(UTC), lambda _: None)
    return list(reader.read("INBOX", cursor))


def end(server: MailServer) -> str:
    """The cursor after everything that is there already."""
    return visit(server)[-1].cursor


def heard(pages: list[Page]) -> dict[str, str]:
    return {message.native_id: message.text for page in pages for message in page.messages}


def test_what_is_delivered_is_heard_once_and_stays_unread(mail_server: MailServer) -> None:
    mail_server.deliver(letter("a0", "Eerder"))
    cursor = end(mail_server)
    mail_server.deliver(letter("a1", "Mijn accu is leeg."))
    mail_server.deliver(letter("a2", "Nog steeds.\r\n\r\n> Mijn accu is leeg.", In_Reply_To="<a1@x>"))  # fmt: skip
    mail_server.deliver(letter("a3", "Ik ben met verlof.", Auto_Submitted="auto-replied"))
    (page,) = visit(mail_server, cursor)
    assert heard([page]) == {"a1@x": "Mijn accu is leeg.", "a2@x": "Nog steeds."}
    assert page.messages[1].reply_to == "a1@x" and page.notes
    assert visit(mail_server, page.cursor) == []
    with mail_server.signed_in() as imap:
        imap.select("INBOX", readonly=True)
        _, told = imap.search(None, "SEEN", "HEADER", "Message-ID", "<a1@x>")
        assert told == [b""]


def test_hostile_mail_stops_nobody(mail_server: MailServer) -> None:
    mail_server.deliver(letter("b0", "Eerder"))
    cursor = end(mail_server)
    kept = [name for name in HOSTILE if 0 < len(HOSTILE[name]) < 700_000 and b"\0" not in HOSTILE[name]]  # fmt: skip
    for name in kept:
        mail_server.deliver(HOSTILE[name])
    mail_server.deliver(letter("b1", "Gewoon een mail."))
    assert heard(visit(mail_server, cursor))["b1@x"] == "Gewoon een mail."


def test_numbers_of_another_time_are_not_believed(mail_server: MailServer) -> None:
    mail_server.deliver(letter("c1", "Opnieuw."))
    told = json.loads(end(mail_server))
    other = json.dumps({"validity": told["validity"] + 1, "uid": told["uid"] + 1_000})
    assert "c1@x" in heard(visit(mail_server, other))


def test_who_is_not_let_in_is_told(mail_server: MailServer) -> None:
    with pytest.raises(Refused, match="app password") as told:
        visit(mail_server, word="wrong-word")
    assert "wrong-word" not in str(told.value)
    with pytest.raises(Refused, match="folder"):
        list(
            Mailbox(
                mail_server.client(),
                {"server": mail_server.address, "user": "marloes", "word": "app-word"},
                datetime.now(UTC),
                lambda _: None,
            ).read("Nergens")
        )


def test_mail_that_comes_while_the_visit_waits_is_heard_at_once(mail_server: MailServer) -> None:
    mail_server.deliver(letter("d0", "Eerder"))
    cursor = end(mail_server)
    bell = threading.Timer(1.0, mail_server.deliver, [letter("d1", "Net binnen.")])
    bell.start()
    assert heard(visit(mail_server, cursor, wait="20")) == {"d1@x": "Net binnen."}
    bell.join()


def test_what_our_own_server_found_out_of_a_sender_is_read_and_nobody_elses_word(
    mail_server: MailServer,
) -> None:
    mail_server.deliver(letter("e0", "Eerder"))
    cursor = end(mail_server)
    ours, theirs = "mx.windmee.example", "mx.thief.example"
    passed = b"dmarc=pass header.from=customer.example"
    above = b"Authentication-Results: %s; %s\r\nReceived: from a by b; Mon, 02 Nov 2026 09:00:00 +0100\r\n"
    hers = above % (ours.encode(), passed) + letter("e1", "Van haar zelf.")
    forged = above % (ours.encode(), b"dmarc=fail header.from=customer.example")
    forged += above % (ours.encode(), passed) + letter("e2", "In haar naam.")
    other = above % (theirs.encode(), passed) + letter("e3", "Door een ander gekeurd.")
    for raw in (hers, forged, other):
        mail_server.deliver(raw)
    pages = visit(mail_server, cursor, authserv=ours)
    found = {message.text: message.proven for page in pages for message in page.messages}
    assert found == {
        "Van haar zelf.": True,
        "In haar naam.": False,
        "Door een ander gekeurd.": None,
    }
    pages = visit(mail_server, cursor)
    assert {message.proven for page in pages for message in page.messages} == {None}
