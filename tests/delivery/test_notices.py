"""Notices: told once, seen by whom they are for, and by nobody else."""

import pytest
from django.urls import reverse

from openroads.delivery import queries
from openroads.delivery.models import Delivery, Notice
from openroads.delivery.notices import notify
from openroads.directory.people import system_person

PAGE = "/notices/"


@pytest.fixture
def told(tom):
    notify(
        to=tom, deed="insight 31 waits", title="Winter range waits for you", url="/changes/31/",
        text="8 of 14 days are over.",
    )  # fmt: skip
    return Notice.objects.get()


def test_one_deed_is_told_once(tom, told):
    notify(to=tom, deed="insight 31 waits", title="Again", mail=True)
    assert [notice.title for notice in Notice.objects.all()] == ["Winter range waits for you"]
    assert not Delivery.objects.exists()


def test_the_bar_counts_what_is_new_and_opening_it_leads_there(tom, told, signed_in):
    browser = signed_in(tom)
    page = browser.get(PAGE).content.decode()
    assert "1 notice waits for you" in page
    assert 'class="bubble">1<' in page
    answer = browser.post(reverse("delivery:open_notice", args=(told.pk,)))
    assert answer.headers["Location"] == "/changes/31/"
    page = browser.get(PAGE).content.decode()
    assert "Nothing new for you" in page
    assert "Winter range waits for you" in page


def test_what_comes_while_one_reads_stays_new(tom, told, signed_in):
    notify(to=tom, deed="later", title="Later")
    signed_in(tom).post(reverse("delivery:see_all"), {"until": told.pk})
    assert [notice.title for notice in Notice.objects.filter(seen_at=None)] == ["Later"]


def test_a_notice_is_nobody_elses(noor, told, signed_in):
    browser = signed_in(noor)
    assert "Winter range" not in browser.get(PAGE).content.decode()
    assert browser.post(reverse("delivery:open_notice", args=(told.pk,))).status_code == 404
    browser.post(reverse("delivery:see_all"), {"until": told.pk})
    told.refresh_from_db()
    assert told.seen_at is None


def test_by_mail_too_where_it_must_not_be_missed(tom):
    notify(to=tom, deed="deaf", title="An ear went deaf", url="/listen/sources/", mail=True)
    mail = Delivery.objects.get()
    assert (mail.recipient, mail.subject) == (tom.email, "An ear went deaf")
    assert mail.text.endswith("/listen/sources/")
    assert mail.text.startswith("An ear went deaf\n\nhttp")


def test_who_was_kept_out_and_the_house_itself_are_told_nothing(tom):
    tom.is_active = False
    tom.save()
    notify(to=tom, deed="x", title="X", mail=True)
    notify(to=system_person(), deed="x", title="X")
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_outside(tom, url):
    with pytest.raises(ValueError, match="no path"):
        notify(to=tom, deed="x", title="X", url=url)


def test_a_long_list_is_read_in_pages(tom, signed_in):
    for number in range(queries.PAGE + 3):
        notify(to=tom, deed=str(number), title=f"Number {number}.")
    browser = signed_in(tom)
    first = browser.get(PAGE).content.decode()
    assert "Number 32." in first
    assert "Number 2." not in first
    before = queries.notices_of(tom).before
    assert "Number 2." in browser.get(PAGE, {"before": before}).content.decode()
    assert browser.get(PAGE, {"before": "²"}).status_code == 200


def test_words_from_outside_stay_words(tom, signed_in):
    notify(to=tom, deed="x", title="<script>1</script>", text="<img src=x>")
    page = signed_in(tom).get(PAGE).content.decode()
    assert "<script>1" not in page
    assert "<img src=x>" not in page
