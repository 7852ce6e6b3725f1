"""What people keep beside exploring, and who may: views, events, and a house that heard nobody."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from openroads.directory.models import TrailEntry
from openroads.listening.explore.models import Event, SavedView

PERIOD = {"since": "2026-06-01", "until": "2026-06-28"}


def test_a_view_is_kept_shared_and_forgotten_by_its_owner_only(
    archive_here: Any, cast: dict[str, Any], signed_in: Any
) -> None:
    browser = signed_in(cast["sanne"])
    query = urlencode(PERIOD | {"q": "battery"})
    asked = {"name": "Batteries", "shared": "on"}
    answer = browser.post(f"{reverse('listening:views')}?{query}", asked)
    assert answer.status_code == 302
    view = SavedView.objects.get()
    assert "q=battery" in view.query
    assert TrailEntry.objects.filter(verb="saved a view").exists()
    colleague = signed_in(cast["noor"])
    assert "Batteries" in colleague.get(reverse("listening:views")).content.decode()
    assert colleague.post(reverse("listening:forget_view", args=[view.pk])).status_code == 403
    private = browser.post(f"{reverse('listening:views')}?{query}", {"name": "Mine"})
    assert private.status_code == 302
    assert "Mine" not in colleague.get(reverse("listening:views")).content.decode()
    assert browser.post(reverse("listening:forget_view", args=[view.pk])).status_code == 302
    assert [each.name for each in SavedView.objects.all()] == ["Mine"]


def test_who_only_reads_marks_nothing(
    archive_here: Any, cast: dict[str, Any], signed_in: Any
) -> None:
    reader = signed_in(cast["omar"])
    assert "Mark an event" not in reader.get(reverse("listening:events")).content.decode()
    answer = reader.post(reverse("listening:events"), {"on": "2026-06-10", "what": "x"})
    assert answer.status_code == 403
    assert not Event.objects.exists()


def test_an_empty_house_says_so(windmee: Any, sanne: Any, signed_in: Any) -> None:
    told = signed_in(sanne).get(reverse("listening:explore")).content.decode()
    assert "No post fits this sentence" in told
