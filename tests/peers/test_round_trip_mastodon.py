"""All the way on a server that speaks Mastodon's API: heard, answered once in its thread, and heard answering."""

import json
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from openroads.connectors.http import Guarded
from openroads.delivery.channels import add_channel, check_channel
from openroads.delivery.models import Channel, Delivery
from openroads.delivery.sending import send_due
from openroads.directory.company import COMPANY, Company
from openroads.directory.people import system_person
from openroads.listening.actions.sources import visit_source
from openroads.listening.models import Source
from openroads.webcare.actions.arriving import note_failures
from openroads.webcare.actions.replying import send_reply
from openroads.webcare.actions.taking_in import take_in
from openroads.webcare.models import Case, Message
from openroads.webcare.rules.actions import begin_with_ready_rules
from tests.peers.conftest import Mastodon
from tests.peers.lost import Line, line_to

pytestmark = pytest.mark.django_db
POST = b"POST /api/v1/statuses "
ASKED = "@ilse hoe ver kom ik met een Kade in de winter?"
SAID = "Onder de 5 graden zo'n 60 tot 65% van je zomerbereik."


@pytest.fixture
def line(mastodon: Mastodon) -> Iterator[Line]:
    with line_to(int(mastodon.url.rpartition(":")[2])) as line:
        yield line


class Desk:
    """A house that hears what is said to Ilse, and what she says, and answers in her name."""

    def __init__(self, line: Line, agent: Any, ada: Any, tag: str) -> None:
        told = {"server": line.url, "topic": "", "way": "own"}
        secret = json.dumps({"token": "ilse-token"})
        make = Source.objects.create
        self.mentions = make(kind="network", network="mastodon", name="Said to us", fingerprint="1", told=told, secrets=secret)  # fmt: skip
        by_search = {"server": line.url, "topic": f"#{tag}", "way": "search"}
        self.found = make(kind="network", network="mastodon", name="Found", fingerprint="2", told=by_search, secrets=secret)  # fmt: skip
        self.client = Guarded([urlsplit(line.url).netloc])
        self.agent = agent
        self.channel = add_channel(by=ada, kind="mastodon", name="Mastodon", told={"server": line.url, "token": "ilse-token"}, sources=[])  # fmt: skip
        check_channel(self.channel)

    def hears(self) -> Any:
        """Visits both sources, then looks at what came in."""
        for source in (self.mentions, self.found):
            source.refresh_from_db()
            visit_source(by=system_person(), source=source, client=self.client)
            source.refresh_from_db()
            assert not source.last_error, source.last_error
        return take_in()

    def answers(self, case: Case, text: str, **more: Any) -> Message:
        case.refresh_from_db()
        return send_reply(by=self.agent, case=case, text=text, key=secrets.token_hex(8), seen=case.last_seq, **more)  # fmt: skip


@pytest.fixture
def desk(archive_here: Any, mastodon: Mastodon, line: Line, settings: Any, daan: Any, noor: Any, ada: Any, tag: str) -> Desk:  # fmt: skip
    Company.objects.create(pk=COMPANY, name="Windmee", languages=["nl", "en"])
    settings.OPENROADS.http_allow = (*settings.OPENROADS.http_allow, urlsplit(line.url).netloc)
    begin_with_ready_rules(by=noor)
    take_in()  # the house listens from now on
    mastodon.ask("POST", "/api/v1/notifications/clear")  # of the tests before
    return Desk(line, daan, ada, tag)


def leave() -> None:
    """What waits is due, and is sent."""
    Delivery.objects.filter(state__in=Delivery.WAITING).update(due_at=timezone.now())
    send_due()


def answers_under(server: Mastodon, number: str) -> list[Any]:
    told = server.ask("GET", f"/api/v1/statuses/{number}/context", token="daan-token")
    return list(told["descendants"])


def answer(server: Mastodon, to: str, words: str) -> str:
    told = {"status": words, "in_reply_to_id": to}
    return str(server.ask("POST", "/api/v1/statuses", told, "daan-token")["id"])


def test_a_question_becomes_a_case_and_its_answer_stands_in_the_thread_once(
    mastodon: Mastodon, desk: Desk, tag: str
) -> None:
    number = mastodon.post_as("daan-token", ASKED)
    assert desk.hears().opened == 1
    case = Case.objects.get()
    assert (case.network, case.kind, case.thread) == ("mastodon", "public", f"{urlsplit(desk.found.told['server']).netloc}/{number}")  # fmt: skip
    message = desk.answers(case, f"{SAID} #{tag}")
    leave()
    (found,) = answers_under(mastodon, number)
    assert found["in_reply_to_id"] == number
    assert "@daan" in found["content"] and SAID in found["content"].replace("&#39;", "'")
    message.refresh_from_db()
    assert message.delivery is not None and message.delivery.receipt_url == found["url"]
    leave()
    assert len(answers_under(mastodon, number)) == 1


def test_our_own_answer_read_back_is_no_second_one(
    mastodon: Mastodon, desk: Desk, tag: str
) -> None:
    mastodon.post_as("daan-token", ASKED)
    desk.hears()
    case = Case.objects.get()
    message = desk.answers(case, f"{SAID} #{tag}")
    leave()
    desk.hears()
    message.refresh_from_db()
    assert message.post is not None
    assert [one.kind for one in case.messages.all()] == ["theirs", "ours"]
    assert case.events.filter(type="replied").count() == 1
    assert Case.objects.count() == 1


def test_what_they_say_to_our_answer_goes_on_in_the_same_case_and_so_does_the_next(
    mastodon: Mastodon, desk: Desk, tag: str
) -> None:
    mastodon.post_as("daan-token", ASKED)
    desk.hears()
    case = Case.objects.get()
    desk.answers(case, f"{SAID} #{tag}")
    leave()
    (ours,) = answers_under(mastodon, case.thread.rpartition("/")[2])
    theirs = answer(mastodon, ours["id"], "@ilse dank, en met een volle tas?")
    assert desk.hears().went_on == 1
    answer(mastodon, theirs, "@ilse en hoe zit het met tegenwind?")
    assert desk.hears().went_on == 1
    case.refresh_from_db()
    assert (Case.objects.count(), case.state) == (1, "todo")
    desk.answers(case, f"Dat scheelt nog eens een tiende. #{tag}")
    leave()
    desk.hears()
    assert [one.kind for one in case.messages.all()] == ["theirs", "ours", "theirs", "theirs", "ours"]  # fmt: skip


def test_somebody_else_who_answers_us_is_not_put_in_her_case(
    mastodon: Mastodon, desk: Desk, tag: str
) -> None:
    number = mastodon.post_as("daan-token", ASKED)
    desk.hears()
    case = Case.objects.get()
    desk.answers(case, f"{SAID} #{tag}")
    leave()
    (ours,) = answers_under(mastodon, number)
    mastodon.ask("POST", "/api/v1/statuses", {"status": f"Waarom duurt dat zo lang, @ilse? #{tag}", "in_reply_to_id": ours["id"]}, "tom-token")  # fmt: skip
    assert desk.hears().opened == 1
    assert case.messages.count() == 2
    other = Case.objects.exclude(pk=case.pk).get()
    assert other.messages.count() == 1  # two sources brought it
    assert other.identity.contact_id != case.identity.contact_id


def test_an_answer_whose_receipt_was_lost_stands_there_once(
    mastodon: Mastodon, desk: Desk, line: Line, tag: str
) -> None:
    number = mastodon.post_as("daan-token", ASKED)
    desk.hears()
    message = desk.answers(Case.objects.get(), f"{SAID} #{tag}")
    line.lose(POST)
    leave()
    assert line.lost == 1
    assert message.delivery is not None
    message.delivery.refresh_from_db()
    assert message.delivery.state == Delivery.State.RETRY and not message.delivery.receipt_id
    leave()
    message.delivery.refresh_from_db()
    (found,) = answers_under(mastodon, number)
    assert message.delivery.state == Delivery.State.SENT
    assert message.delivery.receipt_url == found["url"]


def test_what_was_in_doubt_is_known_when_it_is_read_back(
    mastodon: Mastodon, desk: Desk, line: Line, tag: str
) -> None:
    mastodon.post_as("daan-token", ASKED)
    desk.hears()
    case = Case.objects.get()
    message = desk.answers(case, f"{SAID} #{tag}")
    line.lose(POST)
    leave()
    assert message.delivery is not None
    # Nobody could look for a long time: a person must, and the case is to do again.
    Delivery.objects.filter(pk=message.delivery.pk).update(state=Delivery.State.NEEDS_A_LOOK)
    note_failures()
    case.refresh_from_db()
    assert case.state == "todo" and case.waiting_since is not None
    desk.hears()
    message.delivery.refresh_from_db()
    case.refresh_from_db()
    assert message.delivery.state == Delivery.State.SENT and message.delivery.receipt_id
    assert case.waiting_since is None
    assert [one.kind for one in case.messages.all()] == ["theirs", "ours"]


def test_an_answer_given_at_the_network_itself_counts_also_to_their_second_word(
    mastodon: Mastodon, desk: Desk, tag: str
) -> None:
    number = mastodon.post_as("daan-token", ASKED)
    second = answer(mastodon, number, "@ilse en in de zomer?")
    desk.hears()
    case = Case.objects.get()
    assert case.messages.count() == 2
    told = {"status": f"@daan tot 75 km. #{tag}", "in_reply_to_id": second}
    mastodon.ask("POST", "/api/v1/statuses", told)
    desk.hears()
    case.refresh_from_db()
    assert case.waiting_since is None
    message = case.messages.get(kind="ours")
    assert message.delivery is None and message.elsewhere_url
    assert Channel.objects.get().handle.startswith("@ilse@")
