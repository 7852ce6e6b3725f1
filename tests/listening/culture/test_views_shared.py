"""Saved views by their link, for whom they are, and notes on their lines."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from openroads.directory.models import Department, Membership
from openroads.listening.explore.actions import mark_event, save_view, share_view, unmark_event
from openroads.listening.explore.models import Event
from openroads.listening.explore.queries import events_between
from tests.listening import corpus
from tests.listening.culture.conftest import PERIOD, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def view(sanne_here: Any) -> Any:
    return save_view(by=sanne_here, name="Plug", query=f"brand=0&q=battery&{PERIOD}", shared=False)


def test_a_link_opens_for_whom_it_is_shared_with_and_for_nobody_else(
    sanne_here: Any, webcare: Any, view: Any, signed_in: Any
) -> None:
    link, daan, ida = f"/listen/views/{view.pk}/", member("Daan"), member("Ida")
    assert signed_in(daan).get(link).status_code == 404
    share = f"/listen/views/{view.pk}/share/"
    assert signed_in(daan).post(share, {"shared": "on"}).status_code == 404
    assert signed_in(sanne_here).post(share, {"part": f"team-{webcare.pk}"}).status_code == 302
    assert signed_in(daan).get(link).status_code == 200
    assert signed_in(ida).get(link).status_code == 403, "in the team, but without the right to read"
    assert signed_in(daan).post(share, {"shared": "on"}).status_code == 403
    service = Department.objects.create(name="Service")
    share_view(by=sanne_here, view=view, shared=False, department=service, team=None)
    assert signed_in(daan).get(link).status_code == 404
    Membership.objects.create(person=daan, department=service)
    assert signed_in(daan).get(link).status_code == 200
    with pytest.raises(PermissionDenied):
        share_view(by=daan, view=view, shared=True, department=None, team=None)


def test_a_note_stands_on_the_lines_of_its_view_only(
    sanne_here: Any, webcare: Any, view: Any, signed_in: Any
) -> None:
    daan = member("Daan")
    with pytest.raises(PermissionDenied):
        mark_event(by=daan, on=corpus.FIRST, what="Frost", view=view)
    share_view(by=sanne_here, view=view, shared=False, department=None, team=webcare)
    told = {"on": "2026-06-10", "until": "2026-06-12", "what": "Frost", "note": "Not the plug."}
    assert signed_in(daan).post(f"/listen/views/{view.pk}/", told).status_code == 302
    note = Event.objects.get()
    span = (corpus.FIRST, corpus.LAST, 0)
    assert events_between(*span) == [] and events_between(*span, view) == [note]
    query = f"{view.query}&view={view.pk}"
    with_view = signed_in(daan).get(f"/listen/explore/?{query}").content.decode()
    assert "Not the plug." in with_view and "to 12 June 2026" in with_view
    without = signed_in(daan).get(f"/listen/explore/?{view.query}").content.decode()
    assert "Not the plug." not in without
    assert "Frost" not in signed_in(daan).get("/listen/events/").content.decode()
    with pytest.raises(PermissionDenied):
        unmark_event(by=member("Joris"), event=note)
    assert signed_in(daan).post(f"/listen/events/{note.pk}/unmark/").status_code == 302


def test_a_period_ends_after_it_begins(sanne_here: Any, view: Any, signed_in: Any) -> None:
    with pytest.raises(ValidationError):
        mark_event(by=sanne_here, on=corpus.LAST, until=corpus.FIRST, what="x", view=view)
    told = {"on": "2026-06-10", "until": "2026-06-09", "what": "x"}
    assert signed_in(sanne_here).post(f"/listen/views/{view.pk}/", told).status_code == 400
    assert not Event.objects.exists()
