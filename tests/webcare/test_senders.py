"""Who writes in the name of a customer gets into no case of hers, and everybody sees that it was not proven."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
HERS = "marloes@customer.example"


@pytest.fixture
def mail(lands: Any) -> Any:
    """A mail of Marloes, or in her name: `mail("Leeg.", proven=False)`."""

    def land(text: str, **more: Any) -> Any:
        from openroads.webcare.actions.taking_in import take_in

        more = {"network": "mail", "author": HERS, "name": "Marloes de Groot", **more}
        lands(text, **more)
        return take_in()

    return land


@pytest.fixture
def hers(mail: Any, practice: Any) -> Any:
    """Her case: she asked something, and it was proven that it was she."""
    from openroads.webcare.models import Case

    mail("Mijn accu is leeg, wat nu?", native="a1@customer.example", proven=True)
    return Case.objects.get()


def test_a_mail_in_her_name_that_names_her_thread_opens_a_case_of_its_own(
    mail: Any, hers: Any
) -> None:
    from openroads.webcare.models import Case

    told = {"native": "sha256-1", "reply_to": "a1@customer.example", "thread": "a1@customer.example"}  # fmt: skip
    assert mail("Stuur de factuur voortaan hierheen.", proven=False, **told).opened == 1
    assert hers.messages.count() == 1
    other = Case.objects.exclude(pk=hers.pk).get()
    # It says to be from her address: so it goes where she is erased, and is seen beside what is hers.
    assert (other.identity_id, other.thread) == (hers.identity_id, "sha256-1")
    # Nor does a second one go on in the first.
    assert mail("Nu graag.", native="sha256-2", proven=False, thread="sha256-1").opened == 1


@pytest.mark.parametrize("proven", [True, None])
def test_her_own_next_mail_goes_on_and_so_does_one_that_nobody_checked(
    mail: Any, hers: Any, proven: bool | None
) -> None:
    told = {"native": "a2@customer.example", "reply_to": "a1@customer.example", "thread": "a1@customer.example"}  # fmt: skip
    assert mail("Hij laadt ook niet meer.", proven=proven, **told).went_on == 1
    assert hers.messages.count() == 2


def test_who_was_not_proven_is_marked_on_the_card_and_in_the_queue(
    client: Client, mail: Any, hers: Any, daan: Any
) -> None:
    from openroads.webcare.models import Case

    client.force_login(daan)
    assert "proven" not in client.get(f"/answer/cases/{hers.pk}/").content.decode()
    mail("Wie heeft dit gezegd?", native="b1", author="joris@customer.example", name="Joris")
    unknown = Case.objects.order_by("pk").last()
    assert unknown is not None
    page = client.get(f"/answer/cases/{unknown.pk}/").content.decode()
    assert "Nobody checked whether the sender’s address is theirs." in page
    assert "not proven" not in page
    mail("Stuur de factuur hierheen.", native="sha256-1", proven=False)
    false = Case.objects.order_by("pk").last()
    assert false is not None
    page = client.get(f"/answer/cases/{false.pk}/").content.decode()
    assert "The sender’s address was not proven: this may be somebody else." in page
    assert "sender not proven" in client.get("/answer/inbox/").content.decode()


def test_rules_can_leave_out_what_was_not_proven_and_know_who_wrote_before(
    mail: Any, hers: Any, noor: Any
) -> None:
    from openroads.webcare.models import Case
    from openroads.webcare.rules.actions import keep_rule
    from openroads.webcare.rules.page import when_words

    told = {"name": "Not proven", "position": 1, "sender": "false", "does": "leave"}
    rule = keep_rule(by=noor, rule=None, told=told)
    assert when_words(rule, {}) == "mail, the sender’s address shown not to be theirs"
    assert mail("Stuur de factuur hierheen.", native="sha256-1", proven=False).opened == 0
    assert mail("Een andere vraag?", native="c1@customer.example").opened == 1
    assert mail("Nog een?", native="c2@customer.example", proven=True).opened == 1
    # In her name is not by her: who wrote before is who was proven to have written.
    keep_rule(by=noor, rule=rule, told={"sender": "", "history": "known"})
    # With the one that was left out a moment ago: a look goes back ten minutes.
    assert mail("Nu dan?", native="sha256-2", proven=False).opened == 2
    assert Case.objects.count() == 5


def test_a_rule_about_senders_is_about_mail_alone(lands: Any, windmee: Any, noor: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.rules.actions import keep_rule

    keep_rule(by=noor, rule=None, told={"name": "Unknown", "position": 1, "sender": "unknown", "does": "leave"})  # fmt: skip
    lands("@windmee hoe ver kom ik?", native="a")
    lands("Hoe ver kom ik?", native="m@x", network="mail", author=HERS)
    assert take_in().opened == 1


def test_what_is_known_of_a_sender_is_kept_and_counts_as_an_edit_when_it_is_learnt_later(
    lands: Any, windmee: Any
) -> None:
    from datetime import UTC, datetime, timedelta

    from openroads.archive.queries.cases import collected_after
    from openroads.directory.conversations import archive

    now = datetime.now(UTC)

    def known() -> list[bool | None]:
        days = {"since": (now - timedelta(days=2)).date(), "until": (now + timedelta(days=2)).date()}  # fmt: skip
        found = collected_after(archive(), now - timedelta(days=2), 0, limit=10, **days)
        return [post.proven for post in found]

    told = {"native": "a1@x", "network": "mail", "author": HERS, "said_at": now - timedelta(hours=1)}  # fmt: skip
    lands("Leeg.", **told)
    assert known() == [None]
    lands("Leeg.", proven=True, **told)
    assert known() == [True]
