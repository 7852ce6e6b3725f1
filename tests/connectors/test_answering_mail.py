"""Mail that answers: in its thread, under a number only this house can make, and sent as SMTP wants it."""

import email
import email.policy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors.answering import Picture
from openroads.connectors.answering.mail import AnsweringMail, is_ours, number_of
from openroads.connectors.answering.port import SEAL
from openroads.connectors.answering.smtp import _dotted
from openroads.connectors.failures import Refused
from openroads.connectors.http import Guarded
from openroads.connectors.mailtext import LeftOut, as_message
from tests.connectors.answered import draft

TOLD = {"address": "hulp@windmee.example", "sender": "Windmee, hulp", SEAL: "a-seal"}
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def written(**more: Any) -> bytes:
    asked = {"to": "marloes@customer.example", "subject": "Re: Accu leeg", **more}
    return AnsweringMail(Guarded(), TOLD)._mail(draft(**asked), NOW).as_bytes()


def read(raw: bytes) -> email.message.EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def test_a_mail_stands_in_its_thread_and_looks_like_a_persons() -> None:
    mail = read(written(reply_to="a2@x.example", references=("<a1@x.example>", "a2@x.example"), language="nl"))  # fmt: skip
    assert mail["In-Reply-To"] == "<a2@x.example>"
    assert mail["References"] == "<a1@x.example> <a2@x.example>"
    assert mail["From"] == '"Windmee, hulp" <hulp@windmee.example>'
    assert mail["Subject"] == "Re: Accu leeg" and mail["To"] == "marloes@customer.example"
    assert mail["Auto-Submitted"] is None and mail["Content-Language"] == "nl"
    assert mail.get_content().splitlines() == ["Dag Marloes, dat zoeken we uit."]


def test_the_house_reads_it_as_its_own() -> None:
    raw = written(reply_to="a2@x.example")
    assert as_message(raw, NOW, NOW, "hulp@windmee.example") is LeftOut.OWN
    theirs = as_message(raw, NOW, NOW)
    assert not isinstance(theirs, LeftOut)
    assert (theirs.reply_to, theirs.thread) == ("a2@x.example", "a2@x.example")
    assert is_ours(theirs.native_id, "a-seal")


def test_a_forged_number_is_none_of_ours() -> None:
    number = number_of("case 12 reply 3", "a-seal", "windmee.example")
    assert number == number_of("case 12 reply 3", "a-seal", "windmee.example")
    assert is_ours(number, "a-seal") and is_ours(f"<{number}>", "a-seal")
    deed, _, rest = number.partition(".")
    forged = (f"{deed[:-1]}{'0' if deed[-1] != '0' else '1'}.{rest}", f"{deed}@windmee.example", "", "a.b@c", "é.é@x")  # fmt: skip
    assert not any(is_ours(each, "a-seal") for each in forged)
    assert not is_ours(number, "another seal")
    assert not is_ours(number_of("x", "", "w.example"), "")  # without a seal nothing is ours


@given(st.text(max_size=60))
def test_nothing_but_its_own_numbers_is_believed(told: str) -> None:
    assert not is_ours(told, "a-seal")


@pytest.mark.parametrize(
    "to",
    ["", "marloes", "a@b\r\nBcc: c@d.example", "a@b, c@d.example", "<a@b.example>", "é@b.example", "@b"],
)  # fmt: skip
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(Refused):
        written(to=to)


def test_nothing_from_outside_begins_a_header() -> None:
    mail = read(written(subject="Re: Accu\r\nBcc: all@x.example", reply_to="a@x>\r\nX: y", references=("<b@x>\n",)))  # fmt: skip
    assert mail["Bcc"] is None and mail["X"] is None and mail["In-Reply-To"] is None
    assert mail["References"] == "<b@x>"
    assert mail["Subject"] == "Re: Accu Bcc: all@x.example"


def test_an_id_the_archive_made_stands_in_no_header() -> None:
    mail = read(written(reply_to="sha256-00ff", references=("sha256-00ff", "a1@x")))
    assert mail["In-Reply-To"] is None and mail["References"] == "<a1@x>"


def test_a_picture_is_a_file_beside_the_words() -> None:
    mail = read(written(picture=Picture("accu.png", "image/png", b"\x89PNG", "Een accu")))
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == ("accu.png", "image/png", b"\x89PNG")  # fmt: skip
    body = mail.get_body(("plain",))
    assert body is not None and body.get_content().startswith("Dag Marloes")


@given(st.binary(max_size=200))
def test_no_line_of_a_mail_ends_it_early(raw: bytes) -> None:
    sent = _dotted(raw)
    assert sent.endswith(b"\r\n.\r\n")
    lines = sent[: -len(b".\r\n")].split(b"\r\n")
    assert b"." not in lines
    assert b"\n" not in b"".join(lines) and b"\r" not in b"".join(lines)
