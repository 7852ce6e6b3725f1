"""Listening to a network: found on a page, asked for real, and nothing secret is ever shown."""

import json
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from openroads.archive.queries.state import kept
from openroads.connectors import SEARCHED
from openroads.connectors.failures import TryLater
from openroads.connectors.hackernews import HackerNews
from openroads.connectors.http import Guarded
from openroads.connectors.lemmy import Lemmy
from openroads.connectors.searching import Searched
from openroads.delivery.models import QueuedJob
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening import queries
from openroads.listening.actions.networks import change_network, follow_network
from openroads.listening.actions.sources import Visit, visit_source
from openroads.listening.models import Source
from tests.connectors.conftest import Server

MASTODON = {"server": "mastodon.example", "topic": "#windmee", "days": "7", "token": "very-secret"}


def heard(source: Source) -> int:
    return sum(row.posts for row in kept(archive()) if row.source == source.pk)


def hit(number: int, text: str = "The Windmee battery is flat") -> dict[str, Any]:
    now = int(timezone.now().timestamp())
    return {
        "objectID": str(number),
        "created_at_i": now - number,
        "comment_text": text,
        "author": f"rider{number}",
    }


def test_a_listener_chooses_a_network_and_says_what_to_look_for(
    windmee: Any, sanne: Any, signed_in: Any
) -> None:
    browser = signed_in(sanne)
    chosen = browser.get(reverse("listening:networks")).content.decode()
    form = reverse("listening:follow_network", args=["mastodon"])
    assert f'href="{form}"' in chosen
    told = {**MASTODON, "purpose": "What riders say", "brand": windmee.pk, "name": ""}
    answer = browser.post(form, told, follow=True)
    assert "Mastodon: #windmee" in answer.content.decode()
    source = Source.objects.get(kind="network")
    assert source.told == {"server": "mastodon.example", "topic": "#windmee", "days": "7"}
    assert QueuedJob.objects.filter(key=f"source-{source.pk}").exists()
    assert TrailEntry.objects.first().verb == "followed network"


def test_a_secret_is_kept_encrypted_and_never_shown(
    windmee: Any, sanne: Any, signed_in: Any
) -> None:
    source = follow_network(by=sanne, network="mastodon", told=MASTODON, purpose="p")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM listening_source WHERE id = %s", [source.pk])
        assert "very-secret" not in repr(cursor.fetchall())
    for row in (*QueuedJob.objects.values(), *TrailEntry.objects.values()):
        assert "very-secret" not in repr(row)
    browser = signed_in(sanne)
    for page in (
        reverse("listening:sources"),
        reverse("listening:change_network", args=[source.pk]),
    ):
        assert "very-secret" not in browser.get(page).content.decode()


def test_a_secret_left_empty_stays_what_it_is(windmee: Any, sanne: Any, signed_in: Any) -> None:
    source = follow_network(by=sanne, network="mastodon", told=MASTODON, purpose="p")
    page = reverse("listening:change_network", args=[source.pk])
    browser = signed_in(sanne)
    browser.post(page, {**MASTODON, "topic": "#kade", "token": ""})
    source.refresh_from_db()
    assert (source.told["topic"], json.loads(source.secrets)) == ("#kade", {"token": "very-secret"})
    browser.post(page, {**MASTODON, "topic": "#kade", "token": "another"})
    source.refresh_from_db()
    assert json.loads(source.secrets) == {"token": "another"}
    facts = TrailEntry.objects.first().facts
    assert facts["secrets"] == ["token"] and "another" not in repr(facts)


def test_what_opens_one_server_is_never_sent_to_another(windmee: Any, sanne: Any) -> None:
    source = follow_network(by=sanne, network="mastodon", told=MASTODON, purpose="p")
    elsewhere = {**MASTODON, "server": "elsewhere.example", "token": ""}
    source = change_network(by=sanne, source=source, told=elsewhere)
    assert source.secrets == ""
    assert TrailEntry.objects.first().facts["secrets"] == ["token"]


def test_a_house_that_closes_makes_no_source_deaf(windmee: Any, sanne: Any, server: Server) -> None:
    told = {"server": server.url, "topic": "#windmee, #kade"}
    source = follow_network(by=sanne, network="mastodon", told=told, purpose="p")
    for tag in ("windmee", "kade"):
        server.says(f"/api/v1/timelines/tag/{tag}", "[]")
    client = Guarded([f"127.0.0.1:{server.port}"])
    visit_source(by=sanne, source=source, client=client, alive=lambda: False)
    source.refresh_from_db()
    assert source.last_error == ""


def test_nobody_follows_the_same_thing_twice(windmee: Any, sanne: Any, signed_in: Any) -> None:
    follow_network(by=sanne, network="mastodon", told=MASTODON, purpose="p", name="Ours")
    form = reverse("listening:follow_network", args=["mastodon"])
    answer = signed_in(sanne).post(form, {**MASTODON, "purpose": "again"})
    assert answer.status_code == 400
    assert "“Ours” looks for the same already." in answer.content.decode()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"topic": " , "}, "Say what to look for."),
        ({"days": "x"}, "not a number of days"),
        ({"topic": ""}, "required"),
    ],
)
def test_what_cannot_be_asked_is_said_on_the_form(
    windmee: Any, sanne: Any, signed_in: Any, told: dict[str, str], says: str
) -> None:
    form = reverse("listening:follow_network", args=["mastodon"])
    answer = signed_in(sanne).post(form, {**MASTODON, "purpose": "p", **told})
    assert answer.status_code == 400 and says in answer.content.decode()
    assert not Source.objects.filter(kind="network").exists()


def test_a_network_nobody_knows_is_not_there(sanne: Any, signed_in: Any) -> None:
    assert (
        signed_in(sanne).get(reverse("listening:follow_network", args=["myspace"])).status_code
        == 404
    )


@pytest.mark.parametrize("network", SEARCHED, ids=lambda network: network.kind)
def test_every_network_has_its_form(network: type[Searched], sanne: Any, signed_in: Any) -> None:
    page = signed_in(sanne).get(reverse("listening:follow_network", args=[network.kind]))
    for field in network.fields:
        assert f'name="{field.name}"' in page.content.decode()


def test_a_visit_brings_posts_and_the_next_brings_what_is_new(
    windmee: Any, sanne: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HackerNews, "api", f"{server.url}/search")
    client = Guarded([f"127.0.0.1:{server.port}"])
    source = follow_network(by=sanne, network="hackernews", told={"topic": "windmee"}, purpose="p")
    for hits, posts in (([hit(1), hit(2)], 2), ([hit(1), hit(2)], 2), ([hit(3), hit(1)], 3)):
        server.says("/search", json.dumps({"hits": hits}))
        visit_source(by=sanne, source=source, client=client)
        source.refresh_from_db()
        assert (source.last_error, heard(source)) == ("", posts)


def test_a_post_that_was_taken_away_goes_from_the_archive(
    windmee: Any, sanne: Any, server: Server
) -> None:
    told = {"server": server.url, "topic": "windmee"}
    source = follow_network(by=sanne, network="lemmy", told=told, purpose="p")
    client, now = Guarded([f"127.0.0.1:{server.port}"]), timezone.now().isoformat()

    def view(**more: Any) -> str:
        comment = {
            "id": 1,
            "post_id": 2,
            "content": "The Windmee battery is flat",
            "published": now,
            "path": "0.1",
            **more,
        }
        return json.dumps(
            {"posts": [], "comments": [{"comment": comment, "creator": {"name": "ida"}}]}
        )

    server.says("/api/v3/search", view())
    visit_source(by=sanne, source=source, client=client)
    assert heard(source) == 1
    server.says("/api/v3/search", view(deleted=True, content=""))
    visit_source(by=sanne, source=source, client=client)
    assert heard(source) == 0


def test_a_network_that_lets_nobody_in_is_deaf_with_its_reason(
    windmee: Any, sanne: Any, server: Server, signed_in: Any
) -> None:
    told = {"server": server.url, "topic": "#windmee"}
    source = follow_network(by=sanne, network="mastodon", told=told, purpose="p")
    server.says("/api/v1/timelines/tag/windmee", "{}", status=401)
    visit_source(by=sanne, source=source, client=Guarded([f"127.0.0.1:{server.port}"]))
    page = signed_in(sanne).get(reverse("listening:sources")).content.decode()
    assert "1 is deaf" in page and "does not let us read" in page
    alone = signed_in(sanne).get(reverse("listening:source", args=[source.pk])).content.decode()
    assert "What it looks for" in alone and "does not let us read" in alone


def test_a_visit_that_must_stop_does_so_between_two_questions(windmee: Any, sanne: Any) -> None:
    visit = Visit(lambda: False)
    with pytest.raises(TryLater):
        visit.wait(60)


def test_networks_are_visited_when_their_time_has_come(windmee: Any, sanne: Any) -> None:
    source = follow_network(by=sanne, network="hackernews", told={"topic": "windmee"}, purpose="p")
    assert source in queries.due_sources(timezone.now())
    change_network(by=sanne, source=source, told={"topic": "wind mee", "days": ""})
    assert Source.objects.get(pk=source.pk).every_minutes == 15
    assert Lemmy.kind != source.network
