"""Bluesky by its own makers, all of it on this machine (accounts, the public view, who is who): searched with an app
password, asked what was said to an account, asked who somebody is, and in trouble. Its stream's server (Jetstream) is a
program of another kind and is not here."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.error import HTTPError

import pytest

from openroads.archive.message import Message
from openroads.connectors import bluesky as ours
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.port import Page
from tests.peers import bluesky
from tests.peers.bluesky import POST, Network, Person, now, until
from tests.peers.conftest import PEERS

pytestmark = pytest.mark.heavy
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c6360606000000004000127342722000000000049454e44ae426082"
)
"""A PNG of one pixel."""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """One network for the tests of this file, on a database of its own."""
    with bluesky.whole_network(PEERS, tmp_path_factory.mktemp("bluesky")) as running:
        yield running


@pytest.fixture(scope="module")
def house(network: Network) -> Person:
    """The account the house signs in with."""
    return network.person("windmee")


@pytest.fixture(scope="module")
def ilse(network: Network) -> Person:
    found = network.person("ilse")
    found.write("app.bsky.actor.profile", {"displayName": "Ilse  de Vries 🚲"}, "self")
    asked = {"method": "app.bsky.actor.getProfile", "token": found.token, "actor": found.did}
    until(lambda: network.ask(**asked).get("displayName"))
    return found


@pytest.fixture(scope="module")
def daan(network: Network) -> Person:
    return network.person("daan")


@pytest.fixture
def word() -> str:
    """A word nobody used before."""
    return f"windmee{time.monotonic_ns()}"


def reader(person: Person, **told: str) -> ours.Bluesky:
    client = Guarded(person.network.addresses)
    settings = {"server": person.network.url, "handle": person.handle, "word": person.word, **told}
    return ours.Bluesky(client, settings, datetime.now(UTC), lambda _: None)


def visit(person: Person, topic: str = "", cursor: str = "", **told: str) -> list[Page]:
    return list(reader(person, **told).read(topic, cursor))


def heard(pages: list[Page]) -> list[Message]:
    return [message for page in pages for message in page.messages]


def search(person: Person, topic: str, at_least: int = 1) -> dict[str, Message]:
    """What is found by its words, once everybody can see so much: the view comes a moment later."""

    def found() -> dict[str, Message]:
        told = {each.text: each for each in heard(visit(person, topic))}
        return told if len(told) >= at_least else {}

    return dict(until(found))


def said_to(person: Person, at_least: int = 1) -> dict[str, Message]:
    def found() -> dict[str, Message]:
        told = {each.text: each for each in heard(visit(person, way="own"))}
        return told if len(told) >= at_least else {}

    return dict(until(found))


def ago(**before: float) -> str:
    told = datetime.now(UTC) - timedelta(**before)
    return told.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_post_is_found_with_its_writer_moment_language_and_address(
    house: Person, ilse: Person, word: str
) -> None:
    at = ago(hours=5)
    address = ilse.post(f"Mijn accu {word} is leeg 😡", langs=["nl-BE", "en"], createdAt=at)
    (message,) = search(house, word).values()
    assert (message.native_id, message.text) == (address, f"Mijn accu {word} is leeg 😡")
    assert (message.author, message.author_name) == ("ilse.test", "Ilse de Vries 🚲")
    assert message.said_at == datetime.fromisoformat(at)
    assert message.language == "nl"
    assert message.url == f"https://bsky.app/profile/{ilse.did}/post/{address.rpartition('/')[2]}"
    assert (message.thread, message.reply_to, message.quotes) == (address, "", "")


def test_replies_and_quotes_know_what_they_answer_and_figures_are_counted(
    house: Person, ilse: Person, daan: Person, word: str
) -> None:
    first = ilse.post(f"Eerst {word}")
    second = daan.reply(f"Antwoord {word}", first)
    ilse.reply(f"Antwoord daarop {word}", second, root=first)
    told = {"$type": "app.bsky.embed.record", "record": daan.reference(first)}
    daan.post(f"Aangehaald {word}", embed=told)
    daan.write("app.bsky.feed.like", {"subject": daan.reference(first), "createdAt": now()})
    daan.write("app.bsky.feed.repost", {"subject": daan.reference(first), "createdAt": now()})
    until(lambda: search(house, word, 4)[f"Eerst {word}"].reposts)
    found = search(house, word, 4)
    assert (found[f"Eerst {word}"].likes, found[f"Eerst {word}"].replies) == (1, 1)
    answer, deeper = found[f"Antwoord {word}"], found[f"Antwoord daarop {word}"]
    assert (answer.reply_to, answer.thread) == (first, first)
    assert (deeper.reply_to, deeper.thread) == (second, first)
    assert found[f"Aangehaald {word}"].quotes == first


def test_a_post_of_pictures_alone_says_what_they_show_and_quotes_beside_pictures_are_read(
    house: Person, ilse: Person, word: str
) -> None:
    picture = ilse.picture(PICTURE)
    shown = {"$type": "app.bsky.embed.images", "images": [{"alt": f"Een Kade {word}", "image": picture}]}  # fmt: skip
    alone = ilse.post("", embed=shown, facets=[])
    with_words = ilse.post(
        f"Kijk {word}",
        embed={
            "$type": "app.bsky.embed.recordWithMedia",
            "record": {"$type": "app.bsky.embed.record", "record": ilse.reference(alone)},
            "media": shown,
        },
    )
    message = search(house, word)[f"Kijk {word}"]
    assert (message.native_id, message.quotes) == (with_words, alone)
    # The search of this network knows words only; how the post reads is asked of what it gives.
    (post,) = until(lambda: ilse.network.ask("app.bsky.feed.getPosts", ilse.token, uris=alone)["posts"])  # fmt: skip
    read = ours.as_message(post, datetime.now(UTC))
    assert read is not None and read.text == f"Een Kade {word}"


def test_everything_is_read_page_by_page_and_a_stopped_visit_goes_on_where_it_was(
    house: Person, ilse: Person, word: str
) -> None:
    """Two to a moment, so that pages end between posts of the same moment."""
    said = {f"Rit {n} {word}": ago(minutes=n // 2 + 1) for n in range(2 * ours.PAGE + 5)}
    ilse.post_all(said)
    until(lambda: len(visit(house, word)) == 3)
    pages = visit(house, word)
    assert [len(page.messages) for page in pages] == [ours.PAGE, ours.PAGE, 5]
    assert {each.text for each in heard(pages)} == said.keys()
    # A house that was killed after its first page has kept that page's cursor.
    rest = visit(house, word, pages[0].cursor)
    assert {each.text for each in heard([pages[0], *rest])} == said.keys() and len(rest) == 2


def test_the_next_visit_brings_what_is_new(house: Person, ilse: Person, word: str) -> None:
    ilse.post_all({f"Lang geleden {word}": ago(hours=9), f"Net {word}": ago(minutes=5)})
    search(house, word, 2)
    cursor = visit(house, word)[-1].cursor
    ilse.post(f"Nieuw {word}")
    until(lambda: len(heard(visit(house, word, cursor))) == 2)
    # Two hours are read again: networks show some posts late.
    found = {each.text for each in heard(visit(house, word, cursor))}
    assert found == {f"Nieuw {word}", f"Net {word}"}


def test_no_further_back_than_was_asked(house: Person, ilse: Person, word: str) -> None:
    ilse.post_all({f"Oud {word}": ago(days=9), f"Jong {word}": ago(days=3)})
    assert len(search(house, word, 2)) == 2
    assert {each.text for each in heard(visit(house, word, days="4"))} == {f"Jong {word}"}


def test_a_clock_that_runs_ahead_does_not_move_a_post_into_the_future(
    house: Person, ilse: Person, word: str
) -> None:
    ilse.post(f"Morgen {word}", createdAt=ago(hours=-20))
    (message,) = search(house, word).values()
    assert message.said_at <= datetime.now(UTC)


def test_who_is_for_people_signed_in_only_is_left_out_however_asked(
    network: Network, house: Person, ilse: Person, word: str
) -> None:
    shy = network.person(f"shy{time.monotonic_ns() % 10**9}")
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}  # fmt: skip
    shy.write("app.bsky.actor.profile", {"displayName": "Verlegen", "labels": labels}, "self")
    until(lambda: network.ask("app.bsky.actor.getProfile", house.token, actor=shy.did).get("labels"))  # fmt: skip
    address = house.post(f"Wie heeft er een {word}?")
    shy.reply(f"Ik {word}", address)
    ilse.reply(f"Ik ook {word}", address)
    assert f"Ik ook {word}" in said_to(house) and f"Ik {word}" not in said_to(house)
    assert search(house, word, 2).keys() == {f"Wie heeft er een {word}?", f"Ik ook {word}"}
    profiles = ours.Profiles(Guarded(network.addresses), network.viewed)
    assert ours._is_hidden(profiles.of([shy.did])[shy.did])


def test_what_is_said_to_the_own_account_is_heard_and_applause_is_not(
    network: Network, ilse: Person, daan: Person, word: str
) -> None:
    me = network.person(f"kade{time.monotonic_ns() % 10**9}")
    mine = me.post("Nieuwe fiets")
    answer = daan.reply(f"Mooi {word}", mine)
    quote = ilse.post(
        f"Zie {word}", embed={"$type": "app.bsky.embed.record", "record": ilse.reference(mine)}
    )
    mention = ilse.mention(me, f"leeg! {word}")
    for kind in ("like", "repost"):
        daan.write(f"app.bsky.feed.{kind}", {"subject": daan.reference(mine), "createdAt": now()})
    daan.write("app.bsky.graph.follow", {"subject": me.did, "createdAt": now()})
    until(lambda: len(network.ask("app.bsky.notification.listNotifications", me.token)["notifications"]) == 6)  # fmt: skip
    found = {each.native_id: each for each in heard(visit(me, way="own"))}
    assert found.keys() == {answer, quote, mention}
    assert (found[answer].reply_to, found[quote].quotes) == (mine, mine)
    assert found[mention].text == f"@{me.handle} leeg! {word}"


def test_what_is_said_to_the_own_account_is_read_page_by_page(
    network: Network, daan: Person
) -> None:
    me = network.person(f"druk{time.monotonic_ns() % 10**9}")
    mine = me.reference(me.post("Wat vinden jullie?"))
    said = {f"Mening {n}": ago(seconds=n + 5) for n in range(ours.PAGE + 7)}
    daan.post_all(said, reply={"root": mine, "parent": mine})
    until(lambda: len(heard(visit(me, way="own"))) == len(said))
    pages = visit(me, way="own")
    assert {each.text for each in heard(pages)} == said.keys() and len(pages) == 2
    assert {each.text for each in heard(visit(me, cursor=pages[0].cursor, way="own"))} == {
        f"Mening {n}" for n in range(ours.PAGE, ours.PAGE + 7)
    }


def test_an_answer_with_an_old_date_hides_nothing_that_was_said_before_it(
    network: Network, daan: Person, word: str
) -> None:
    """Programs that bring old posts over to Bluesky give them the moment they had elsewhere."""
    me = network.person(f"oud{time.monotonic_ns() % 10**9}")
    mine = me.reference(me.post("Wat vinden jullie?"))
    said = {f"Mening {n}": ago(seconds=n + 5) for n in range(ours.PAGE + 7)}
    daan.post_all(said, reply={"root": mine, "parent": mine})
    daan.post(f"Van toen {word}", reply={"root": mine, "parent": mine}, createdAt=ago(days=800))
    until(lambda: len(heard(visit(me, way="own", days="3650"))) == len(said) + 1)
    assert {each.text for each in heard(visit(me, way="own"))} == said.keys()


def test_a_post_that_was_deleted_is_found_and_shown_no_more(
    network: Network, house: Person, ilse: Person, word: str
) -> None:
    gone, kept = ilse.post(f"Weg {word}"), ilse.post(f"Blijft {word}")
    search(house, word, 2)
    profiles = ours.Profiles(Guarded(network.addresses), network.viewed)
    assert profiles.posts_shown([gone, kept]) == {gone, kept}
    ilse.delete(gone)
    until(lambda: profiles.posts_shown([gone, kept]) == {kept})
    assert search(house, word).keys() == {f"Blijft {word}"}


def test_a_post_that_is_written_over_is_read_again_under_the_same_id(
    house: Person, ilse: Person, word: str
) -> None:
    """Bluesky's own programs have no edits; others write over what was said, and it is shown."""
    address, at = ilse.post(f"Leeg {word}"), now()
    (before,) = search(house, word).values()
    cursor = visit(house, word)[-1].cursor
    ilse.write(POST, {"text": f"Vol {word}", "createdAt": at}, address.rpartition("/")[2])
    until(lambda: search(house, word).keys() == {f"Vol {word}"})
    (after,) = heard(visit(house, word, cursor))
    assert (after.text, after.native_id) == (f"Vol {word}", before.native_id)


def test_who_takes_another_handle_is_heard_under_it_with_the_same_post(
    network: Network, house: Person, word: str
) -> None:
    number = time.monotonic_ns() % 10**9
    person = network.person(f"eerst{number}")
    address = person.post(f"Wie ben ik {word}")
    assert search(house, word)[f"Wie ben ik {word}"].author == person.handle
    network.tell("com.atproto.identity.updateHandle", {"handle": f"dan{number}.test"}, person.token)
    until(lambda: search(house, word)[f"Wie ben ik {word}"].author == f"dan{number}.test")
    (message,) = search(house, word).values()
    assert message.native_id == address
    profiles = ours.Profiles(Guarded(network.addresses), network.viewed)
    assert profiles.of([person.did])[person.did]["handle"] == f"dan{number}.test"


def test_the_public_view_tells_who_accounts_are_without_signing_in(
    network: Network, ilse: Person, daan: Person
) -> None:
    profiles = ours.Profiles(Guarded(network.addresses), network.viewed)
    nobody = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
    # More than are told at once.
    found = profiles.of([ilse.did, daan.did, nobody, *(f"did:plc:{n:0>24}" for n in range(30))])
    assert {did: each["handle"] for did, each in found.items()} == {
        ilse.did: "ilse.test",
        daan.did: "daan.test",
    }


def test_posts_of_an_account_that_closed_are_gone(
    network: Network, house: Person, word: str
) -> None:
    person = network.person(f"sluit{time.monotonic_ns() % 10**9}")
    person.post(f"Ik ga {word}")
    search(house, word)
    network.tell("com.atproto.server.deactivateAccount", {}, person.token)
    until(lambda: heard(visit(house, word)) == [])


@pytest.mark.parametrize(
    "told",
    [{"word": "xxxx-xxxx-xxxx-xxxx"}, {"handle": "niemand.test"}, {"handle": "geen handle"}],
    ids=["another word", "nobody", "no handle"],
)
def test_who_is_not_let_in_reads_why(house: Person, told: dict[str, str]) -> None:
    with pytest.raises(Refused, match="does not let this handle in"):
        visit(house, "windmee", **told)


def test_an_app_password_that_was_taken_back_is_a_sentence(network: Network) -> None:
    person = network.person(f"terug{time.monotonic_ns() % 10**9}")
    assert visit(person, "windmee")
    network.tell("com.atproto.server.revokeAppPassword", {"name": "house"}, person.token)
    tokens_run_out()
    with pytest.raises(Refused, match="does not let this handle in"):
        visit(person, "windmee")


def test_a_server_that_is_no_bluesky_is_a_sentence(house: Person) -> None:
    # Where everybody looks nobody signs in.
    with pytest.raises(Refused, match="not as Bluesky does"):
        visit(house, "windmee", server=house.network.viewed)


def test_a_house_that_visits_often_is_not_sent_away(network: Network, word: str) -> None:
    """Bluesky lets an account sign in thirty times in five minutes and three hundred times a day, and a
    house with four sources visits 384 times a day."""
    person = network.person(f"vaak{time.monotonic_ns() % 10**9}")
    for _ in range(35):
        visit(person, word)
    # The limit is there: who signs in each time meets it.
    told = {"identifier": person.handle, "password": person.word}
    with pytest.raises(HTTPError, match="429"):
        for _ in count():
            network.tell("com.atproto.server.createSession", told)
    assert visit(person, word)
    tokens_run_out()
    with pytest.raises(TryLater):
        visit(person, word)


def test_a_network_that_does_not_answer_is_tried_later_and_nothing_is_lost(
    house: Person, ilse: Person, word: str
) -> None:
    ilse.post(f"Voor de storing {word}")
    search(house, word)
    with frozen(house.network), pytest.raises(TryLater):
        visit(house, word)
    assert search(house, word).keys() == {f"Voor de storing {word}"}


def test_a_token_that_is_taken_no_more_is_made_anew(house: Person, ilse: Person, word: str) -> None:
    ilse.post(f"Leeg {word}")
    search(house, word)
    for kept in ours.SESSIONS:
        # A server tells a wrong token and one that ran out the same way.
        ours.SESSIONS[kept] = (time.monotonic(), "taken.no.more")
    assert search(house, word).keys() == {f"Leeg {word}"}
    assert "taken.no.more" not in {token for _, token in ours.SESSIONS.values()}


def tokens_run_out() -> None:
    """As they do after an hour: the next visit signs in."""
    ours.SESSIONS.clear()


@contextmanager
def frozen(network: Network) -> Iterator[None]:
    """The network stands still for a while: it takes connections, and says nothing."""
    network.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        network.process.send_signal(signal.SIGCONT)
