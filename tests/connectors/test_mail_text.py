"""Mail as messages: words without signature and history, threads, machines left out, and hostile mail."""

import base64
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.archive.message import Message
from openroads.connectors.mailtext import LeftOut, as_message
from openroads.connectors.quoting import own_words

CAME = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
HEAD = (
    "From: Marloes de Groot <Marloes@Customer.example>\r\nTo: service@windmee.example\r\n"
    "Subject: Accu leeg\r\nDate: Sun, 01 Nov 2026 12:30:00 +0100\r\nMessage-ID: <m1@customer.example>\r\n"
)


def mail(body: str | bytes = "Mijn accu is leeg.", head: str = HEAD, **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    words = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
    return f"{head}{more}\r\n".encode() + words


def read(raw: bytes, ours: str = "") -> Message | LeftOut:
    return as_message(raw, CAME, CAME + timedelta(minutes=1), ours)


def message(raw: bytes) -> Message:
    found = read(raw)
    assert isinstance(found, Message), found
    return found


def test_a_mail_is_a_message_with_its_author_and_thread() -> None:
    said = message(mail(In_Reply_To="<m0@windmee.example>", References="<root@x> <m0@windmee.example>"))  # fmt: skip
    assert (said.native_id, said.network, said.text) == ("m1@customer.example", "mail", "Mijn accu is leeg.")  # fmt: skip
    assert (said.author, said.author_name) == ("marloes@customer.example", "Marloes de Groot")
    assert (said.title, said.reply_to, said.thread) == ("Accu leeg", "m0@windmee.example", "root@x")
    assert said.said_at == datetime(2026, 11, 1, 11, 30, tzinfo=UTC)
    alone = message(mail())
    assert (alone.reply_to, alone.thread) == ("", "m1@customer.example")


@pytest.mark.parametrize(
    ("date", "said_at"),
    [
        ("Fri, 01 Jan 2100 00:00:00 +0000", CAME),
        ("Thu, 01 Jan 1970 00:00:00 +0000", CAME),
        ("yesterday", CAME),
        ("Sun, 01 Nov 2026 12:40:00 +0000", CAME),
        ("Sat, 31 Oct 2026 23:00:00 -0100", datetime(2026, 11, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_clock_that_cannot_be_right_is_not_believed(date: str, said_at: datetime) -> None:
    head = HEAD.replace("Sun, 01 Nov 2026 12:30:00 +0100", date)
    assert message(mail(head=head)).said_at == said_at


def test_a_mail_without_an_id_has_one_that_stays_the_same() -> None:
    head = HEAD.replace("Message-ID: <m1@customer.example>\r\n", "")
    first, again = message(mail(head=head)), message(mail(head=head, X_Spam="maybe"))
    other = message(mail("Anders", head=head))
    assert first.native_id == again.native_id != other.native_id
    assert first.native_id.startswith("sha256-") and first.thread == first.native_id


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (mail(Auto_Submitted="auto-replied"), LeftOut.AUTOMATIC),
        (mail(Precedence="bulk"), LeftOut.AUTOMATIC),
        (mail(X_Autoreply="yes"), LeftOut.AUTOMATIC),
        (mail(Return_Path="<>"), LeftOut.BOUNCE),
        (mail(Content_Type="multipart/report; boundary=x"), LeftOut.BOUNCE),
        (mail(head=HEAD.replace("Marloes@Customer.example", "MAILER-DAEMON@mx.example")), LeftOut.BOUNCE),
        (mail("", head=HEAD.replace("Subject: Accu leeg\r\n", "")), LeftOut.EMPTY),
    ],
)  # fmt: skip
def test_what_machines_send_is_no_post(raw: bytes, why: LeftOut) -> None:
    assert read(raw) is why


def test_no_is_no_and_our_own_mail_is_ours() -> None:
    assert isinstance(read(mail(Auto_Submitted="no")), Message)
    assert read(mail(), ours="MARLOES@customer.example") is LeftOut.OWN


def test_the_plain_part_is_read_and_files_are_not() -> None:
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Message-ID"] = "ida@x.example", "Bon", "<b@x>"
    letter.set_content("Zie de bon.\n")
    letter.add_alternative("<p>Zie de <b>bon</b> (HTML).</p>", subtype="html")
    letter.add_attachment(b"secret file", maintype="text", subtype="plain", filename="bon.txt")
    said = message(letter.as_bytes())
    assert said.text == "Zie de bon." and "secret" not in repr(said)


def test_html_alone_becomes_text_without_script_and_history() -> None:
    html = '<style>p{}</style><p>Mijn accu<br>is <b>leeg</b></p><script>x()</script><div class="gmail_quote">Op maandag schreef Daan</div>'
    said = message(mail(html, Content_Type="text/html; charset=utf-8"))
    assert said.text == "Mijn accu\nis leeg"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Ja graag.\n\nOp ma 3 nov 2026 om 10:12 schreef Daan <d@x.nl>:\n> Zal ik bellen?\n> Daan", "Ja graag."),
        ("Yes.\n\nOn Mon, Nov 3, 2026 at 10:12 AM Daan Kuipers\n<daan@windmee.example> wrote:\n> Shall I?", "Yes."),
        ("On Monday Daan wrote:\n> Is it the battery?\nYes, it is.\n> And the light?\nNo.", "Yes, it is.\nNo."),
        ("Klopt.\n\n-----Oorspronkelijk bericht-----\nVan: Daan\nVerzonden: maandag\nHoi", "Klopt."),
        ("Klopt.\n\nVan: Daan <d@x>\nVerzonden: maandag 3 november\nAan: Marloes\nOnderwerp: Accu\n\nHoi", "Klopt."),
        ("De accu is leeg.\n-- \nMarloes de Groot\n06-12345678", "De accu is leeg."),
        ("De accu is leeg.\n\nMet vriendelijke groet,\n\nMarloes\nDirecteur\n06-1", "De accu is leeg."),
        ("Het licht doet het niet.\n\nVerstuurd vanaf mijn iPhone", "Het licht doet het niet."),
        ("Groeten\n" + "Dit is een lange zin die geen handtekening is maar gewoon het verhaal van iemand over een fiets.", None),
        ("> alles\n> geciteerd", ""),
        ("Van: hier tot daar\ngeen bericht", None),
    ],
)  # fmt: skip
def test_what_somebody_says_now_is_kept_and_nothing_else(text: str, own: str | None) -> None:
    assert own_words(text.replace("\n", "\r\n")) == (text if own is None else own)


def test_a_mail_of_quotes_alone_has_its_subject() -> None:
    said = message(mail("> oud\n"))
    assert (said.text, said.title) == ("Accu leeg", "")


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("utf-8", "Café €".encode(), "Café €"),
        ("iso-8859-1", "Café".encode("latin-1"), "Café"),
        ("windows-1252", "€ 5".encode("cp1252"), "€ 5"),
        ("utf-8", "Café".encode("latin-1"), "Café"),
        ("x-unknown", "Café €".encode(), "Café €"),
        ("punycode", b"caf-dma plain", "caf-dma plain"),
        ("unicode_escape", b"\\u0041 text", "\\u0041 text"),
        ("hex", b"text", "text"),
        ("", "Café".encode(), "Café"),
    ],
)
def test_a_charset_that_lies_or_is_none_costs_no_words(
    charset: str, body: bytes, text: str
) -> None:
    raw = mail(body, Content_Type=f'text/plain; charset="{charset}"', Content_Transfer_Encoding="8bit")  # fmt: skip
    assert message(raw).text == text


def test_headers_in_any_wrapping_are_plain_words() -> None:
    subject = "=?utf-8?B?" + base64.b64encode("Accu € leeg".encode()).decode() + "?="
    said = message(mail(head=HEAD.replace("Accu leeg", f"{subject}\r\n =?x-none?Q?=41?=")))
    assert said.title == "Accu € leegA"
    broken = message(mail(head=HEAD.replace("Accu leeg", "=?utf-8?B?%%%?= =?utf-8?Q?=ff?=")))
    assert broken.title


def nested(depth: int) -> bytes:
    opened = "".join(
        f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n'
        for n in range(depth)
    )
    return mail(opened + f"--b{depth}\r\n\r\nwords\r\n", Content_Type='multipart/mixed; boundary="b0"')  # fmt: skip


HOSTILE = {
    "ten megabytes of header": mail(X_Long="a" * 10_000_000),
    "a million folded lines": HEAD.encode() + b"X-Fold: a\r\n" + b" b\r\n" * 1_000_000 + b"\r\nhi",
    "ten thousand headers": HEAD.encode() + b"Received: x\r\n" * 200_000 + b"\r\nhi",
    "a long subject": mail(head=HEAD.replace("Accu leeg", "=?utf-8?Q?" + "=41" * 400_000 + "?=")),
    "many addresses": mail(head=HEAD.replace("Marloes de Groot", "(" * 50_000 + "a@b, " * 50_000)),
    "many references": mail(References="<a@b> " * 100_000),
    "deep parts": nested(5_000),
    "deep messages": mail("Content-Type: message/rfc822\r\n\r\n" * 30_000, Content_Type="message/rfc822"),
    "one boundary, many parts": mail("--b\r\n\r\nhi\r\n" * 100_000, Content_Type='multipart/mixed; boundary="b"'),
    "deep html": mail("<div>" * 200_000 + "hi", Content_Type="text/html"),
    "html that never ends": mail("<script>" * 120_000, Content_Type="text/html"),
    "quotes all the way": mail("On a wrote:\n" * 80_000),
    "greetings all the way": mail("Met vriendelijke groet\n" * 40_000),
    "attributions without end": mail("On " + "a " * 400_000),
    "from lines": mail("From: x\nSent: y\n" * 60_000),
    "bad base64": mail("!!!!" * 200_000, Content_Transfer_Encoding="base64"),
    "uuencode": mail("begin 644 x\n" + "M" * 900_000, Content_Transfer_Encoding="x-uuencode"),
    "zeroes": mail(b"\0" * 900_000),
    "bare line ends": HEAD.replace("\r\n", "\r").encode() + b"\r\rhi",
    "nothing": b"",
    "a boundary of nothing": mail("--\r\n--\r\n" * 1000, Content_Type='multipart/mixed; boundary=""'),
    "header injection": mail(head=HEAD.replace("Accu leeg", "Accu=?utf-8?Q?=0D=0ABcc:_x@y?= leeg")),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_read_or_left_out_in_little_time(name: str) -> None:
    before = time.process_time()
    found = read(HOSTILE[name])
    spent = time.process_time() - before
    assert spent < 3.0, f"{spent:.1f} s of processor time"
    if isinstance(found, Message):
        assert len(found.text) <= 50_000 and len(found.title) <= 500 and len(found.native_id) <= 300
        assert all("\n" not in each and "\r" not in each for each in (found.title, found.author, found.author_name))  # fmt: skip


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "Content-Type: text/html\r\n", "Content-Type: multipart/mixed; boundary=a\r\n"]),
)  # fmt: skip
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_mail_makes_the_reader_fall(body: bytes, kind: str) -> None:
    read(body)
    read(HEAD.encode() + kind.encode() + b"\r\n" + body)
    read(b"From: " + body + b"\r\nDate: " + body + b"\r\nMessage-ID: <" + body + b">\r\n\r\nhi")
