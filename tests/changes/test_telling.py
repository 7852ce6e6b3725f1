"""Told back: who raised it, drafts that a person sends through a real way out, who heard and who wrote back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from openroads.archive.ingest import Origin
from openroads.archive.queries.raised import raised_in
from openroads.changes import actions as room
from openroads.changes import change_queries, evidence, policy
from openroads.changes.actions import telling as actions
from openroads.changes.asking import sieve_of
from openroads.changes.models import Change, Told, Voice
from openroads.connectors.signatures import new_secret
from openroads.delivery.channels import add_channel
from openroads.delivery.models import Delivery
from openroads.delivery.sending import send_due
from tests.archive.saying import land, said
from tests.changes.changing import begun, live
from tests.changes.receiver import receiving
from tests.changes.saying import LIVE, PLUG, plug_sieve, speak

pytestmark = pytest.mark.django_db
TEXTS = {"nl": "Dag {name}, {change} {link}", "en": "Hello {name}, {change}"}


@pytest.fixture
def change(sanne: Any, tom: Any, product: Any, archive_here: Any) -> Any:
    """A live change that six riders raised before, in sixty days."""
    speak(archive_here, days=60, more_days=1)
    sieve = sieve_of(plug_sieve(), PLUG.scope.since, LIVE - timedelta(days=20))
    raised = [evidence.Raised(**vars(row)) for row in raised_in(archive_here, sieve, limit=9_000)]
    told = {"sieve": plug_sieve(), "raised": raised, "until": LIVE - timedelta(days=20)}
    return live(tom, begun(sanne, tom, product, **told), LIVE)


@pytest.fixture
def way_out(ada: Any, settings: Any) -> Any:
    """A program of the company's own that answers for every network."""
    with receiving() as told:
        before = settings.OPENROADS.http_allow
        settings.OPENROADS.http_allow = (f"127.0.0.1:{told.port}",)
        where = {"address": f"http://127.0.0.1:{told.port}/", "secret": new_secret()}
        add_channel(by=ada, kind="hook", name="Answers", told=where)
        yield told
        settings.OPENROADS.http_allow = before


def begin(daan: Any, change: Change, archive: Any) -> Any:
    return actions.begin_telling(by=daan, change=change, texts=TEXTS, link="https://w.example/", engine=archive)  # fmt: skip


def leave() -> None:
    """Let what can be taken back for 15 seconds leave now."""
    Delivery.objects.filter(kind="reply").update(due_at=timezone.now())
    send_due()


def test_everybody_who_raised_it_until_it_was_live_gets_one_draft(
    daan: Any, change: Any, archive_here: Any, way_out: Any
) -> None:
    before = Voice.objects.count()
    telling = begin(daan, change, archive_here)
    assert before == 40 * 6 and Voice.objects.count() == 60 * 6, "those since the freezing too"
    rows = list(telling.people.all())
    assert [row.state for row in rows] == ["draft"] * 6 and {row.posts for row in rows} == {60}
    assert change_queries.reach_of(change).draft == 6
    begin(daan, change, archive_here)
    assert telling.people.count() == 6, "a second time corrects the text"


def test_without_a_way_out_everybody_is_out_of_reach_and_counted(
    daan: Any, change: Any, archive_here: Any
) -> None:
    telling = begin(daan, change, archive_here)
    assert set(telling.people.values_list("state", "why")) == {("out", "channel")}
    assert change_queries.out_of_reach(telling) == [("no channel of ours reaches them there", 6)]


def test_a_person_reads_and_sends_each_and_it_is_heard(
    daan: Any, change: Any, archive_here: Any, way_out: Any
) -> None:
    told = begin(daan, change, archive_here).people.order_by("pk").first()
    whom = actions.whom_of([told], archive_here)[told.post]
    text = actions.draft_of(told, whom)
    assert text == f"Dag {whom.author_name}, Metal latch on every new bike. https://w.example/"
    actions.send_told(by=daan, told=told, text=text, engine=archive_here)
    with pytest.raises(ValidationError, match="already"):
        actions.send_told(by=daan, told=told, text=text, engine=archive_here)
    leave()
    sent = [each["data"] for each in way_out.came if each["type"] == "answer.publish"]
    assert [(each["text"], each["reply_to"], each["to"]) for each in sent] == [(text, whom.native_id, whom.author)]  # fmt: skip
    assert actions.look_after(engine=archive_here, now=timezone.now()) == 1
    change.refresh_from_db()
    assert change.told_on == timezone.localdate() and change.state == "told"
    reach = change_queries.reach_of(change)
    assert (reach.people, reach.heard, reach.draft) == (6, 1, 5)


def test_who_answers_our_message_wrote_back(
    daan: Any, change: Any, archive_here: Any, way_out: Any
) -> None:
    told = begin(daan, change, archive_here).people.order_by("pk").first()
    whom = actions.whom_of([told], archive_here)[told.post]
    actions.send_told(by=daan, told=told, text="Dag", engine=archive_here)
    leave()
    actions.look_after(engine=archive_here, now=timezone.now())
    now = datetime.now(UTC)
    ours = Delivery.objects.get(kind="reply").receipt_id
    origin = Origin(source=7, purpose_voice="customer")
    land(archive_here, said("a1", "not me", now, author="somebody", reply_to=ours),
         said("a2", "Dat jullie dit nog wisten", now, author=whom.author, reply_to=ours),
         origin=origin, now=now)  # fmt: skip
    assert actions.look_after(engine=archive_here, now=now) == 1
    assert actions.look_after(engine=archive_here, now=now) == 0
    told.refresh_from_db()
    assert (
        told.back_text == "Dat jullie dit nog wisten" and change_queries.reach_of(change).back == 1
    )
    room.forget_posts(posts=[told.back_post])
    told.refresh_from_db()
    assert told.back_text == "" and told.back_at is not None


def test_it_can_be_taken_back_and_sent_again(
    daan: Any, change: Any, archive_here: Any, way_out: Any
) -> None:
    told = begin(daan, change, archive_here).people.first()
    for again in (True, False):
        actions.send_told(by=daan, told=told, text="Dag", engine=archive_here)
        if again:
            assert actions.undo_told(by=daan, told=Told.objects.get(pk=told.pk))
    leave()
    assert not actions.undo_told(by=daan, told=Told.objects.get(pk=told.pk))
    assert sum(each["type"] == "answer.publish" for each in way_out.came) == 1


def test_erased_authors_are_counted_and_nothing_of_them_stays(
    daan: Any, change: Any, archive_here: Any, way_out: Any
) -> None:
    first, second = begin(daan, change, archive_here).people.order_by("pk")[:2]
    actions.send_told(by=daan, told=first, text="Dag Rider0", engine=archive_here)
    leave()
    actions.look_after(engine=archive_here, now=timezone.now())
    room.forget_posts(posts=[first.post, second.post])
    for told, state in ((first, "heard"), (second, "out")):
        told.refresh_from_db()
        assert (told.state, told.post, told.author_key, told.text) == (state, None, 0, "")
    assert change_queries.reach_of(change).people == 6
    assert Delivery.objects.get(kind="reply").draft is None
    room.forget_posts_before(source=7, moment=timezone.now())
    assert not Voice.objects.exists() and not Told.objects.exclude(post=None).exists()


def test_only_webcare_sees_names_and_sends(
    cast: dict[str, Any], change: Any, archive_here: Any, way_out: Any, signed_in: Any
) -> None:
    telling = begin(cast["noor"], change, archive_here)
    told = telling.people.order_by("pk").first()
    for name in ("noor", "sanne", "tom", "ada", "omar"):
        with pytest.raises(PermissionDenied):
            actions.send_told(by=cast[name], told=told, text="x", engine=archive_here)
    list_page = f"/changes/{change.number}/telling/"
    draft = f"{list_page}{told.pk}/"
    assert "Rider" not in signed_in(cast["noor"]).get(list_page).content.decode()
    assert signed_in(cast["noor"]).get(draft).status_code == 403
    assert "Rider" in signed_in(cast["daan"]).get(list_page).content.decode()
    page = signed_in(cast["daan"]).get(draft).content.decode()
    assert "Send this message" in page and "plug broke" in page
    answer = signed_in(cast["daan"]).post(draft, {"text": "Dag"})
    assert answer.status_code == 302 and answer.headers["Location"] != draft
    skipped = telling.people.filter(state="draft").first()
    signed_in(cast["daan"]).post(f"{list_page}{skipped.pk}/skip/")
    assert change_queries.reach_of(change).skipped == 1


def test_a_text_with_an_unknown_word_in_braces_is_refused(
    daan: Any, change: Any, archive_here: Any
) -> None:
    for texts in ({"nl": "Dag {naam}"}, {"nl": " "}, {"en": "x" * 2_001}):
        with pytest.raises(ValidationError):
            actions.begin_telling(by=daan, change=change, texts=texts, link="", engine=archive_here)


def test_the_archive_is_asked_before_anybody_else_has_to_wait(
    change: Change, way_out: Any, daan: Any, archive_here: Any, monkeypatch: Any
) -> None:
    from django.db import connection

    outside, asked, rows = len(connection.savepoint_ids), [], type(archive_here).rows

    def noted(self: Any, *told: Any, **more: Any) -> Any:
        asked.append(len(connection.savepoint_ids) - outside)
        return rows(self, *told, **more)

    monkeypatch.setattr(type(archive_here), "rows", noted)
    telling = begin(daan, change, archive_here)
    told = telling.people.filter(state=Told.State.DRAFT).first()
    actions.send_told(by=daan, told=told, text="Dag", engine=archive_here)
    assert set(asked) == {0}


def test_what_somebody_calls_themselves_is_never_read_for_places(
    change: Change, way_out: Any, daan: Any, archive_here: Any
) -> None:
    telling = begin(daan, change, archive_here)
    telling.texts, telling.link = {"nl": "Dag {name}, zie {link} dus"}, ""
    told = telling.people.filter(state=Told.State.DRAFT).first()
    told.telling = telling
    whom = next(iter(actions.whom_of([told], archive_here).values()))
    text = actions.draft_of(told, replace(whom, author_name="{change} {link}"))
    assert text == "Dag {change} {link}, zie dus"


def test_who_answers_for_one_team_sees_none_of_these_names(bram: Any, daan: Any) -> None:
    assert policy.may_tell_back(daan)
    assert not policy.may_tell_back(bram)
