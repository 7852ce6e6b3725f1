"""Answering by mail on servers by others: taken by aiosmtpd, looked up at pymap when the line broke."""

from collections.abc import Iterator
from typing import Any

import pytest

from openroads.connectors.answering import Draft
from openroads.connectors.answering.mail import AnsweringMail, is_ours
from openroads.connectors.answering.port import SEAL
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.http import Guarded
from tests.cli.houses import free_port
from tests.peers.conftest import environment
from tests.peers.mail import MailServer
from tests.peers.smtp import SmtpServer, taking

TAKER = "aiosmtpd==1.4.6"


@pytest.fixture
def smtp(tmp_path) -> Iterator[SmtpServer]:
    with taking(environment(TAKER), tmp_path, free_port()) as server:
        yield server


def way(server: SmtpServer, client: Guarded | None = None, **told: str) -> AnsweringMail:
    ours = {"server": server.address, "address": "hulp@windmee.example", "sender": "Windmee", "user": "hulp", "word": "app-word", SEAL: "a-seal", **told}  # fmt: skip
    return AnsweringMail(client or server.client(), ours)


def answer(**more: Any) -> Draft:
    asked = {"key": "case 12 reply 3", "text": "Dag Marloes,\n\n.Punt vooraan\n..\nGroet", "private": True, "to": "marloes@customer.example", "subject": "Re: Accu", "reply_to": "a1@x"}  # fmt: skip
    return Draft(**{**asked, **more})


def test_a_mail_arrives_whole_and_bears_our_number(smtp: SmtpServer) -> None:
    receipt = way(smtp).publish(answer())
    [(envelope, mail)] = smtp.letters()
    assert envelope == {"from": "hulp@windmee.example", "to": ["marloes@customer.example"]}
    assert mail["Message-ID"] == f"<{receipt.native_id}>" and is_ours(receipt.native_id, "a-seal")
    assert mail["In-Reply-To"] == "<a1@x>" and mail["References"] == "<a1@x>"
    assert mail.get_content().splitlines() == answer().text.splitlines()


def test_a_no_before_the_words_or_after_them_is_no_doubt(smtp: SmtpServer) -> None:
    with pytest.raises(Refused, match="nobody of that name"):
        way(smtp).publish(answer(to="nobody@customer.example"))
    with pytest.raises(TryLater, match="come back later"):
        way(smtp).publish(answer(to="busy@customer.example"))
    smtp.fault("refuses")
    with pytest.raises(Refused, match="not this"):
        way(smtp).publish(answer())
    assert smtp.letters() == []


def test_a_line_that_breaks_after_the_words_leaves_doubt_that_nobody_guesses(smtp: SmtpServer) -> None:  # fmt: skip
    smtp.fault("hangs up")
    with pytest.raises(Unsure):
        way(smtp).publish(answer())
    assert len(smtp.letters()) == 1
    with pytest.raises(Unsure):
        way(smtp).find(answer())


def test_what_was_sent_is_found_by_its_number_in_the_folder(smtp: SmtpServer, mail_server: MailServer) -> None:  # fmt: skip
    client = mail_server.client()
    looks = {"imap": mail_server.address, "user": "marloes", "sent": "Sent"}
    with pytest.raises(Unsure):  # that it is not there proves nothing
        way(smtp, client, **looks).find(answer())
    number = way(smtp)._number(answer())
    mail_server.deliver(f"From: hulp@windmee.example\r\nMessage-ID: <{number}>\r\n\r\nDag\r\n".encode(), "Sent")  # fmt: skip
    found = way(smtp, client, **looks).find(answer())
    assert found is not None and found.native_id == number
    with pytest.raises(Unsure):
        way(smtp, client, **looks).find(answer(key="another"))


def test_who_is_not_let_in_is_told_without_the_word(smtp: SmtpServer) -> None:
    assert way(smtp).check() == "hulp@windmee.example"
    with pytest.raises(Refused, match="app password") as refused:
        way(smtp, word="wrong-word").publish(answer())
    assert "wrong-word" not in str(refused.value) and smtp.letters() == []


def test_a_server_nobody_allowed_or_whose_certificate_nobody_knows_hears_nothing(smtp: SmtpServer) -> None:  # fmt: skip
    with pytest.raises(Refused):
        way(smtp, Guarded()).publish(answer())
    with pytest.raises(Refused, match="certificate"):
        way(smtp, Guarded([smtp.address])).publish(answer())
    with pytest.raises(TryLater):
        told = {"server": "localhost:9", "address": "hulp@windmee.example", "user": "hulp"}
        AnsweringMail(Guarded(["localhost:9"]), told).publish(answer())
    assert smtp.letters() == []
