"""Sources can be told apart: by the file they began with, by a name and a purpose people give them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from openroads.directory.models import TrailEntry
from openroads.listening.actions import imports, sources
from openroads.listening.models import Import, Source
from tests.listening.test_mended import OTHER, POSTS, filled_in, received, row

OTHER_HEADINGS = "nummer;bericht;datum\n1;Mooie winkel;13-02-2024\n2;Fijne rit;14-02-2024\n"


def begun(sanne: Any, name: str, text: str = POSTS, **said: Any) -> Source:
    """The source that a file began."""
    item = imports.start_import(by=sanne, item=received(sanne, text, name), **said)
    assert item.source is not None
    return item.source


def test_a_source_is_called_after_the_file_it_began_with(archive_here: Any, sanne: Any) -> None:
    assert begun(sanne, "support-tweets.csv").name == "support-tweets.csv"
    assert begun(sanne, "reviews.csv", OTHER_HEADINGS).name == "reviews.csv"


def test_two_files_of_one_name_are_two_names(archive_here: Any, sanne: Any) -> None:
    assert begun(sanne, "export.csv").name == "export.csv"
    assert begun(sanne, "export.csv", OTHER_HEADINGS).name == "export.csv (2)"


def test_what_a_source_is_for_is_asked_where_it_begins_and_nowhere_else(
    archive_here: Any, sanne: Any, signed_in: Any
) -> None:
    first, browser = received(sanne, POSTS, "support-tweets.csv"), signed_in(sanne)
    address = reverse("listening:import", args=(first.pk,))
    assert 'name="purpose"' in browser.get(address).content.decode()
    told = "What people ask us on X, to answer sooner."
    browser.post(address, filled_in(first, start="1", purpose=told))
    begun_now = row(first).source
    assert begun_now is not None
    assert (begun_now.name, begun_now.purpose) == ("support-tweets.csv", told)
    again = received(sanne, POSTS, "support-tweets-2.csv")
    page = browser.get(reverse("listening:import", args=(again.pk,))).content.decode()
    assert row(again).state == Import.State.CHECKING and 'name="purpose"' not in page


def test_a_listener_gives_a_source_another_name_and_purpose(
    archive_here: Any, sanne: Any, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    source, browser = begun(sanne, "export.csv"), signed_in(sanne)
    address = reverse("listening:describe_source", args=(source.pk,))
    with django_assert_max_num_queries(6):
        assert "export.csv" in browser.get(address).content.decode()
    assert browser.post(address, {"name": ""}).status_code == 400
    browser.post(address, {"name": "Reviews of the shop", "purpose": "To serve people better."})
    source.refresh_from_db()
    assert (source.name, source.purpose) == ("Reviews of the shop", "To serve people better.")
    assert "Reviews of the shop" in browser.get(reverse("listening:sources")).content.decode()
    entry = TrailEntry.objects.filter(verb="changed source").get()
    assert entry.facts["name"] == {"was": "export.csv", "now": "Reviews of the shop"}
    browser.post(address, {"name": "Reviews of the shop", "purpose": "To serve people better."})
    assert TrailEntry.objects.filter(verb="changed source").count() == 1, "nothing changed"


def test_who_may_only_read_changes_no_source(archive_here: Any, sanne: Any, daan: Any) -> None:
    source = begun(sanne, "export.csv", OTHER)
    with pytest.raises(PermissionDenied):
        sources.describe_source(by=daan, source=source, name="Mine", purpose="")
