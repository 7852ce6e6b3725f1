"""Saved replies: looked at by two, filled in for a case, warned of and ended on their day."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from openroads.delivery.models import Notice
from openroads.directory.company import Brand, Product
from openroads.webcare.help.suggesting import suggest
from openroads.webcare.saved import actions, queries
from openroads.webcare.saved.filling import filled
from openroads.webcare.saved.models import SavedReply
from tests.conftest import on_the_payroll

TODAY = timezone.localdate
TEXT = "Hoi {name},\n\nDe accu van {product} kun je gratis laten nakijken. Noem {case}.\n\nGroet, {our_name}"


@pytest.fixture
def joris(db):
    """A second agent."""
    return on_the_payroll("Joris Wolters", "joris@windmee.example", "webcare_agent")


def propose(by, **told):
    life = {"expires_on": TODAY() + timedelta(days=100)}
    return actions.propose_reply(
        by=by,
        **{
            "title": "Accu nakijken",
            "code": "accu",
            "language": "nl",
            "text": TEXT,
            **life,
            **told,
        },
    )


def in_use(by, second, **told):
    reply = propose(by, **told)
    actions.approve_reply(by=second, reply=reply)
    return reply


def test_a_second_person_looks_before_it_can_be_used(daan, joris):
    reply = propose(daan)
    assert not queries.in_use("nl").exists()
    with pytest.raises(PermissionDenied):
        actions.approve_reply(by=daan, reply=reply)
    actions.approve_reply(by=joris, reply=reply)
    assert queries.reply_of_code("/accu", "nl") == reply
    assert Notice.objects.get(to=daan).title.endswith("can be used now")
    with pytest.raises(ValidationError):
        actions.approve_reply(by=joris, reply=reply)


def test_other_words_or_a_longer_life_wait_again_and_a_new_title_does_not(daan, joris, noor):
    reply = in_use(daan, joris)
    told = {"title": "Accu", "code": "accu", "language": "nl", "owner": joris}
    same = {"text": reply.text, "expires_on": reply.expires_on}
    actions.change_reply(by=daan, reply=reply, **told, **same)
    assert reply.is_in_use and reply.owner == joris
    actions.change_reply(
        by=daan, reply=reply, **told, **{**same, "expires_on": TODAY() + timedelta(days=300)}
    )
    assert reply.state == SavedReply.State.PROPOSED and reply.proposed_by == daan
    actions.approve_reply(by=noor, reply=reply)
    actions.change_reply(
        by=joris, reply=reply, **told, **{**same, "text": "Anders", "expires_on": reply.expires_on}
    )
    with pytest.raises(PermissionDenied):
        actions.approve_reply(by=joris, reply=reply)


def test_who_answers_for_one_desk_may_propose_and_not_approve(daan, bram, sanne):
    reply = propose(daan)
    for person in (bram, sanne):
        with pytest.raises(PermissionDenied):
            actions.approve_reply(by=person, reply=reply)
    assert propose(bram, code="pers").owner == bram
    with pytest.raises(PermissionDenied):
        propose(sanne, code="x")
    assert not queries.replies_for(sanne).exists()


@pytest.mark.parametrize(("told", "field"), [
    ({"text": "Hoi {naam}"}, "text"), ({"text": "Hoi {name"}, "text"), ({"text": "Hoi {}"}, "text"),
    ({"text": " "}, "text"), ({"code": "/"}, "code"), ({"expires_on": TODAY()}, "expires_on"),
])  # fmt: skip
def test_what_cannot_be_filled_in_found_or_used_is_refused_when_saved(daan, told, field):
    with pytest.raises(ValidationError) as problem:
        propose(daan, **told)
    assert field in problem.value.message_dict
    assert not SavedReply.objects.exists()


def test_a_short_code_is_of_one_reply_per_language_until_that_has_ended(daan, joris):
    first = propose(daan)
    with pytest.raises(ValidationError):
        propose(daan, title="Nog een", code="/Accu")
    propose(daan, title="English", language="en")
    actions.end_reply(by=daan, reply=first)
    propose(daan, title="Nog een")


def test_a_reply_is_filled_in_for_a_case(daan, joris, a_case):
    kade = Product.objects.create(brand=Brand.objects.create(name="Windmee"), name="Kade")
    case, reply = a_case(product=kade.pk), in_use(daan, joris)
    said = filled(reply, case, "Marloes", "Daan")
    assert (
        said
        == f"Hoi Marloes,\n\nDe accu van Kade kun je gratis laten nakijken. Noem #{case.pk}.\n\nGroet, Daan"
    )
    nameless = filled(reply, a_case(), "", "Daan")
    assert nameless.startswith("Hoi,\n") and "van het product kun" in nameless


def test_what_people_call_themselves_is_never_filled_in_again(daan, joris, a_case):
    said = filled(in_use(daan, joris), a_case(), "{our_name} {case}\nBcc: x", "Daan")
    assert said.startswith("Hoi {our_name} {case} Bcc: x,\n")


def test_its_owner_is_warned_fourteen_days_before_and_it_ends_on_its_day(daan, joris):
    reply = in_use(daan, joris, expires_on=TODAY() + timedelta(days=15))
    now = timezone.now()
    assert actions.warn_owners(now=now) == 0
    near = now + timedelta(days=1)
    assert actions.warn_owners(now=near) == actions.warn_owners(now=near + timedelta(days=3)) == 1
    assert Notice.objects.filter(to=daan, deed__contains="ends").count() == 1
    assert actions.end_expired(now=near + timedelta(days=13)) == 0
    assert actions.end_expired(now=now + timedelta(days=15)) == 1
    reply.refresh_from_db()
    assert reply.state == SavedReply.State.ENDED and not queries.in_use().exists()
    with pytest.raises(ValidationError):
        actions.change_reply(
            by=daan, reply=reply, title="x", code="x", language="nl", text="x", owner=daan,
            expires_on=TODAY() + timedelta(days=30),
        )  # fmt: skip


def test_a_reply_in_use_is_suggested_with_its_places_open(daan, joris):
    propose(daan, title="Accu opladen", code="laden")
    reply = in_use(daan, joris)
    (found,) = suggest("mijn accu is leeg", "nl")
    assert (found.code, found.is_reply, found.insert) == (f"reply {reply.pk}", True, TEXT)
    assert [one.code for one in queries.codes_like("/ac", "nl")] == ["accu"]


def test_the_pages_propose_change_approve_and_end(daan, joris, signed_in):
    browser = signed_in(daan)
    told = {
        "title": "Accu", "code": "accu", "language": "nl", "text": TEXT, "owner": daan.pk,
        "policy_url": "https://intranet.windmee.example/accu", "expires_on": str(TODAY() + timedelta(days=90)),
    }  # fmt: skip
    wrong = browser.post("/answer/saved/add/", told | {"text": "Hoi {naam}"})
    assert wrong.status_code == 400 and "naam" in wrong.content.decode()
    made = browser.post("/answer/saved/add/", told)
    reply = SavedReply.objects.get()
    assert made.url == f"/answer/saved/{reply.pk}/"
    assert browser.post(f"{made.url}approve/").status_code == 403
    second = signed_in(joris)
    assert "Approve this reply" in second.get(made.url).content.decode()
    second.post(f"{made.url}approve/")
    page = browser.get("/answer/saved/").content.decode()
    assert "/accu" in page and "1 saved reply" in page
    assert second.post(f"{made.url}end/").status_code == 403, "its owner ends it, or who leads"
    browser.post(f"{made.url}end/")
    assert SavedReply.objects.get().state == "ended"
