"""What we wrote in cases goes when they were closed long ago; the cases, their times and the figures stay."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openroads.connectors.answering import Picture
from openroads.delivery.models import Delivery, Notice
from openroads.delivery.notices import notify
from openroads.delivery.sending import send_due
from openroads.directory.kept import keep_for, kept_since, past_its_time
from openroads.directory.models import TrailEntry
from openroads.directory.people import system_person
from openroads.webcare import schedule as _jobs  # noqa: F401 (declares what is kept)
from openroads.webcare.actions.emptying import NAME, cases_past, count_past, empty_old
from openroads.webcare.actions.moving import close_case, reopen_case
from openroads.webcare.actions.noting import add_note
from openroads.webcare.actions.replying import send_reply
from openroads.webcare.models import Case, CaseEvent, Draft, Message

pytestmark = pytest.mark.django_db
CANARY = "xyzzykanarie"
"""In everything that is written in the case."""


def rows() -> list[tuple[str, str]]:
    """Every text column of every table of ours that holds the canary."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                name, of = connection.ops.quote_name(column.name), connection.ops.quote_name(table)
                cursor.execute(
                    f"SELECT count(*) FROM {of} WHERE CAST({name} AS text) LIKE %s", [f"%{CANARY}%"]
                )  # noqa: S608
                (number,) = cursor.fetchone()
                if number:
                    found.append((table, column.name))
    return found


@pytest.fixture
def written(case: Any, daan: Any, merel: Any, practice: Any) -> Case:
    """Marloes's case with everything that we write in one, closed."""
    add_note(by=daan, case=case, text=f"Let op: {CANARY} @Merel")
    case.refresh_from_db()
    picture = Picture(f"{CANARY}.png", "image/png", CANARY.encode(), f"Een {CANARY}")
    message = send_reply(by=daan, case=case, text=f"Dat is {CANARY}.", key="k1", seen=case.last_seq, picture=picture)  # fmt: skip
    Delivery.objects.filter(pk=message.delivery_id).update(due_at=timezone.now())
    send_due()
    Message.objects.filter(pk=message.pk).update(approval_why=f"Omdat {CANARY}")
    Draft.objects.create(case=case, by=merel, text=f"Half {CANARY}", seen=1)
    notify(to=merel, deed="d", title="t", text=CANARY, url=f"/answer/cases/{case.pk}/")
    case.refresh_from_db()
    close_case(by=daan, case=case)
    case.refresh_from_db()
    assert case.closed_at is not None and rows()
    return case


@pytest.fixture
def long_ago(written: Case) -> Callable[[timedelta], None]:
    def move(ago: timedelta) -> None:
        Case.objects.filter(pk=written.pk).update(closed_at=timezone.now() - ago)

    return move


def test_everything_is_kept_until_somebody_says_otherwise(written: Case, long_ago: Any) -> None:
    long_ago(timedelta(days=9_000))
    assert empty_old(by=system_person()) == 0 and past_its_time(NAME) is None


def test_what_is_past_its_time_is_counted_beforehand_and_gone_afterwards_to_the_last_byte(
    written: Case, long_ago: Any, ada: Any
) -> None:
    keep_for(by=ada, months={NAME: 12})
    moment = past_its_time(NAME)
    assert moment is not None and count_past(moment) == 0
    long_ago(timedelta(days=400))
    before = figures(written)
    assert count_past(moment) == 1
    assert empty_old(by=system_person()) == 1
    assert rows() == [] and count_past(moment) == 0
    picture = Message.objects.exclude(delivery=None).get()
    assert (picture.picture, picture.picture_kind, picture.text) == (None, "", "")
    assert Delivery.objects.filter(picture__isnull=False).count() == 0
    assert Notice.objects.exclude(text="").count() == 0
    assert figures(written) == before
    (told,) = TrailEntry.objects.filter(verb__startswith="took out words of cases")
    assert told.facts == {"number": 1}
    assert empty_old(by=system_person()) == 0  # and says so no second time
    assert TrailEntry.objects.filter(verb__startswith="took out words of cases").count() == 1


def figures(case: Case) -> Any:
    """All that figures are made of: times, states, events, who said how much."""
    said = list(case.messages.order_by("seq").values_list("seq", "kind", "post", "said_at", "received_at", "by", "helped_by"))  # fmt: skip
    happened = list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("type", "at", "by", "data"))  # fmt: skip
    row = Case.objects.filter(pk=case.pk).values("state", "ending", "opened_at", "closed_at", "first_in_at", "first_reply_at")  # fmt: skip
    sent = list(Delivery.objects.order_by("pk").values_list("state", "sent_at", "receipt_id"))
    return said, happened, list(row), sent


def test_younger_cases_open_ones_and_those_that_opened_again_keep_their_words(
    written: Case, long_ago: Any, ada: Any, daan: Any
) -> None:
    keep_for(by=ada, months={NAME: 12})
    long_ago(timedelta(days=300))
    assert empty_old(by=system_person()) == 0
    long_ago(timedelta(days=400))
    reopen_case(by=daan, case=written)
    assert empty_old(by=system_person()) == 0 and rows()


def test_the_clock_decides_to_the_day(written: Case, ada: Any) -> None:
    keep_for(by=ada, months={NAME: 1})
    today = timezone.localdate()
    moment = kept_since(today, 1)
    Case.objects.filter(pk=written.pk).update(closed_at=moment)
    assert not cases_past(moment).exists()
    Case.objects.filter(pk=written.pk).update(closed_at=moment - timedelta(seconds=1))
    assert cases_past(moment).exists()
    assert isinstance(moment, datetime) and past_its_time(NAME, today) == moment


def test_the_page_of_a_case_that_was_emptied_says_so(
    client: Client, written: Case, long_ago: Any, ada: Any, daan: Any
) -> None:
    keep_for(by=ada, months={NAME: 12})
    long_ago(timedelta(days=400))
    empty_old(by=system_person())
    client.force_login(daan)
    page = client.get(f"/answer/cases/{written.pk}/")
    assert page.status_code == 200
    assert page.content.decode().count("These words are not there any more") == 2


def test_only_administrators_say_how_long_and_only_what_there_is(daan: Any, ada: Any) -> None:
    with pytest.raises(PermissionDenied):
        keep_for(by=daan, months={NAME: 12})
    for told in ({NAME: 601}, {NAME: -1}, {"nothing": 12}):
        with pytest.raises(ValidationError):
            keep_for(by=ada, months=told)


def test_it_stands_under_how_long_we_keep_on_the_notice_and_in_the_register(
    client: Client, written: Case, long_ago: Any, ada: Any
) -> None:
    client.force_login(ada)
    at = reverse("keeping:keeping")
    long_ago(timedelta(days=400))
    assert "Our own words in closed cases" in client.get(at).content.decode()
    assert client.post(at, {"house": "0", f"kept-{NAME}": "12"}).status_code == 302
    page = client.get(at).content.decode()
    assert "1 is past its time." in page and "Take it out now" in page
    # A page that knew nothing of it changes nothing of it.
    assert client.post(at, {"house": "0"}).status_code == 302
    assert past_its_time(NAME) is not None
    assert "1 year" in client.get(reverse("listening:register")).content.decode()
    client.logout()
    public = client.get(reverse("notice:notice")).content.decode()
    assert "What we wrote in answering you, from the day the conversation was closed" in public
    assert "1 year" in public
