"""Whether a mail is from whom it says, as our own server wrote down; what others wrote is not believed."""

import email
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.archive.message import Message
from openroads.connectors.authenticity import MOST, Found, proven, results_in
from openroads.connectors.mailtext import as_message

OURS = "mx.windmee.example"
HERS = "marloes@customer.example"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PASSED = f"{OURS}; dmarc=pass (p=reject) header.from=customer.example"
FAILED = f"{OURS}; dmarc=fail (p=none) header.from=customer.example"
GMAIL = (
    "mx.google.com;\r\n       dkim=pass header.i=@customer.example header.s=s1 header.b=abc/DEF==;\r\n"
    "       spf=pass (google.com: domain of marloes@customer.example designates 192.0.2.7 as permitted sender)"
    " smtp.mailfrom=marloes@customer.example;\r\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=customer.example"
)
MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.7)\r\n smtp.mailfrom=customer.example; dkim=pass (signature was verified)\r\n"
    " header.d=customer.example;dmarc=pass action=none\r\n header.from=customer.example;compauth=pass reason=100"
)


def judged(*lines: str, sender: str = f"Marloes de Groot <{HERS}>", server: str = OURS) -> bool | None:  # fmt: skip
    """What is found of a mail with these lines above it; a name before a line is that of another header."""
    above = "".join(
        f"{line}\r\n" if line.startswith(("Received:", "DKIM-")) else f"Authentication-Results: {line}\r\n"
        for line in lines
    )  # fmt: skip
    mail = email.message_from_string(f"{above}From: {sender}\r\nSubject: Accu\r\n\r\nLeeg.\r\n")
    return proven(mail, HERS, server)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (PASSED, True),
        (FAILED, False),
        (f"{OURS}; dmarc=none header.from=customer.example", None),
        (f"{OURS}; dmarc=temperror header.from=customer.example", None),
        (f"{OURS} 1; none", None),
        (f"{OURS.upper()}; DMARC=Pass header.from=Customer.Example", True),
        (f'"{OURS}" 1; dmarc = pass reason="ok; really" header.from = customer.example', True),
        (f"(a (b) \\) c) {OURS} (one); dmarc=pass (two; dmarc=fail)", True),
        # Of another domain than the address that is shown: nothing is said of it.
        (f"{OURS}; dmarc=pass header.from=thief.example", None),
        # Domains without rules of their own: who signed, and which server it came from.
        (f"{OURS}; dkim=pass header.d=customer.example", True),
        (f"{OURS}; dkim=pass header.i=@customer.example", True),
        (f"{OURS}; dkim=fail header.d=customer.example", None),
        (f"{OURS}; dkim=pass header.d=thief.example", None),
        (f"{OURS}; dkim=pass header.d=thief.example; dkim=pass header.d=customer.example", True),
        (f"{OURS}; dkim=pass header.d=shop.customer.example", None),
        (f"{OURS}; dkim=pass header.d=example", None),
        (f"{OURS}; spf=pass smtp.mailfrom=bounce@customer.example", True),
        (f"{OURS}; spf=pass smtp.mailfrom=bounce@thief.example", None),
        (f"{OURS}; spf=fail smtp.mailfrom=marloes@customer.example", False),
        (f"{OURS}; spf=softfail smtp.mailfrom=marloes@customer.example", None),
        (f"{OURS}; spf=fail smtp.mailfrom=customer.example; dkim=pass header.d=customer.example", True),
        # The domain's own rules say more than a signature of it.
        (f"{OURS}; dkim=pass header.d=customer.example; dmarc=fail header.from=customer.example", False),
    ],
)  # fmt: skip
def test_what_our_own_server_found_out(line: str, verdict: bool | None) -> None:
    assert judged(line) is verdict


def test_lines_as_large_mail_services_write_them() -> None:
    assert judged(GMAIL, server="mx.google.com") is True
    assert judged(MICROSOFT, server="-") is True
    assert judged(MICROSOFT.replace("dmarc=pass", "dmarc=fail"), server="-") is False


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        # A line of our name that came with the mail stands below those of our own server.
        ([FAILED, "Received: from thief.example by mx.windmee.example", PASSED], False),
        ([f"{OURS}; spf=none", "Received: from thief.example by mx.windmee.example", PASSED], None),
        ([f"{OURS}; spf=none", "DKIM-Signature: v=1", PASSED], None),
        # Of two under each other the upper is asked first.
        ([FAILED, PASSED], False),
        ([f"{OURS}; dkim=none", FAILED], False),
        # Another server's line is nobody's.
        (["mx.thief.example; dmarc=pass header.from=customer.example"], None),
        ([f"mx.thief.example; {PASSED}"], None),
        ([f"{OURS}.thief.example; dmarc=pass"], None),
        (["mx.thief.example; dmarc=pass", FAILED], False),
        ([FAILED, "mx.thief.example; dmarc=pass header.from=customer.example", PASSED], False),
        # Servers of ours further on write lines of their own above it.
        (["Received: from mx by mailbox", "store.windmee.example; spf=none", PASSED], True),
        (["dmarc=pass header.from=customer.example"], None),
    ],
)
def test_lines_that_somebody_else_wrote_are_not_believed(lines: list[str], verdict: bool | None) -> None:  # fmt: skip
    assert judged(*lines) is verdict


def test_a_server_without_a_name_is_believed_in_its_topmost_line_alone() -> None:
    forged = "dmarc=pass header.from=customer.example"
    assert judged("spf=none", forged, server="-") is None
    assert judged("mx.thief.example; spf=none", forged, server="-") is None
    assert judged(PASSED, server="-") is None


@pytest.mark.parametrize(
    "sender",
    [
        f"{HERS}, thief@thief.example",
        f"Marloes <{HERS}>, Thief <thief@thief.example>",
        f"Marloes <{HERS}>\r\nFrom: thief@thief.example",
    ],
)
def test_a_mail_of_several_writers_is_never_proven(sender: str) -> None:
    assert judged(PASSED, sender=sender) is None
    assert judged(FAILED, sender=sender) is False


def test_without_a_name_of_our_server_nothing_is_known() -> None:
    assert judged(PASSED, server="") is None and judged(FAILED, server="") is None


def letter(above: str, number: str = "a1@customer.example") -> Message:
    raw = f"{above}From: {HERS}\r\nMessage-ID: <{number}>\r\nSubject: Accu\r\n\r\nMijn accu is leeg.\r\n"
    read = as_message(raw.encode(), NOW, NOW, server=OURS)
    assert isinstance(read, Message)
    return read


def test_a_message_says_what_was_found_and_a_false_one_bears_no_number_of_hers() -> None:
    real = letter(f"Authentication-Results: {PASSED}\r\n")
    assert (real.proven, real.native_id) == (True, "a1@customer.example")
    assert letter("").proven is None
    # Under the number of a mail of hers it would be read as that mail, written anew.
    false = letter(f"Authentication-Results: {FAILED}\r\n")
    assert false.proven is False and false.native_id.startswith("sha256-")
    assert false.native_id == letter(f"Authentication-Results: {FAILED}\r\n").native_id


# What may stand in a line: names, values, and every sign that means something.
pieces = st.sampled_from(
    ["dmarc", "dkim", "spf", "pass", "fail", "=", ";", "(", ")", '"', "\\", " ", "\r\n ", ".", "@", "header.from",
     "header.d", "smtp.mailfrom", "customer.example", "thief.example", OURS, "none", "1", "é", "\x00"]
)  # fmt: skip
words = st.lists(pieces, max_size=60).map("".join) | st.text(max_size=200)


@given(words)
def test_no_line_makes_reading_fail(line: str) -> None:
    read = results_in(line)
    assert read is None or all(isinstance(one, Found) for one in read.found)
    assert judged(line.replace("\r", " ").replace("\n", " ")) in (True, False, None)


@given(words, st.lists(words, max_size=4))
def test_what_stands_below_another_header_never_changes_what_was_found(top: str, below: list[str]) -> None:  # fmt: skip
    upper = f"{OURS}; " + top.replace("\r", " ").replace("\n", " ")
    lower = [f"{OURS}; " + line.replace("\r", " ").replace("\n", " ") for line in below]
    between = "Received: from thief.example by mx.windmee.example"
    assert judged(upper, between, *lower) is judged(upper, between)


@given(st.text(alphabet='(";\\= a', max_size=80))
def test_comments_and_quotes_hide_no_verdict_of_ours(inside: str) -> None:
    """Whatever a sender has written into a comment or a value, as servers put names of theirs there."""
    told = inside.replace("\\", "\\\\")
    comment = told.replace("(", "\\(").replace(")", "\\)")
    value = told.replace('"', '\\"')
    assert judged(f"{OURS}; dmarc=fail ({comment}) header.from=customer.example") is False
    assert judged(f'{OURS}; spf=none smtp.mailfrom="{value}"; {FAILED.partition("; ")[2]}') is False


def test_a_very_long_line_costs_little() -> None:
    for line in ("(" * 100_000, '"' * 99_999, "a=" * 50_000, ";" * 100_000, "\\" * 100_000):
        results_in(line)
    assert results_in("x" * (2 * MOST)) is not None
