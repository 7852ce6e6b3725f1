"""The processing register: asked of every source that begins, changed with a trail, its holes named."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation

from openroads.directory.models import TrailEntry
from openroads.listening.actions import imports
from openroads.listening.actions.networks import follow_network
from openroads.listening.actions.sources import follow_feed, read_site
from openroads.listening.keeping.actions import set_keeping
from openroads.listening.models import Controller, Entry, PlatformDeletion, Source
from openroads.listening.register import actions, queries
from openroads.listening.register.grounds import Grounds
from tests.listening.test_mended import POSTS, received

WHOLE = Grounds(
    interest="To mend what riders complain of.", necessity="Only posts that name us.",
    balance="They wrote in public; we use pseudonyms.", keep_months=12,
)  # fmt: skip


def text(browser: Any, name: str, *args: Any) -> str:
    return str(browser.get(reverse(name, args=args)).content.decode())


@pytest.fixture
def feed(windmee: Any, sanne: Any) -> Source:
    return follow_feed(
        by=sanne, address="https://blog.example/feed", purpose="To learn.", name="Blog"
    )


def test_every_kind_of_source_is_entered_when_it_begins(
    windmee: Any, sanne: Any, feed: Source
) -> None:
    read_site(by=sanne, brand=windmee, address="https://windmee.example/", purpose="To compare.")
    follow_network(by=sanne, network="hackernews", told={"topic": "windmee"}, purpose="To learn.", grounds=WHOLE)  # fmt: skip
    imports.start_import(by=sanne, item=received(sanne, POSTS, "export.csv"), purpose="To learn.")
    entries = {entry.source.kind: entry for entry in Entry.objects.select_related("source")}
    assert set(entries) == {"feed", "site", "network", "file"}
    assert all(entry.owner == sanne and entry.basis == "interest" for entry in entries.values())
    assert entries["network"].source.keep_months == 12
    holes = {row.source.kind: row.holes for row in queries.register_for(sanne)}
    assert holes["network"] == () and holes["site"] == ()
    assert holes["feed"] == ("no balancing text yet", "kept for good: no retention yet")


def test_what_is_asked_on_the_form_goes_into_the_register(windmee: Any, sanne: Any, noor: Any, signed_in: Any) -> None:  # fmt: skip
    browser, address = signed_in(sanne), reverse("listening:add_feed")
    form = browser.get(address).content.decode()
    for name in ("purpose", "basis", "interest", "necessity", "balance", "owner", "keep_months"):
        assert f'name="{name}"' in form, name
    for other in (reverse("listening:add_site"), reverse("listening:follow_network", args=["hackernews"])):  # fmt: skip
        assert 'name="balance"' in browser.get(other).content.decode()
    told = {
        "address": "https://blog.example/feed", "voice": "customer", "purpose": "To learn.",
        "basis": "consent", "owner": noor.pk, "keep_months": "24",
    }  # fmt: skip
    browser.post(address, told)
    entry = Entry.objects.select_related("source").get()
    assert (entry.basis, entry.owner, entry.source.keep_months) == ("consent", noor, 24)
    assert TrailEntry.objects.get(verb="followed feed").facts["basis"] == "consent"


def test_an_entry_is_changed_with_a_trail_of_what_it_was(
    feed: Source, sanne: Any, ada: Any
) -> None:
    said = {"purpose": "To mend.", "basis": "interest", "balance": "Weighed.", "owner": ada}
    actions.change_entry(by=sanne, source=feed, said=said)
    facts = TrailEntry.objects.get(verb="changed the register").facts
    assert facts["purpose"] == {"was": "To learn.", "now": "To mend."}
    assert facts["owner"] == {"was": "Sanne de Wit", "now": "Ada Vermeer"} and "basis" not in facts
    actions.change_entry(by=sanne, source=feed, said=said)
    assert TrailEntry.objects.filter(verb="changed the register").count() == 1
    with pytest.raises(PermissionDenied):
        actions.change_entry(by=sanne, source=feed, said={"keep_months": 3})
    actions.change_entry(by=ada, source=feed, said={"keep_months": 3})
    feed.refresh_from_db()
    assert feed.keep_months == 3


def test_who_may_not_keep_sources_changes_nothing(feed: Source, omar: Any, daan: Any) -> None:
    for person in (omar, daan):
        with pytest.raises(PermissionDenied):
            actions.change_entry(by=person, source=feed, said={"purpose": "x"})
    with pytest.raises(PermissionDenied):
        actions.change_controller(by=daan, said={"contact": "x@windmee.example"})


def test_holes_are_named_until_they_are_filled(
    feed: Source, sanne: Any, ada: Any, signed_in: Any
) -> None:
    browser = signed_in(ada)
    assert "holes: 2" in text(browser, "listening:register")
    address = reverse("listening:register_entry", args=(feed.pk,))
    told = {
        "purpose": "To learn.", "basis": "interest", "interest": "a", "necessity": "", "balance": "c",
        "owner": sanne.pk, "keep_months": "12",
    }  # fmt: skip
    browser.post(address, told)
    assert "no balancing text yet for: necessity" in text(browser, "listening:source", feed.pk)
    browser.post(address, {**told, "necessity": "b"})
    assert "and no hole" in text(browser, "listening:register")
    sanne.is_active = False
    sanne.save()
    assert "nobody answers for it" in text(browser, "listening:register")


def test_a_source_from_before_the_register_shows_every_hole(windmee: Any, sanne: Any) -> None:
    Source.objects.create(kind="feed", name="Old", address="https://old.example/")
    (row,) = queries.register_for(sanne)
    assert row.holes == ("no purpose yet", "no legal basis yet", "nobody answers for it", "kept for good: no retention yet")  # fmt: skip
    assert row.basis == "unknown"


def test_the_register_is_a_table_in_both_languages(feed: Source, ada: Any, signed_in: Any) -> None:
    set_keeping(by=ada, house=12, sources={})
    actions.change_controller(
        by=ada, said={"contact": "privacy@windmee.example", "security": "A safe."}
    )
    browser = signed_in(ada)
    answer = browser.get(reverse("listening:register_csv"))
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (row["name"], row["purpose"], row["kept"], row["contact"]) == ("Blog", "To learn.", "1 year", "privacy@windmee.example")  # fmt: skip
    assert row["legal basis"] == "legitimate interest (article 6(1)(f))"
    assert (
        row["security measures"].startswith("A safe.; ") and row["holes"] == "no balancing text yet"
    )
    with translation.override("nl"):
        (dutch,) = queries.register_for(ada)
        assert (
            dutch.basis == "gerechtvaardigd belang (artikel 6, lid 1, onder f)"
            and dutch.kept == "1 jaar"
        )


def test_a_formula_in_the_register_is_no_formula_in_a_spreadsheet(windmee: Any, sanne: Any, signed_in: Any) -> None:  # fmt: skip
    follow_feed(by=sanne, address="https://blog.example/feed", purpose="=1+1", name="@SUM(1)")
    answer = signed_in(sanne).get(reverse("listening:register_csv"))
    told = b"".join(answer.streaming_content).decode()
    assert "'=1+1" in told and "'@SUM(1)" in told


# --------------------------------------------------------------------------- what platforms delete
def test_deletions_by_platforms_are_counted_per_day_with_the_slowest(feed: Source, ada: Any, signed_in: Any) -> None:  # fmt: skip
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for posts, heard, took in ((1, 30, 3), (1, 30, None), (2, 2, None)):
        heard_at = now - timedelta(hours=heard)
        done_at = heard_at + timedelta(hours=took) if took else None
        PlatformDeletion.objects.create(source=feed, posts=posts, heard_at=heard_at, until=now, done_at=done_at)  # fmt: skip
    found = queries.deletions(now)
    assert (found.heard, found.done, found.late, found.slowest) == (4, 1, 1, timedelta(hours=3))
    assert [(row.heard, row.done, row.late) for row in found.days] == [(2, 0, 0), (2, 1, 1)]
    PlatformDeletion.objects.filter(done_at=None).update(done_at=now)
    assert queries.deletions(now).late == 1, "30 hours is too late, also when it is done"
    PlatformDeletion.objects.update(heard_at=timezone.now() - timedelta(hours=2), done_at=None)
    assert "No platform asked" not in text(signed_in(ada), "listening:register")


def test_the_company_says_who_answers_for_all_of_it(ada: Any, windmee: Any, signed_in: Any) -> None:
    browser = signed_in(ada)
    address = reverse("listening:controller")
    assert browser.post(address, {"contact": "no address"}).status_code == 400
    browser.post(address, {"contact": "privacy@windmee.example", "officer": "F. Gerritsen"})
    assert Controller.objects.get().officer == "F. Gerritsen"
    assert "F. Gerritsen" in text(browser, "listening:register")
    assert TrailEntry.objects.first().facts["contact"] == {
        "was": "",
        "now": "privacy@windmee.example",
    }


def test_an_assessment_is_filled_in_from_the_register_and_names_its_holes(
    windmee: Any, sanne: Any, ada: Any, daan: Any, feed: Source, signed_in: Any
) -> None:
    follow_network(by=sanne, network="hackernews", told={"topic": "windmee"}, purpose="To hear of faults.", grounds=WHOLE)  # fmt: skip
    page = text(signed_in(sanne), "listening:dpia")
    for said in (
        "To hear of faults.",
        WHOLE.interest,
        WHOLE.necessity,
        WHOLE.balance,
        "Closed groups",
    ):
        assert said in page, said
    assert (
        "[no balancing text yet]" in page
        and "[how long posts of Blog are kept: now for good]" in page
    )
    assert page.count("[low, middling, high]") == 16 and page.count("[what remains]") == 8
    before = _holes_of(page)
    actions.change_controller(by=ada, said={
        "contact": "privacy@windmee.example", "address": "Kade 1", "officer": "Wil de Wit", "stored": "",
        "processors": "none", "security": "",
    })  # fmt: skip
    page = text(signed_in(ada), "listening:dpia")
    assert "Wil de Wit" in page and "[mail address for privacy]" not in page
    assert _holes_of(page) == before - 2
    answer = signed_in(ada).get(reverse("listening:dpia_file"))
    file = answer.content.decode()
    assert answer["Content-Disposition"].endswith('.html"') and "To hear of faults." in file
    assert "<script" not in file and "<link" not in file and "Ada" not in file, "it stands alone"
    assert signed_in(daan).get(reverse("listening:dpia")).status_code == 403


def _holes_of(page: str) -> int:
    """How many there are by the headline, which must be how many stand there."""
    found = re.search(r"(\d+) places are left", page)
    assert found
    stand = len(re.findall(r'class="to-fill"[^>]*>\[', page))
    assert stand == int(found[1])
    return stand


def test_hostile_words_of_a_source_are_words_in_the_assessment(windmee: Any, sanne: Any, signed_in: Any) -> None:  # fmt: skip
    follow_feed(
        by=sanne, address="https://blog.example/feed", purpose="<b>x</b>", name="<script>alert(1)"
    )
    for name in ("listening:dpia", "listening:dpia_file"):
        page = text(signed_in(sanne), name)
        assert (
            "&lt;script&gt;alert(1)" in page and "<script>alert" not in page and "<b>x" not in page
        )


def test_what_a_network_lets_be_kept_is_said_in_days(windmee: Any, sanne: Any, ada: Any, signed_in: Any) -> None:  # fmt: skip
    told = {"topic": "windmee", "key": "a-key"}
    source = follow_network(
        by=sanne, network="youtube", told=told, purpose="To learn.", grounds=WHOLE
    )
    follow_network(by=sanne, network="hackernews", told={"topic": "windmee"}, purpose="To learn.", grounds=WHOLE)  # fmt: skip
    row = queries.entry_for(sanne, source)
    assert row and row.kept == "1 year; at most 30 days without being looked up again"
    page = text(signed_in(ada), "keeping:keeping")
    assert page.count("at most 30 days, unless looked up again") == 1
