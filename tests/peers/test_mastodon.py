"""Hashtags and words on a server that speaks Mastodon's API: what is posted there is heard here."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from openroads.connectors import mastodon as network
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.port import Page
from tests.peers.conftest import Mastodon


def visit(server: Mastodon, topic: str, cursor: str = "", **told: str) -> list[Page]:
    client = Guarded([urlsplit(server.url).netloc])
    settings = {"server": server.url, **told}
    reader = network.Mastodon(client, settings, datetime.now(UTC), lambda _: None)
    return list(reader.read(topic, cursor))


def heard(pages: list[Page]) -> set[str]:
    return {message.text for page in pages for message in page.messages}


def test_what_is_posted_with_a_hashtag_is_heard_page_by_page(mastodon: Mastodon, tag: str) -> None:
    said = {f"De #{tag} Kade rijdt fijn, dag {n}" for n in range(network.PAGE + 5)}
    for words in sorted(said):
        mastodon.post(words)
    mastodon.post("Iets anders")
    pages = visit(mastodon, f"#{tag}")
    assert heard(pages) == said and len(pages) == 2
    mastodon.post(f"Mijn #{tag} accu is leeg")
    assert f"Mijn #{tag} accu is leeg" in heard(visit(mastodon, f"#{tag}", pages[-1].cursor))


def test_words_are_found_with_a_token(mastodon: Mastodon, tag: str) -> None:
    mastodon.post(f"Mijn accu {tag} is leeg")
    assert heard(visit(mastodon, tag, token="ilse-token")) == {f"Mijn accu {tag} is leeg"}


def test_who_mends_a_post_is_heard_again_under_the_same_id(mastodon: Mastodon, tag: str) -> None:
    number = mastodon.post(f"De #{tag} accu is leeg")
    (before,) = visit(mastodon, f"#{tag}")
    mastodon.ask("PUT", f"/api/v1/statuses/{number}", {"status": f"De #{tag} accu was leeg"})
    (after,) = visit(mastodon, f"#{tag}", before.cursor)
    assert after.messages[0].text == f"De #{tag} accu was leeg"
    assert after.messages[0].native_id == before.messages[0].native_id


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"type": "status", "status": 503}, TryLater),
        ({"type": "ratelimit"}, TryLater),
        ({"type": "status", "status": 401}, Refused),
        ({"type": "malformed"}, Refused),
    ],
    ids=["503", "too often", "401", "half JSON"],
)
def test_a_server_in_trouble_is_a_sentence_and_nothing_is_lost(
    mastodon: Mastodon, tag: str, effect: dict[str, object], error: type[Exception]
) -> None:
    mastodon.post(f"De #{tag} Kade rijdt fijn")
    mastodon.fault(f"/api/v1/timelines/tag/{tag}", **effect)
    with pytest.raises(error):
        visit(mastodon, f"#{tag}")
    mastodon.mend()
    assert heard(visit(mastodon, f"#{tag}")) == {f"De #{tag} Kade rijdt fijn"}
