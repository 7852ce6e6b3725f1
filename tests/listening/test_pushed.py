"""The pages of what others send: a secret shown once, examples to copy, what came in, and a network's address."""

import json
from typing import Any

from django.urls import reverse
from django.utils import timezone

from openroads.directory.models import TrailEntry
from openroads.listening.actions.networks import follow_network
from openroads.listening.keeping import queries as keeping
from openroads.listening.models import Payload, PushAddress, Source

PAGE = {"topic": "123", "token": "page-token", "app_secret": "app-secret", "days": "30"}


def made(browser: Any) -> tuple[Source, str]:
    """A source made on its page, and what the page then said."""
    told = {"name": "Tickets", "purpose": "What customers ask", "brand": ""}
    page = browser.post(reverse("pushed:add"), told)
    return Source.objects.get(kind="push"), page.content.decode()


def test_a_listener_makes_an_address_and_sees_its_secret_once(sanne: Any, signed_in: Any) -> None:
    browser = signed_in(sanne)
    source, shown = made(browser)
    secret = PushAddress.objects.get(source=source).secret
    assert (
        secret.startswith("whsec_") and shown.count(secret) == 4
    )  # once itself, and in each example
    assert f"/api/v1/posts/{source.push_address.public_id}" in shown
    later = browser.get(reverse("pushed:address", args=[source.pk]))
    assert secret not in later.content.decode() and "whsec_YOUR_SECRET" in later.content.decode()
    assert "no-store" in later.headers["Cache-Control"]
    assert secret not in browser.get(reverse("listening:sources")).content.decode()
    assert TrailEntry.objects.filter(verb="opened address for posts").exists()
    assert source in keeping.sources_with_posts()


def test_another_secret_is_shown_once_and_the_older_one_can_be_ended(
    sanne: Any, signed_in: Any
) -> None:
    browser = signed_in(sanne)
    source, _ = made(browser)
    first = PushAddress.objects.get().secret
    page = browser.post(reverse("pushed:new_secret", args=[source.pk])).content.decode()
    fresh = PushAddress.objects.get().secret
    assert (
        fresh != first and fresh in page and first not in page and "Two secrets hold until" in page
    )
    browser.post(reverse("pushed:end_older", args=[source.pk]))
    assert PushAddress.objects.get().secrets_at(timezone.now()) == (fresh,)


def test_two_of_one_name_are_refused_in_words(sanne: Any, signed_in: Any) -> None:
    browser = signed_in(sanne)
    made(browser)
    again = browser.post(reverse("pushed:add"), {"name": "Tickets", "purpose": "p", "brand": ""})
    assert again.status_code == 400 and "a source called “Tickets”" in again.content.decode()


def test_the_page_counts_what_came_in_and_offers_to_read_again(sanne: Any, signed_in: Any) -> None:
    browser = signed_in(sanne)
    source, _ = made(browser)
    common = {"source": source, "digest": "x", "came_at": timezone.now()}
    Payload.objects.create(deed="a", state="read", added=1_200, deleted=2, rejected=1, **common)
    bad = Payload.objects.create(deed="b", state="rejected", body="{", error="<b>no</b>", **common)
    page = browser.get(reverse("pushed:address", args=[source.pk])).content.decode()
    assert "1,200" in page and "1 request to Tickets could not be read" in page
    assert "<b>no</b>" not in page and "&lt;b&gt;no" in page
    browser.post(reverse("pushed:again", args=[source.pk, bad.pk]))
    bad.refresh_from_db()
    assert (bad.state, bad.error) == ("waiting", "")


def test_a_network_that_tells_by_itself_gets_an_address_and_a_word(
    sanne: Any, signed_in: Any
) -> None:
    source = follow_network(by=sanne, network="facebook", told=PAGE, purpose="p")
    browser = signed_in(sanne)
    address = reverse("pushed:address", args=[source.pk])
    assert "it can also tell us at once" in browser.get(address).content.decode()
    page = browser.post(reverse("pushed:new_secret", args=[source.pk])).content.decode()
    word = PushAddress.objects.get().secret
    assert word in page and "/hooks/meta/" in page and "app-secret" not in page
    assert json.loads(source.secrets)["app_secret"] == "app-secret"
    assert word not in browser.get(address).content.decode()


def test_who_may_not_keep_sources_sees_none_of_it(
    sanne: Any, daan: Any, ida: Any, signed_in: Any
) -> None:
    source, _ = made(signed_in(sanne))
    for person in (daan, ida):
        browser = signed_in(person)
        for name, args in (("add", []), ("address", [source.pk])):
            assert browser.get(reverse(f"pushed:{name}", args=args)).status_code == 403
        assert browser.post(reverse("pushed:new_secret", args=[source.pk])).status_code == 403
    feed = Source.objects.create(kind="feed", name="Blog", address="https://x.example")
    assert signed_in(sanne).get(reverse("pushed:address", args=[feed.pk])).status_code == 404
