"""What goes wrong on the wire is, for every network that counts what it asks, to be tried later or refused, with a
sentence; and what was asked is counted also then."""

import json
from typing import Any

import pytest

from openroads.connectors import linkedin, reddit, stackexchange, x, youtube
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.searching import Searched
from tests.connectors.conftest import Server
from tests.connectors.visiting import lets_in, made, meter

PLACES: dict[type[Searched], tuple[str, str]] = {
    type("Tube", (youtube.YouTube,), {}): ("UC" + "w" * 22, "/commentThreads"),
    type("Red", (reddit.Reddit,), {}): ("windmee", "/search"),
    type("Ex", (x.X,), {}): ("windmee", "/tweets/search/recent"),
    type("Linked", (linkedin.LinkedIn,), {}): ("12345", "/posts"),
    type("Stack", (stackexchange.StackExchange,), {}): ("windmee", "/search/advanced"),
}
ONES = pytest.mark.parametrize("kind", PLACES, ids=lambda kind: kind.kind)


def read(kind: type[Searched], server: Server, **told: str) -> Any:
    lets_in(server)
    topic, _ = PLACES[kind]
    counted = meter()
    network = made(kind, server, counted, topic=topic, **told)
    try:
        return [m for page in network.read(topic) for m in page.messages]
    finally:
        (allowance, *_) = kind.allowances({**told, "budget": "25"})
        # X is paid by what came: nothing came.
        assert counted.used(allowance).units >= (0 if kind.priced else 1)


@ONES
@pytest.mark.parametrize(
    ("status", "after"), [(429, 90.0), (500, 90.0), (503, 90.0)], ids=["too often", "500", "503"]
)
def test_a_network_in_trouble_is_tried_later_when_it_says(
    kind: type[Searched], status: int, after: float, server: Server
) -> None:
    server.says(PLACES[kind][1], "{}", status=status, kind="application/json", Retry_After="90")
    with pytest.raises(TryLater) as later:
        read(kind, server)
    # X and Reddit name the moment in headers of their own; without these theirs is taken.
    assert later.value.after in (after, 900.0, 60.0)


@ONES
@pytest.mark.parametrize(
    "body", ['{"items": [{"id"', "<html>captive portal</html>", "[]", "null", "", "[" * 50_000],
    ids=["half JSON", "another type", "a list", "null", "nothing", "deep"],
)  # fmt: skip
def test_what_is_no_answer_of_the_api_is_a_sentence(
    kind: type[Searched], body: str, server: Server
) -> None:
    server.says(PLACES[kind][1], body)
    with pytest.raises(Refused) as refused:
        read(kind, server)
    assert refused.value.why


@ONES
def test_a_key_that_is_revoked_is_a_sentence(kind: type[Searched], server: Server) -> None:
    server.says(PLACES[kind][1], '{"error": {"message": "gone"}}', status=401, kind="application/json")  # fmt: skip
    with pytest.raises(Refused):
        read(kind, server)


@ONES
@pytest.mark.parametrize(
    "odd",
    [
        {"items": [1, None, {"snippet": 3}, {"id": {"a": 1}, "snippet": {"topLevelComment": []}}]},
        {"data": {"children": [1, {"data": {"name": "t1_x", "created_utc": "now"}}]}},
        {"data": [1, {"id": []}, {"id": "5", "created_at": "x", "text": 7}], "meta": {"next_token": 4.5}},
        {"elements": [None, {"id": 5}, {"id": "urn:li:x", "commentary": [], "createdAt": "x"}]},
    ],
    ids=["youtube", "reddit", "x", "linkedin"],
)  # fmt: skip
def test_things_of_odd_shapes_are_left_out(kind: type[Searched], odd: Any, server: Server) -> None:
    server.says(PLACES[kind][1], json.dumps(odd), kind="application/json")
    try:
        assert read(kind, server) == []
    except Refused as refused:
        assert refused.why
