"""Whatever pieces a stream comes in, and however often it is taken up again, the archive is the same."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.connectors import jetstream
from openroads.connectors.http import Guarded
from openroads.connectors.looking import Wanted
from openroads.directory.conversations import archive
from openroads.listening.models import Source
from openroads.listening.streams import leases
from openroads.listening.streams.actions import Sifter
from tests.connectors.jetstream_server import Jetstream, account, address, commit, identity

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TEXTS = ("kade rijdt fijn", "de kade piept", "iets anders")
WHO = ("a", "b", "c")

EVENT = st.one_of(
    st.tuples(st.sampled_from(("create", "update")), st.sampled_from(WHO), st.sampled_from("12"), st.sampled_from(TEXTS)),
    st.tuples(st.just("delete"), st.sampled_from(WHO), st.sampled_from("12"), st.just("")),
    st.tuples(st.just("gone"), st.sampled_from(WHO), st.just(""), st.sampled_from(("deleted", "takendown", "deactivated"))),
    st.tuples(st.just("renamed"), st.sampled_from(WHO), st.just(""), st.sampled_from(("x", "y"))),
)  # fmt: skip
Told = tuple[str, str, str, str]


def as_event(place: int, told: Told) -> dict[str, Any]:
    what, who, rkey, more = told
    if what == "gone":
        return account(place, who, more)
    if what == "renamed":
        return identity(place, who, f"{who}{more}.bsky.social")
    return commit(place, who, rkey, what, more)


def folded(events: list[Told]) -> dict[str, tuple[str, str]]:
    """What is true after all of them: by hand, with nothing of the house."""
    names = {who: who for who in WHO}
    for what, who, _, more in events:
        if what == "renamed":
            names[who] = f"{who}{more}"
    posts: dict[str, tuple[str, str]] = {}
    for what, who, rkey, more in events:
        if what == "gone":
            posts = {key: post for key, post in posts.items() if post[1] != who}
        elif what in ("create", "update") and "kade" in more:
            posts[address(who, rkey)] = (more, who)
        elif what in ("delete", "update"):
            posts.pop(address(who, rkey), None)
    return {key: (text, f"{names[who]}.bsky.social") for key, (text, who) in posts.items()}


def kept(source: Source) -> dict[str, tuple[str, str]]:
    asked = "SELECT native_id, text, author FROM post FINAL WHERE source = {source:UInt32}"
    rows = archive().written(asked, {"source": source.pk}).to_pylist()
    return {row["native_id"]: (row["text"], row["author"]) for row in rows}


def play(
    source: Source, server: Jetstream, events: list[dict[str, Any]], cuts: list[tuple[int, int]]
) -> None:
    """Hear the events page by page: each cut is the length of a page, and how far it goes back first."""
    network = jetstream.Jetstream(
        Guarded([f"127.0.0.1:{server.port}"]), source.told, now=lambda: NOW
    )
    owner, wanted = leases.Owner(), Wanted(["kade"])
    owner.begin()
    leases.claim(owner, datetime.now(UTC))
    sifter = Sifter(owner, [source], network)
    place = step = 0
    while place < len(events):
        length, back = cuts[step % len(cuts)]
        # Each going back is made up for: every round goes on further than the one before.
        start, place, step = max(0, place - min(back, length - 1)), place, step + 1
        place = max(place, start + length)
        batch = jetstream._Batch()
        for event in events[start:place]:
            network._take(batch, json.dumps(event), wanted)
        assert sifter.take_in(network._page(batch), now=datetime.now(UTC))
    owner.end()


@settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    told=st.lists(EVENT, min_size=4, max_size=24),
    cuts=st.lists(st.tuples(st.integers(2, 9), st.integers(0, 8)), min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
)
def test_in_any_pieces_and_order_and_twice_over_the_archive_is_the_same(
    listen: Callable[..., Any], network: Jetstream, told: list[Told], cuts: Any, order: Any
) -> None:
    network.handles = {f"did:plc:{who}": who for who in WHO}
    for what, who, _, more in told:
        if what == "renamed":
            network.handles[f"did:plc:{who}"] = f"{who}{more}"
    source = listen(f"kade, nr{Source.objects.count()}")
    # Accounts overtake each other, what one account says stays in its order: that is what is promised.
    turns = [who for _, who, _, _ in told]
    order.shuffle(turns)
    theirs = {who: iter([each for each in told if each[1] == who]) for who in WHO}
    events = [as_event(place, next(theirs[who])) for place, who in enumerate(turns, 1)]
    play(source, network, events, cuts)
    assert kept(source) == folded(told)
    play(source, network, events[-3:], [(2, 1)])  # the end once more, as after a kill
    assert kept(source) == folded(told)
