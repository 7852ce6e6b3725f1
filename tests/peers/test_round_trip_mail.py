"""A mail all the way: in by IMAP, answered by SMTP in its thread, and what comes back goes on in its case alone."""

import email.policy
import json
import secrets
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from openroads.connectors import http
from openroads.connectors.http import Guarded
from openroads.delivery.channels import add_channel, is_our_mail
from openroads.delivery.models import Delivery
from openroads.delivery.sending import send_due
from openroads.directory.company import COMPANY, Company
from openroads.directory.models import Account
from openroads.directory.people import system_person
from openroads.listening.actions.sources import visit_source
from openroads.listening.models import Source
from openroads.webcare.actions.replying import send_reply
from openroads.webcare.actions.taking_in import TakenIn, take_in
from openroads.webcare.models import Case, Message
from openroads.webcare.rules.actions import begin_with_ready_rules
from tests.cli.houses import free_port
from tests.peers.conftest import environment
from tests.peers.mail import MailServer
from tests.peers.smtp import SmtpServer, taking
from tests.peers.test_answering_mail import TAKER

pytestmark = pytest.mark.django_db
OURS = "hulp@windmee.example"
MARLOES = "Marloes de Groot <marloes@customer.example>"
TEXT = "Dag Marloes,\n\nOnder de 5 graden is dat gewoon.\n\nGroet, Daan"


@pytest.fixture
def smtp(tmp_path) -> Iterator[SmtpServer]:
    with taking(environment(TAKER), tmp_path, free_port()) as server:
        yield server


class Post:
    """A house with a mailbox, and an account through which its answers leave."""

    def __init__(self, mailbox: MailServer, smtp: SmtpServer, agent: Any, ada: Any) -> None:
        told = {"server": mailbox.address, "user": "marloes", "topic": "INBOX", "wait": "0"}
        self.source = Source.objects.create(
            kind="network", network="mail", name="Mailbox", told=told,
            secrets=json.dumps({"word": "app-word"}),
        )  # fmt: skip
        self.mailbox, self.smtp, self.agent = mailbox, smtp, agent
        self.mark = secrets.token_hex(4)
        out = {"server": smtp.address, "address": OURS, "sender": "Windmee", "user": "hulp", "word": "app-word"}  # fmt: skip
        self.channel = add_channel(by=ada, kind="mail", name="Mail", told=out, sources=[])

    def number(self, name: str) -> str:
        """A Message-ID that no other test used."""
        return f"{name}-{self.mark}@customer.example"

    def comes(self, name: str, words: str, *, sender: str = MARLOES, number: str = "", **headers: str) -> None:  # fmt: skip
        """A mail is delivered in our mailbox."""
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = sender, OURS, headers.pop("subject", "Accu")
        mail["Message-ID"] = f"<{number or self.number(name)}>"
        for header, value in headers.items():
            mail[header.replace("_", "-")] = value
        mail.set_content(words)
        self.mailbox.deliver(mail.as_bytes())

    def hears(self) -> TakenIn:
        client = Guarded([self.mailbox.address])
        visit_source(by=system_person(), source=self.source, client=client)
        self.source.refresh_from_db()
        assert not self.source.last_error, self.source.last_error
        return take_in()

    def answers(self, case: Case, text: str = TEXT) -> Message:
        case.refresh_from_db()
        message = send_reply(by=self.agent, case=case, text=text, key=secrets.token_hex(8), seen=case.last_seq, private=True)  # fmt: skip
        Delivery.objects.filter(state__in=Delivery.WAITING).update(due_at=timezone.now())
        send_due()
        message.refresh_from_db()
        assert message.delivery is not None
        assert message.delivery.state == Delivery.State.SENT, message.delivery.last_error
        return message


@pytest.fixture
def post(archive_here: Any, mail_server: MailServer, smtp: SmtpServer, settings: Any, monkeypatch: pytest.MonkeyPatch, daan: Any, noor: Any, ada: Any) -> Post:  # fmt: skip
    Company.objects.create(pk=COMPANY, name="Windmee", languages=["nl", "en"])
    settings.OPENROADS.http_allow = (*settings.OPENROADS.http_allow, mail_server.address, smtp.address)  # fmt: skip
    # This machine trusts the certificates that were made for these two servers.
    trusts = ssl.create_default_context()
    for server in (mail_server, smtp):
        for cert in server.context.get_ca_certs(binary_form=True):
            trusts.load_verify_locations(cadata=cert)
    monkeypatch.setattr(http.httpx2, "create_ssl_context", lambda **_: trusts)
    begin_with_ready_rules(by=noor)
    take_in()
    with mail_server.signed_in() as imap:  # what other tests left in the mailbox
        imap.select("INBOX")
        imap.store("1:*", "+FLAGS", r"\Deleted")
        imap.expunge()
    return Post(mail_server, smtp, daan, ada)


def test_a_mail_is_answered_in_its_thread_and_the_reply_goes_on_in_the_case(post: Post) -> None:
    post.comes("a1", "Mijn accu is leeg. Is dat normaal?")
    assert post.hears().opened == 1
    case = Case.objects.get()
    assert (case.kind, case.network) == ("private", "mail")
    message = post.answers(case)
    [(envelope, sent)] = post.smtp.letters()
    first = f"<{post.number('a1')}>"
    assert envelope == {"from": OURS, "to": ["marloes@customer.example"]}
    assert (sent["Subject"], sent["In-Reply-To"], sent["References"]) == ("Re: Accu", first, first)
    assert sent["Auto-Submitted"] is None
    ours = sent["Message-ID"]
    assert message.delivery is not None and ours == f"<{message.delivery.receipt_id}>"
    assert is_our_mail(ours)
    post.comes("a2", "Dank!\r\n\r\n> Onder de 5 graden", In_Reply_To=ours, References=f"{first} {ours}", subject="Re: Accu")  # fmt: skip
    assert (told := post.hears()).went_on == 1 and told.opened == 0
    case.refresh_from_db()
    assert (case.state, [one.kind for one in case.messages.all()]) == ("todo", ["theirs", "ours", "theirs"])  # fmt: skip
    post.answers(case, "Graag gedaan.")
    (_, again) = post.smtp.letters()[-1]
    assert again["Subject"] == "Re: Accu"
    assert again["In-Reply-To"] == f"<{post.number('a2')}>"
    assert again["References"].split() == [first, ours, f"<{post.number('a2')}>"]


def test_a_reply_that_names_only_our_mail_goes_on_too(post: Post) -> None:
    post.comes("b1", "Mijn accu is leeg. Is dat normaal?")
    post.hears()
    case = Case.objects.get()
    ours = f"<{post.answers(case).delivery.receipt_id}>"
    post.comes("b2", "Dank!", In_Reply_To=ours)
    assert post.hears().went_on == 1
    assert Case.objects.count() == 1


def test_a_forged_thread_puts_no_words_in_the_case_of_somebody_else(post: Post) -> None:
    post.comes("c1", "Mijn accu is leeg. Is dat normaal?")
    post.hears()
    case = Case.objects.get()
    ours = f"<{post.answers(case).delivery.receipt_id}>"
    before = list(case.messages.values_list("pk", "post", "kind"))
    first = f"<{post.number('c1')}>"
    # Somebody else who knows both numbers; who makes one up that looks like ours; and who writes in our name.
    other = "Marloes de Groot <marloes@else.example>"
    post.comes("c2", "Stuur het geld naar mij?", sender=other, In_Reply_To=ours, References=f"{first} {ours}")  # fmt: skip
    made_up = f"<{'0' * 32}.{'0' * 32}@windmee.example>"
    post.comes("c3", "En naar mij?", In_Reply_To=made_up)
    post.comes("c4", "Wij betalen u 5.000 euro.", sender=f"Windmee <{OURS}>", In_Reply_To=first, References=first)  # fmt: skip
    told = post.hears()
    assert list(case.messages.values_list("pk", "post", "kind")) == before
    # The first two wait as cases of their own; the third is in nobody's name that we can know.
    assert (told.opened, told.went_on) == (2, 0)
    assert Message.objects.filter(kind=Message.Kind.OURS).count() == 1


def test_a_mail_in_our_name_ends_nobodys_waiting(post: Post, noor: Any) -> None:
    Account.objects.create(network="mail", handle=OURS, owner=noor)
    post.comes("d1", "Mijn accu is leeg. Is dat normaal?")
    post.hears()
    first = f"<{post.number('d1')}>"
    post.comes("d2", "Wij komen er niet op terug.", sender=OURS, In_Reply_To=first, References=first)  # fmt: skip
    post.hears()
    case = Case.objects.get()
    assert case.waiting_since is not None and case.messages.count() == 1


def test_what_we_sent_and_what_machines_send_opens_no_case_and_makes_no_loop(post: Post) -> None:
    post.comes("e1", "Mijn accu is leeg. Is dat normaal?")
    post.hears()
    case = Case.objects.get()
    message = post.answers(case)
    assert message.delivery is not None
    ours = message.delivery.receipt_id
    [(_, sent)] = post.smtp.letters()
    post.mailbox.deliver(sent.as_bytes())  # a copy of ours comes back into our own mailbox
    thread = {"In_Reply_To": f"<{ours}>", "References": f"<{ours}>"}
    post.comes("e2", "Ik ben met verlof.", Auto_Submitted="auto-replied", **thread)
    post.comes("e3", "Ik ben er niet.", Precedence="auto_reply", **thread)
    post.comes("e4", "Niet bezorgd.", sender="MAILER-DAEMON@customer.example", **thread)
    post.comes("e5", "Niet bezorgd.", Return_Path="<>", **thread)
    told = post.hears()
    assert (told.opened, told.went_on) == (0, 0)
    case.refresh_from_db()
    assert (case.state, case.messages.count()) == ("waiting", 2)
    message.refresh_from_db()
    assert message.post is not None  # the copy was known as the echo
    send_due()
    assert len(post.smtp.letters()) == 1
