"""Keys for reading: made by administrators, shown once, kept as a digest, ended at once; and told of."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from openroads.delivery.keys import actions, queries
from openroads.delivery.keys.models import ApiKey
from openroads.delivery.models import Notice
from openroads.directory.models import TrailEntry

pytestmark = pytest.mark.django_db


def made(ada: Any, person: Any, **told: Any) -> tuple[ApiKey, str]:
    return actions.make_key(by=ada, name="Warehouse", person=person, **{"reads": ["cases"], **told})


def test_a_key_opens_what_it_names_until_it_is_ended(ada: Any, daan: Any) -> None:
    now = timezone.now()
    key, token = made(ada, daan, reads=["changes", "cases", "secrets"])
    assert key.reads == ["cases", "changes"] and not key.names
    assert queries.key_behind(token, now) == key
    assert queries.key_behind(token[:-1], now) is None and queries.key_behind("", now) is None
    actions.end_key(by=ada, key=key)
    assert queries.key_behind(token, now) is None
    assert list(queries.keys_for(ada)) == []


def test_nothing_that_is_kept_is_the_key(ada: Any, daan: Any) -> None:
    key, token = made(ada, daan)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (names of our own tables)
            assert token not in repr(cursor.fetchall()), table
    assert token.startswith(key.start) and len(key.start) == 8


def test_it_ends_on_its_day_and_with_who_it_stands_for(ada: Any, daan: Any) -> None:
    now = timezone.now()
    _key, token = made(ada, daan, until=timezone.localdate() + timedelta(days=2))
    assert queries.key_behind(token, now + timedelta(days=1)) is not None
    assert queries.key_behind(token, now + timedelta(days=2)) is None
    daan.is_active = False
    daan.save()
    assert queries.key_behind(token, now) is None


def test_only_administrators_make_and_end_one_and_see_which_there_are(
    ada: Any, noor: Any, daan: Any
) -> None:
    key, _token = made(ada, daan)
    for deed in (lambda: made(noor, daan), lambda: actions.end_key(by=daan, key=key)):
        with pytest.raises(PermissionDenied):
            deed()
    assert list(queries.keys_for(noor)) == [] and list(queries.keys_for(ada)) == [key]


def test_who_it_stands_for_is_told_and_the_trail_says_what_it_reads(ada: Any, daan: Any) -> None:
    key, token = made(ada, daan, names=True)
    notice = Notice.objects.get(to=daan)
    assert "Warehouse" in notice.title and "Ada" in notice.text
    actions.end_key(by=ada, key=key)
    actions.end_key(by=ada, key=key)
    verbs = TrailEntry.objects.filter(kind="delivery.apikey").order_by("number")
    assert [entry.verb for entry in verbs] == ["made a key for reading", "ended a key for reading"]
    assert verbs[0].facts["reads"] == ["cases"] and verbs[0].facts["names_seen"] is True
    assert token not in verbs[0].facts_text


def test_what_cannot_be_is_said(ada: Any, daan: Any) -> None:
    today = timezone.localdate()
    for told in ({"reads": []}, {"reads": ["secrets"]}, {"until": today}):
        with pytest.raises(ValidationError):
            made(ada, daan, **told)
    daan.is_active = False
    with pytest.raises(ValidationError):
        made(ada, daan)
    assert not ApiKey.objects.exists()


def test_too_many_requests_in_a_minute_wait(ada: Any, daan: Any) -> None:
    key, _token = made(ada, daan)
    now = timezone.now().replace(second=20)
    waits = [actions.seconds_to_wait(key, now) for _n in range(actions.MOST_A_MINUTE + 1)]
    assert waits == [0] * actions.MOST_A_MINUTE + [40]
    assert actions.seconds_to_wait(key, now + timedelta(minutes=1)) == 0


def test_that_it_was_used_is_written_down_once_an_hour(ada: Any, daan: Any) -> None:
    key, _token = made(ada, daan)
    now = timezone.now()
    for minutes in (0, 20, 59, 61):
        actions.note_use(key, now + timedelta(minutes=minutes))
        key.refresh_from_db()
    assert key.used_at == now + timedelta(minutes=61)


def test_the_page_shows_a_key_once(ada: Any, daan: Any, signed_in: Any) -> None:
    browser = signed_in(ada)
    assert "No program has a key" in browser.get("/api-keys/").content.decode()
    told = {"name": "Finance", "person": daan.pk, "reads": ["insights", "changes"]}
    answer = browser.post("/api-keys/add/", told)
    key = ApiKey.objects.get()
    page = answer.content.decode()
    assert "or_" in page and "/api/v1/insights" in page and answer["Cache-Control"] == "no-store"
    listed = browser.get("/api-keys/").content.decode()
    assert "Finance" in listed and "insights, changes" in listed and key.start in listed
    token = page.split('<code class="hash">')[1].split("<")[0]
    assert queries.key_behind(token, timezone.now()) == key and token not in listed
    assert browser.post(f"/api-keys/{key.pk}/end/").status_code == 302
    assert browser.post(f"/api-keys/{key.pk}/end/").status_code == 404


def test_a_form_that_misses_something_says_so(ada: Any, daan: Any, signed_in: Any) -> None:
    browser = signed_in(ada)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    for told in ({"name": ""}, {"name": "F", "person": daan.pk}, {"name": "F", "person": daan.pk, "reads": "cases", "until": yesterday}):  # fmt: skip
        assert browser.post("/api-keys/add/", told).status_code == 400
    assert not ApiKey.objects.exists()
