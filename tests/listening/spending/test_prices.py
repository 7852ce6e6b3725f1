"""Networks that are off until a person read the terms, and paid ones until a person saw the price."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from openroads.connectors.failures import Refused
from openroads.connectors.http import Guarded
from openroads.delivery.models import QueuedJob
from openroads.delivery.runner import work_off
from openroads.directory.models import TrailEntry
from openroads.listening import queries
from openroads.listening.actions.networks import change_network, follow_network
from openroads.listening.actions.sources import pause_source, visit_now, visit_source
from openroads.listening.models import CostPreview, Source, Spending
from openroads.listening.spending.actions import ask_price, switch_on
from openroads.listening.spending.queries import price_is_unseen
from tests.connectors.conftest import Server
from tests.connectors.visiting import says
from tests.listening.spending.conftest import EX, RED, follow


@pytest.fixture(autouse=True)
def jobs() -> None:
    """The jobs of the ledger, declared."""
    from openroads.listening.spending import schedule  # noqa: F401


def counted(server: Server, n: int) -> None:
    says(server, "/tweets/counts/recent", {"data": [], "meta": {"total_tweet_count": n}})


@pytest.mark.parametrize(("network", "told"), [("reddit", RED), ("x", EX)])
def test_nothing_begins_before_the_terms_are_confirmed(
    windmee: Any, sanne: Any, network: str, told: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="confirm it"):
        follow_network(by=sanne, network=network, told=told, purpose="p")
    assert not Source.objects.filter(kind="network").exists()


def test_who_confirms_reads_the_terms_and_the_trail_keeps_them(
    windmee: Any, sanne: Any, signed_in: Any
) -> None:
    browser, form = signed_in(sanne), reverse("listening:follow_network", args=["reddit"])
    page = browser.get(form).content.decode()
    assert "Responsible Builder Policy" in page and "written contract" in page
    assert browser.post(form, {**RED, "purpose": "p"}).status_code == 400
    assert browser.post(form, {**RED, "purpose": "p", "agreed": "on"}).status_code == 302
    facts = TrailEntry.objects.first().facts
    assert any("written contract" in term for term in facts["confirmed"])
    assert "a-secret" not in repr(facts)


def test_a_paid_source_is_off_until_its_price_was_seen(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, signed_in: Any
) -> None:
    counted(server, 700)
    browser, form = signed_in(sanne), reverse("listening:follow_network", args=["x"])
    answer = browser.post(form, {**EX, "purpose": "p", "agreed": "on", "name": "X about us"})
    source = Source.objects.get(network="x")
    page = reverse("spending:source", args=[source.pk])
    assert answer.url == page and not source.listening
    assert "is being asked what this costs" in browser.get(page).content.decode()
    assert not QueuedJob.objects.filter(key=f"source-{source.pk}").exists()
    work_off()
    shown = browser.get(page).content.decode()
    # 700 in seven days are 3,000 in thirty: $ 45 to read, 3,000 / 2 x 30 looks x $ 0.005 = $ 225 to look again.
    assert "A month of this would cost about $\u00a0270.00" in shown
    assert "$\u00a045.00" in shown and "$\u00a0225.00" in shown and "$\u00a025.00" in shown
    preview = CostPreview.objects.get()
    assert (preview.posts, preview.together) == (3_000, Decimal(270))
    browser.post(reverse("spending:switch_on", args=[source.pk]), {"preview": preview.pk})
    source.refresh_from_db()
    assert source.listening and not price_is_unseen(source)
    assert QueuedJob.objects.filter(key=f"source-{source.pk}").exists()
    facts = TrailEntry.objects.first().facts
    assert facts["a_month"] == "270.00 USD" and facts["budget"] == "25 USD"


def test_no_other_door_leads_past_the_price(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, signed_in: Any
) -> None:
    source = follow(sanne, "x", EX)
    with pytest.raises(Refused, match="seen what it costs"):
        pause_source(by=sanne, source=source, listening=True)
    with pytest.raises(Refused):
        visit_now(by=sanne, source=source)
    browser = signed_in(sanne)
    for name in ("listening:pause_source", "listening:visit_source"):
        answer = browser.post(reverse(name, args=[source.pk]), follow=True)
        assert "seen what it costs" in answer.content.decode()
    visit_source(by=sanne, source=source, client=at_test)
    source.refresh_from_db()
    assert not source.listening and "seen what it costs" in source.last_error
    assert server.asked == [] and not Spending.objects.exists()
    Source.objects.filter(pk=source.pk).update(listening=False)
    assert source not in queries.due_sources(timezone.now() + timedelta(days=9))


def test_other_settings_are_another_price(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded
) -> None:
    counted(server, 7)
    source = follow(sanne, "x", EX)
    work_off()
    preview = CostPreview.objects.get()
    switch_on(by=sanne, source=source, preview=preview)
    source = change_network(by=sanne, source=source, told={**EX, "topic": "windmee OR kade"})
    assert not source.listening and price_is_unseen(source)
    with pytest.raises(Refused, match="other settings"):
        switch_on(by=sanne, source=source, preview=preview)
    token = change_network(by=sanne, source=source, told={**EX, "topic": "windmee"})
    assert not price_is_unseen(token)  # that price was seen


def test_a_price_of_last_week_is_asked_again(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded
) -> None:
    counted(server, 7)
    source = follow(sanne, "x", EX)
    preview = CostPreview.objects.get()
    with pytest.raises(Refused, match="not known yet"):
        switch_on(by=sanne, source=source, preview=preview)
    work_off()
    CostPreview.objects.update(asked_at=timezone.now() - timedelta(days=8))
    preview.refresh_from_db()
    with pytest.raises(Refused, match="older than a week"):
        switch_on(by=sanne, source=source, preview=preview)
    ask_price(by=sanne, source=source)
    work_off()
    switch_on(by=sanne, source=source, preview=CostPreview.objects.first())


def test_a_network_that_does_not_say_is_a_sentence_on_the_page(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, signed_in: Any
) -> None:
    says(server, "/tweets/counts/recent", {"title": "Unauthorized"}, 401)
    source = follow(sanne, "x", EX)
    work_off()
    shown = signed_in(sanne).get(reverse("spending:source", args=[source.pk])).content.decode()
    assert "did not say what this costs" in shown and "bearer token" in shown
    assert "Switch it on" not in shown


def test_only_who_keeps_sources_switches_one_on(windmee: Any, sanne: Any, daan: Any, server: Server, at_test: Guarded) -> None:  # fmt: skip
    counted(server, 7)
    source = follow(sanne, "x", EX)
    work_off()
    for deed in (
        lambda: switch_on(by=daan, source=source, preview=CostPreview.objects.get()),
        lambda: ask_price(by=daan, source=source),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_what_is_free_has_no_price(windmee: Any, sanne: Any, signed_in: Any) -> None:
    source = follow(sanne, "hackernews", {"topic": "a"})
    with pytest.raises(Refused, match="costs nothing"):
        ask_price(by=sanne, source=source)
    answer = signed_in(sanne).post(
        reverse("spending:switch_on", args=[source.pk]), {"preview": "x"}
    )
    assert answer.status_code == 404
