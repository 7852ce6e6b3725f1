"""All the way on the network of Bluesky's own makers: heard, answered once in its thread, and heard answering."""

import json
import secrets
import time
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
from openroads.webcare.words import last_word_of
from tests.peers import bluesky
from tests.peers.bluesky import POST, Network, Person, until
from tests.peers.conftest import PEERS
from tests.peers.lost import Line, line_to

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]
CREATES = b"POST /xrpc/com.atproto.repo.createRecord "
SAID = "Onder de 5 graden zo'n 60 tot 65% van je zomerbereik."


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """One network for the tests of this file, on a database of its own."""
    with bluesky.whole_network(PEERS, tmp_path_factory.mktemp("bluesky")) as running:
        yield running


@pytest.fixture(scope="module")
def marloes(network: Network) -> Person:
    return network.person("marloes")


@pytest.fixture(scope="module")
def tom(network: Network) -> Person:
    return network.person("tom")


@pytest.fixture
def windmee(network: Network) -> Person:
    """The account of the house; a new one for each test, to which nothing was said before."""
    return network.person(f"windmee{time.monotonic_ns() % 10**9}")


@pytest.fixture
def line(network: Network) -> Iterator[Line]:
    with line_to(int(network.url.rpartition(":")[2])) as line:
        yield line


class Desk:
    """A house that hears what is said to its account, and what the account says, and answers in its name."""

    def __init__(self, line: Line, windmee: Person, agent: Any, ada: Any, word: str) -> None:
        secret = json.dumps({"word": windmee.word})
        account = {"server": line.url, "handle": windmee.handle}
        make = Source.objects.create
        self.mentions = make(kind="network", network="bluesky", name="Said to us", fingerprint="1", told={**account, "topic": "", "way": "own"}, secrets=secret)  # fmt: skip
        self.found = make(kind="network", network="bluesky", name="Found", fingerprint="2", told={**account, "topic": word, "way": "search"}, secrets=secret)  # fmt: skip
        self.client = Guarded([urlsplit(line.url).netloc])
        self.agent, self.windmee, self.word = agent, windmee, word
        self.channel = add_channel(by=ada, kind="bluesky", name="Bluesky", told={**account, "word": windmee.word}, sources=[])  # fmt: skip
        check_channel(self.channel)

    def hears(self, at_least: int = 1) -> None:
        """Visits both sources and looks at what came in, until so many words stand in cases: the view
        comes a moment after what is said."""
        until(lambda: self._looks() >= at_least)

    def _looks(self) -> int:
        for source in (self.mentions, self.found):
            source.refresh_from_db()
            visit_source(by=system_person(), source=source, client=self.client)
            source.refresh_from_db()
            assert not source.last_error, source.last_error
        take_in()
        return Message.objects.filter(post__isnull=False).count()

    def answers(self, case: Case, text: str, **more: Any) -> Message:
        case.refresh_from_db()
        return send_reply(by=self.agent, case=case, text=text, key=secrets.token_hex(8), seen=case.last_seq, **more)  # fmt: skip


@pytest.fixture
def desk(archive_here: Any, line: Line, windmee: Person, settings: Any, daan: Any, noor: Any, ada: Any) -> Desk:  # fmt: skip
    Company.objects.create(pk=COMPANY, name="Windmee", languages=["nl", "en"])
    settings.OPENROADS.http_allow = (*settings.OPENROADS.http_allow, urlsplit(line.url).netloc)
    begin_with_ready_rules(by=noor)
    take_in()  # the house listens from now on
    return Desk(line, windmee, daan, ada, f"kade{time.monotonic_ns()}")


def leave() -> None:
    """What waits is due, and is sent."""
    Delivery.objects.filter(state__in=Delivery.WAITING).update(due_at=timezone.now())
    send_due()


def posts_of(person: Person) -> list[Any]:
    """Everything an account ever posted, as its server keeps it."""
    told = person.network.ask("com.atproto.repo.listRecords", repo=person.did, collection=POST)
    return list(told["records"])


def shown(network: Network, token: str, address: str) -> Any:
    """A post as everybody sees it, with what stands above and under it."""
    return network.ask("app.bsky.feed.getPostThread", token, uri=address)["thread"]


def asks(person: Person, desk: Desk, words: str = "hoe ver kom ik in de winter?") -> str:
    return person.mention(desk.windmee, f"{words} {desk.word}")


def test_a_question_becomes_a_case_and_its_answer_stands_in_the_thread_once(
    network: Network, desk: Desk, marloes: Person
) -> None:
    address = asks(marloes, desk)
    desk.hears()
    case = Case.objects.get()
    assert (case.network, case.kind, case.thread) == ("bluesky", "public", address)
    message = desk.answers(case, f"{SAID} Zie https://windmee.example/winter.")
    leave()
    (ours,) = posts_of(desk.windmee)
    here = marloes.reference(address)
    assert ours["value"]["reply"] == {"root": here, "parent": here}
    # Everybody sees it under the question, with an address that can be followed.
    (under,) = until(lambda: shown(network, marloes.token, address)["replies"])
    assert (
        under["post"]["uri"] == ours["uri"] and under["post"]["author"]["did"] == desk.windmee.did
    )
    (facet,) = under["post"]["record"]["facets"]
    assert facet["features"][0]["uri"] == "https://windmee.example/winter"
    message.refresh_from_db()
    assert message.delivery is not None and message.delivery.receipt_id == ours["uri"]
    assert message.delivery.receipt_url.endswith(ours["uri"].rpartition("/")[2])
    leave()
    assert len(posts_of(desk.windmee)) == 1


def test_who_asks_far_down_a_thread_of_others_is_answered_there(
    network: Network, desk: Desk, marloes: Person, tom: Person
) -> None:
    first = tom.post("Wie fietst er in de winter?")
    between = marloes.reply("Ik niet", first)
    name = f"@{desk.windmee.handle}"
    mention = {
        "index": {"byteStart": 0, "byteEnd": len(name)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": desk.windmee.did}],
    }
    places = {"root": tom.reference(first), "parent": tom.reference(between)}
    asked = tom.post(f"{name} hoe ver kom ik? {desk.word}", facets=[mention], reply=places)
    desk.hears()
    case = Case.objects.get()
    assert case.thread == first
    desk.answers(case, SAID)
    leave()
    (ours,) = posts_of(desk.windmee)
    assert ours["value"]["reply"] == {"root": tom.reference(first), "parent": tom.reference(asked)}
    until(lambda: shown(network, tom.token, asked).get("replies"))


def test_what_they_say_to_our_answer_goes_on_in_the_same_case_and_so_does_the_next(
    desk: Desk, marloes: Person
) -> None:
    address = asks(marloes, desk)
    desk.hears()
    case = Case.objects.get()
    desk.answers(case, SAID)
    leave()
    (ours,) = posts_of(desk.windmee)
    until(lambda: desk.windmee.network.ask("app.bsky.feed.getPosts", marloes.token, uris=ours["uri"])["posts"])  # fmt: skip
    again = marloes.reply("Dank, en met een volle tas?", ours["uri"], root=address)
    desk.hears(2)
    case.refresh_from_db()
    assert (Case.objects.count(), case.state) == (1, "todo")
    desk.answers(case, "Dat scheelt nog eens een tiende.")
    leave()
    second = next(each for each in posts_of(desk.windmee) if each["uri"] != ours["uri"])
    places = second["value"]["reply"]
    assert (places["root"]["uri"], places["parent"]["uri"]) == (address, again)
    assert [one.kind for one in case.messages.all()] == ["theirs", "ours", "theirs", "ours"]


def test_somebody_else_who_answers_us_is_not_put_in_her_case(
    desk: Desk, marloes: Person, tom: Person
) -> None:
    address = asks(marloes, desk)
    desk.hears()
    case = Case.objects.get()
    desk.answers(case, SAID)
    leave()
    (ours,) = posts_of(desk.windmee)
    until(lambda: tom.network.ask("app.bsky.feed.getPosts", tom.token, uris=ours["uri"])["posts"])
    tom.reply("Waarom duurt dat zo lang?", ours["uri"], root=address)
    desk.hears(2)
    assert case.messages.count() == 2
    other = Case.objects.exclude(pk=case.pk).get()
    assert other.identity.contact_id != case.identity.contact_id


def test_our_own_answer_read_back_is_no_second_one(desk: Desk, marloes: Person) -> None:
    asks(marloes, desk)
    desk.hears()
    case = Case.objects.get()
    message = desk.answers(case, f"{SAID} {desk.word}")
    leave()
    desk.hears(2)
    message.refresh_from_db()
    assert message.post is not None
    assert [one.kind for one in case.messages.all()] == ["theirs", "ours"]
    assert case.events.filter(type="replied").count() == 1
    assert Case.objects.count() == 1


def test_an_answer_whose_receipt_was_lost_stands_there_once(
    desk: Desk, marloes: Person, line: Line
) -> None:
    asks(marloes, desk)
    desk.hears()
    message = desk.answers(Case.objects.get(), SAID)
    line.lose(CREATES)
    leave()
    assert line.lost == 1 and message.delivery is not None
    message.delivery.refresh_from_db()
    assert message.delivery.state == Delivery.State.RETRY and not message.delivery.receipt_id
    (ours,) = posts_of(desk.windmee)
    leave()
    message.delivery.refresh_from_db()
    assert message.delivery.state == Delivery.State.SENT
    assert message.delivery.receipt_id == ours["uri"]
    assert len(posts_of(desk.windmee)) == 1


def test_what_was_in_doubt_is_known_when_it_is_read_back(
    desk: Desk, marloes: Person, line: Line
) -> None:
    asks(marloes, desk)
    desk.hears()
    case = Case.objects.get()
    message = desk.answers(case, f"{SAID} {desk.word}")
    line.lose(CREATES)
    leave()
    assert message.delivery is not None
    # Nobody could look for a long time: a person must, and the case is to do again.
    Delivery.objects.filter(pk=message.delivery.pk).update(state=Delivery.State.NEEDS_A_LOOK)
    note_failures()
    case.refresh_from_db()
    assert case.state == "todo" and case.waiting_since is not None
    desk.hears(2)
    message.delivery.refresh_from_db()
    case.refresh_from_db()
    assert message.delivery.state == Delivery.State.SENT and message.delivery.receipt_id
    assert case.waiting_since is None


def test_what_they_wrote_over_is_shown_as_it_reads_now_and_answered_as_it_stands(
    network: Network, desk: Desk, marloes: Person
) -> None:
    """Bluesky's own programs have no edits; others write over what was said, and it is shown."""
    address = asks(marloes, desk)
    desk.hears()
    case = Case.objects.get()
    before = marloes.reference(address)
    key = address.rpartition("/")[2]
    asked = {"repo": marloes.did, "collection": POST, "rkey": key}
    record = network.ask("com.atproto.repo.getRecord", **asked)["value"]
    said = record["text"].replace("in de winter", "in de zomer")
    marloes.write(POST, {**record, "text": said}, key)

    def reads() -> bool:
        desk.hears()
        case.refresh_from_db()
        word = last_word_of(case)
        return word is not None and word.text == said

    until(reads)
    assert Case.objects.count() == 1 and case.messages.count() == 1
    desk.answers(case, SAID)
    leave()
    (ours,) = posts_of(desk.windmee)
    after = marloes.reference(address)
    assert after["cid"] != before["cid"]
    assert ours["value"]["reply"] == {"root": after, "parent": after}


def test_a_question_that_was_deleted_is_not_answered_and_the_agent_is_told(
    network: Network, desk: Desk, marloes: Person
) -> None:
    address = asks(marloes, desk)
    desk.hears()
    case = Case.objects.get()
    message = desk.answers(case, SAID)
    marloes.delete(address)
    until(lambda: not network.ask("app.bsky.feed.getPosts", marloes.token, uris=address)["posts"] or None)  # fmt: skip
    leave()
    note_failures()
    assert message.delivery is not None
    message.delivery.refresh_from_db()
    case.refresh_from_db()
    assert message.delivery.state == Delivery.State.REFUSED
    assert message.delivery.last_error == "The post that is answered is not there any more."
    assert case.state == "todo" and posts_of(desk.windmee) == []


def test_an_answer_given_at_the_network_itself_counts(desk: Desk, marloes: Person) -> None:
    address = asks(marloes, desk)
    desk.hears()
    case = Case.objects.get()
    desk.windmee.reply(f"Tot 75 km. {desk.word}", address)
    desk.hears(2)
    case.refresh_from_db()
    assert case.waiting_since is None
    message = case.messages.get(kind="ours")
    assert message.delivery is None and message.elsewhere_url
    assert Channel.objects.get().handle == f"@{desk.windmee.handle}"
