"""Faults a cold reading of the import and source rooms found: each stays mended."""

import errno
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openroads.archive.queries.held import post_texts_by_ids
from openroads.archive.queries.state import kept
from openroads.connectors.failures import Refused
from openroads.connectors.files import Reading
from openroads.connectors.http import Guarded
from openroads.connectors.pagetext import PageText
from openroads.delivery.models import QueuedJob
from openroads.delivery.queries import unfinished_job
from openroads.delivery.runner import work_off
from openroads.directory.company import Brand
from openroads.directory.models import TrailEntry
from openroads.listening import queries, schedule
from openroads.listening.actions import imports, sources, texts
from openroads.listening.actions.reading import read_import, settle_imports
from openroads.listening.forms.reading import ReadingForm
from openroads.listening.models import BrandText, Import, Source
from openroads.listening.whence import whence
from tests.connectors.conftest import Server

State = Import.State
TRIES = schedule.READ_TRIES  # importing the room's schedule declares its jobs
POSTS = "id;tekst;datum\n1;De accu is leeg;13-02-2024\n2;Het zadel kraakt;14-02-2024\n3;Mooie rit langs de rivier;15-02-2024\n"
OTHER = "id;tekst;datum\n1;De taart was droog;13-05-2024\n2;Lekkere koffie;14-05-2024\n3;Te lang gewacht op soep;15-05-2024\n"
MIXED = "id;tekst;datum\n1;Een;13-02-2024\n2;Twee;02-14-2024\n3;Drie;03-04-2024\n"
AMBIGUOUS = "id;tekst;datum\n1;Een;01-02-2024\n2;Twee;03-02-2024\n"
TODAY = date(2026, 6, 1)


def many(rows: int) -> str:
    lines = [f"{n};Rit {n} langs de rivier;{13 + n % 15}-02-2024" for n in range(rows)]
    return "\n".join(["id;tekst;datum", *lines])


def received(person: Any, text: str = POSTS, name: str = "posts.csv", **more: Any) -> Import:
    return imports.receive_file(by=person, name=name, content=[text.encode()], **more)


def started(person: Any, text: str = POSTS, name: str = "posts.csv", **more: Any) -> Import:
    return imports.start_import(by=person, item=received(person, text, name, **more))


def read(person: Any, text: str = POSTS, name: str = "posts.csv", **more: Any) -> Import:
    return read_import(item=started(person, text, name, **more))


def filled_in(item: Import, **other: Any) -> dict[str, Any]:
    """What a browser posts of the form as it is shown."""
    reading = Reading.from_json(item.reading)
    form = ReadingForm(reading=reading, whence=whence(reading))
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (shown | other).items() if value}


def row(item: Import) -> Import:
    return Import.objects.get(pk=item.pk)


@pytest.fixture
def web(settings: Any) -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def client_for(web: Server) -> Guarded:
    return Guarded(allow=[f"127.0.0.1:{web.port}"])


# ------------------------------------------------------------------------------ how reading ends
def test_an_import_that_is_asked_to_stop_ends_as_stopped_and_goes_on(archive_here, sanne) -> None:
    item = started(sanne, many(4_500))

    def somebody_stops_it() -> bool:
        imports.cancel_import(by=sanne, item=row(item))
        return True

    read_import(item=item, called_off=lambda: not somebody_stops_it())
    # The first page was read when the request came; the second one sees it.
    assert (row(item).state, row(item).cancel_asked) == (State.CANCELLED, True)
    assert row(item).read < 4_500 and row(item).finished_at
    assert unfinished_job(f"import-{item.pk}"), "the job is still in line, as it is beside a worker"
    done = read_import(item=imports.resume_import(by=sanne, item=item))
    assert (done.state, row(item).cancel_asked, done.added) == (State.DONE, False, 4_500)


def test_a_worker_that_stops_hands_the_import_back(archive_here, sanne) -> None:
    item = read_import(item=started(sanne, many(2_500)), alive=lambda: False)
    assert (row(item).state, row(item).finished_at, row(item).read) == (State.WAITING, None, 2_000)


def test_a_job_that_is_called_off_stops_the_import(archive_here, sanne) -> None:
    item = read_import(item=started(sanne, many(2_500)), called_off=lambda: True)
    assert row(item).state == State.CANCELLED


def test_a_full_disk_fails_the_import_at_the_last_try_with_a_sentence(
    archive_here, sanne, monkeypatch
) -> None:
    item = started(sanne)

    def full(*_given: Any, **_more: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("openroads.connectors.files.RejectedFile.durable", full)
    with pytest.raises(OSError, match="No space"):
        read_import(item=item)
    assert row(item).state == State.WAITING, "it is tried again"
    with pytest.raises(OSError, match="No space"):
        read_import(item=row(item), last_try=True)
    assert row(item).state == State.FAILED
    assert "disk" in row(item).error or "schijf" in row(item).error


def test_a_fault_nobody_foresaw_fails_the_import_after_five_tries(
    archive_here, sanne, monkeypatch
) -> None:
    item = started(sanne)

    def broken(*_given: Any, **_more: Any) -> None:
        raise ValueError("a date before 1990")

    monkeypatch.setattr("openroads.connectors.files.RejectedFile.durable", broken)
    for _try in range(TRIES):
        assert row(item).state == State.WAITING
        DBTaskResult.objects.update(run_after=timezone.now())
        assert work_off() >= 1
    assert row(item).state == State.FAILED and row(item).error
    assert unfinished_job(f"import-{item.pk}") is None


def test_an_import_whose_reader_was_killed_for_good_is_settled(archive_here, sanne) -> None:
    item = started(sanne)
    Import.objects.filter(pk=item.pk).update(state=State.RUNNING)
    assert settle_imports() == 0, "its job is still in line"
    QueuedJob.objects.update(open_key=None)
    assert settle_imports() == 1
    assert row(item).state == State.FAILED and row(item).error


def test_stopping_an_import_nobody_reads_puts_it_aside_at_once(archive_here, sanne) -> None:
    item = started(sanne)
    Import.objects.filter(pk=item.pk).update(state=State.RUNNING)
    assert imports.cancel_import(by=sanne, item=item).state == State.RUNNING
    QueuedJob.objects.update(open_key=None)
    assert imports.cancel_import(by=sanne, item=item).state == State.CANCELLED


def test_a_file_put_aside_unread_is_checked_again(archive_here, sanne, signed_in) -> None:
    item = received(sanne)
    browser = signed_in(sanne)
    browser.post(reverse("listening:stop_import", args=(item.pk,)))
    assert row(item).state == State.CANCELLED
    browser.post(reverse("listening:resume_import", args=(item.pk,)))
    assert row(item).state == State.CHECKING
    assert work_off() == 0


def test_a_stale_page_stops_nothing_that_is_done(archive_here, sanne) -> None:
    stale = started(sanne)
    read_import(item=row(stale))
    assert stale.state == State.WAITING
    assert imports.cancel_import(by=sanne, item=stale).state == State.DONE
    assert imports.resume_import(by=sanne, item=stale).state == State.DONE
    assert imports.start_import(by=sanne, item=stale).state == State.DONE
    assert imports.correct_reading(by=sanne, item=stale, date_order="mdy").state == State.DONE
    assert row(stale).state == State.DONE


def test_a_failed_import_can_be_put_aside(archive_here, sanne, signed_in) -> None:
    item = started(sanne)
    Import.objects.filter(pk=item.pk).update(state=State.FAILED, error="Kapot.")
    browser, address = signed_in(sanne), reverse("listening:import", args=(item.pk,))
    stop = reverse("listening:stop_import", args=(item.pk,))
    assert f'action="{stop}"' in browser.get(address).content.decode()
    browser.post(stop)
    assert row(item).state == State.CANCELLED


def test_the_stop_button_has_a_name_to_give_focus_back_to(archive_here, sanne, signed_in) -> None:
    item = started(sanne)
    page = signed_in(sanne).get(reverse("listening:import", args=(item.pk,)), headers={"HX-Request": "true"})  # fmt: skip
    assert 'id="stop-reading"' in page.content.decode()


# ----------------------------------------------------------------------------- how a file is read
def test_importing_as_shown_keeps_the_columns_nobody_is_asked_about(
    archive_here, sanne, signed_in
) -> None:
    item = received(
        sanne, "text,date,time,author_id,inbound\nFlat,2024-02-13,10:15,ann,True\nSorry,2024-02-13,10:20,shop,False\n"
    )  # fmt: skip
    found = Reading.from_json(item.reading).columns
    assert {"inbound", "said_time"} <= set(found)
    address = reverse("listening:import", args=(item.pk,))
    assert signed_in(sanne).post(address, filled_in(item, start="1")).status_code == 302
    assert row(item).state == State.WAITING
    assert Reading.from_json(row(item).reading).columns == found


def test_a_column_that_is_taken_away_stays_away(archive_here, sanne, signed_in) -> None:
    item = received(sanne)
    posted = filled_in(item)
    del posted["column_native_id"]
    signed_in(sanne).post(reverse("listening:import", args=(item.pk,)), posted)
    assert "native_id" not in Reading.from_json(row(item).reading).columns
    assert TrailEntry.objects.filter(by=sanne, verb="corrected how a file is read").count() == 1


def test_dates_of_two_orders_stay_so_until_somebody_says_otherwise(
    archive_here, sanne, signed_in
) -> None:
    item = received(sanne, MIXED)
    browser, address = signed_in(sanne), reverse("listening:import", args=(item.pk,))
    assert "all_dates_alike" in browser.get(address).content.decode()
    browser.post(address, filled_in(item))
    as_shown = Reading.from_json(row(item).reading)
    assert as_shown.date_mixed and as_shown.problems
    browser.post(address, filled_in(item, all_dates_alike="on"))
    assert not Reading.from_json(row(item).reading).date_mixed


def test_another_order_of_dates_is_a_choice_too(archive_here, sanne) -> None:
    item = received(sanne, MIXED)
    other = "mdy" if Reading.from_json(item.reading).date_order == "dmy" else "dmy"
    item = imports.correct_reading(by=sanne, item=item, date_order=other)
    assert not Reading.from_json(item.reading).date_mixed


def test_a_date_for_every_row_can_be_taken_away_again(archive_here, sanne) -> None:
    item = imports.correct_reading(by=sanne, item=received(sanne), default_said_at=TODAY)
    assert Reading.from_json(item.reading).default_said_at == TODAY
    item = imports.correct_reading(by=sanne, item=item, timezone="UTC")
    assert Reading.from_json(item.reading).default_said_at == TODAY, "not told is not changed"
    item = imports.correct_reading(by=sanne, item=item, default_said_at=None)
    assert Reading.from_json(item.reading).default_said_at is None


def test_a_remembered_reading_keeps_what_this_file_proves_and_lacks(archive_here, sanne) -> None:
    item = imports.correct_reading(by=sanne, item=received(sanne, AMBIGUOUS), date_order="mdy")
    imports.start_import(by=sanne, item=item)
    unclear = Reading.from_json(received(sanne, AMBIGUOUS).reading)
    assert unclear.date_order == "mdy", "what a person said of such a file holds"
    assert "month first: check" in unclear.problems[0]
    proven = Reading.from_json(received(sanne, POSTS).reading)
    assert (proven.date_order, proven.problems) == ("dmy", ())
    mixed = Reading.from_json(received(sanne, MIXED).reading)
    assert mixed.date_mixed and mixed.problems


def test_headings_in_capitals_are_the_columns_of_last_time(archive_here, sanne) -> None:
    started(sanne)
    loud = Reading.from_json(received(sanne, POSTS.replace("id;tekst;datum", "ID;Tekst;Datum")).reading)  # fmt: skip
    assert dict(loud.columns) == {"native_id": "ID", "text": "Tekst", "said_at": "Datum"}


# ---------------------------------------------------------------------------- whose file it is
def test_a_file_of_another_shop_with_the_same_numbers_replaces_nothing(
    archive_here, sanne, signed_in
) -> None:
    first = read(sanne)
    item = received(sanne, OTHER, "bakkerij.csv")
    browser, address = signed_in(sanne), reverse("listening:import", args=(item.pk,))
    page = browser.get(address).content.decode()
    assert 'name="source"' in page and whence(Reading.from_json(item.reading)).replaced == 3
    browser.post(address, filled_in(item, start="1", source_name="Bakkerij"))
    second = read_import(item=row(item))
    assert (second.added, second.changed) == (3, 0)
    assert second.source != first.source and second.source.name == "Bakkerij"
    assert sum(each.posts for each in kept(archive_here)) == 6
    assert read(sanne, OTHER).source == second.source, "it knows its own again"
    again = read(sanne)
    assert (again.source, again.same) == (first.source, 3)


def test_a_person_may_say_that_it_is_the_same_source_all_the_same(
    archive_here, sanne, signed_in
) -> None:
    first = read(sanne)
    item = received(sanne, OTHER)
    address = reverse("listening:import", args=(item.pk,))
    signed_in(sanne).post(address, filled_in(item, start="1", source=str(first.source.pk)))
    again = read_import(item=row(item))
    assert (again.source, again.changed) == (first.source, 3)


def test_nobody_is_asked_about_a_file_that_goes_on(archive_here, sanne, signed_in) -> None:
    read(sanne)
    item = received(sanne, POSTS + "4;Nieuw bericht;16-02-2024\n")
    page = signed_in(sanne).get(reverse("listening:import", args=(item.pk,))).content.decode()
    assert 'name="source"' not in page


def test_the_same_file_about_another_brand_is_not_stored_twice(archive_here, sanne) -> None:
    first = read(sanne, brand=Brand.objects.create(name="Windmee"))
    again = read(sanne, brand=Brand.objects.create(name="Anders"))
    assert (again.source, again.added) == (first.source, 0)
    assert sum(each.posts for each in kept(archive_here)) == 3


def test_only_fifty_posts_are_looked_up(archive_here) -> None:
    assert post_texts_by_ids(archive_here, 1, range(100)) == {}
    assert post_texts_by_ids(archive_here, 1, []) == {}


# ----------------------------------------------------------------------------- the brand's words
PAGE = PageText("https://windmee.example/kade", "Kade", "De Kade rijdt je zonder zweten naar het werk.")  # fmt: skip


@pytest.fixture
def site(archive_here: Any, db: None) -> Source:
    brand = Brand.objects.create(name="Windmee", own=True)
    return Source.objects.create(
        kind=Source.Kind.SITE, name="site", network="site", address="https://windmee.example/",
        voice="brand", brand=brand,
    )  # fmt: skip


def learn(person: Any, source: Source, *pages: PageText) -> texts.Learned:
    return texts.learn_texts(by=person, source=source, brand=source.brand, pages=pages, today=TODAY)


def test_a_text_taken_out_stays_out_at_the_next_visit(site, sanne) -> None:
    learn(sanne, site, PAGE)
    texts.remove_texts(by=sanne, texts=list(queries.texts_for(sanne)))
    assert learn(sanne, site, PAGE) == texts.Learned(same=1)
    changed = PageText(PAGE.url, PAGE.title, "De Kade heeft nu een sterkere accu dan vorig jaar.")
    assert learn(sanne, site, changed).new == 0, "the page is out, not one version of it"
    assert list(queries.texts_for(sanne)) == []
    assert BrandText.objects.get().withdrawn_at


def test_a_page_with_a_very_long_address_is_the_same_page_next_time(site, sanne) -> None:
    long = PageText(f"https://windmee.example/{'x' * 600}", PAGE.title, PAGE.text)
    assert learn(sanne, site, long).new == 1
    assert learn(sanne, site, long) == texts.Learned(same=1)


def site_page(words: str) -> str:
    return f"<html lang=nl><head><title>{words[:20]}</title></head><body><main><p>{words}</p></main></body></html>"


def a_site(web: Server, person: Any) -> Source:
    pages = ("/", "/kade", "/polder")
    listed = "".join(f"<url><loc>{web.url}{page}</loc></url>" for page in pages)
    web.says("/sitemap.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>', kind="application/xml")  # fmt: skip
    web.says("/", site_page("Windmee maakt fietsen voor wie elke dag ver naar zijn werk rijdt."))
    web.says("/kade", site_page("De Kade rijdt je zonder zweten door de drukke stad naar huis."))
    web.says("/polder", site_page("De Polder haalt het einde van de dijk, ook met wind tegen."))
    brand = Brand.objects.create(name="Windmee", own=True)
    return sources.read_site(by=person, brand=brand, address=f"{web.url}/")


def test_a_page_that_is_gone_is_no_longer_said(archive_here, sanne, web) -> None:
    source = a_site(web, sanne)
    sources.visit_source(by=sanne, source=source, client=client_for(web))
    assert queries.texts_for(sanne).filter(valid_to=None).count() == 3
    BrandText.objects.update(valid_from=TODAY)
    del web.routes["/kade"]  # still in the sitemap: the visit comes past it and skips it
    sources.visit_source(by=sanne, source=source, client=client_for(web))
    closed = BrandText.objects.exclude(valid_to=None)
    assert [text.url for text in closed] == [f"{web.url}/kade"]
    assert closed.get().valid_to == timezone.localdate() and closed.get().passages


def test_a_page_that_left_the_site_map_is_closed_after_a_full_visit(
    archive_here, sanne, web
) -> None:
    source = a_site(web, sanne)
    sources.visit_source(by=sanne, source=source, client=client_for(web))
    web.says("/sitemap.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{web.url}/kade</loc></url></urlset>', kind="application/xml")  # fmt: skip
    sources.visit_source(by=sanne, source=source, client=client_for(web))
    assert [text.url for text in BrandText.objects.exclude(valid_to=None)] == [f"{web.url}/polder"]


def test_a_page_that_could_not_be_reached_is_still_said(archive_here, sanne, web) -> None:
    source = a_site(web, sanne)
    sources.visit_source(by=sanne, source=source, client=client_for(web))
    web.says("/kade", "busy", status=500)
    sources.visit_source(by=sanne, source=source, client=client_for(web))
    assert not BrandText.objects.exclude(valid_to=None).exists()


# ----------------------------------------------------------------------------------------- visits
def test_a_visit_that_must_stop_stops_between_pages_and_closes_nothing(
    archive_here, sanne, web
) -> None:
    source = a_site(web, sanne)
    sources.visit_source(by=sanne, source=source, client=client_for(web))
    was = Source.objects.get(pk=source.pk).last_ok_at
    sources.visit_source(by=sanne, source=source, client=client_for(web), alive=lambda: False)
    assert not BrandText.objects.exclude(valid_to=None).exists()
    assert Source.objects.get(pk=source.pk).last_ok_at == was, "it is done again"


def test_a_source_being_visited_is_not_due_and_not_visited_twice(
    archive_here, sanne, web, settings
) -> None:
    source = a_site(web, sanne)
    due: list[int] = []

    def while_visiting() -> bool:
        due.append(len(list(queries.due_sources(timezone.now()))))
        return True

    assert len(list(queries.due_sources(timezone.now()))) == 1
    sources.visit_source(by=sanne, source=source, client=client_for(web), alive=while_visiting)
    assert due and set(due) == {0}


def test_a_fault_during_a_visit_is_told_on_the_source(archive_here, sanne) -> None:
    source = Source.objects.create(kind=Source.Kind.FEED, name="Feed", address="https://x.example/")

    class Broken(Guarded):
        def get(self, *_given: Any, **_more: Any) -> Any:
            raise ValueError("nobody foresaw this")

    with pytest.raises(ValueError, match="foresaw"):
        sources.visit_source(by=sanne, source=source, client=Broken())
    source.refresh_from_db()
    assert source.last_error and "foresaw" not in source.last_error
    assert source.next_at > timezone.now()


def test_files_are_not_visited_and_visits_leave_a_trail(archive_here, sanne, signed_in) -> None:
    file = read(sanne).source
    with pytest.raises(Refused):
        sources.visit_now(by=sanne, source=file)
    page = signed_in(sanne).post(reverse("listening:visit_source", args=(file.pk,)), follow=True)
    assert page.status_code == 200 and unfinished_job(f"source-{file.pk}") is None
    feed = Source.objects.create(kind=Source.Kind.FEED, name="Feed", address="https://x.example/")
    sources.visit_now(by=sanne, source=feed)
    assert TrailEntry.objects.filter(by=sanne, verb="sent for a visit").count() == 1


# ------------------------------------------------------------------------------------------ files
def test_uploaded_files_are_deleted_a_month_after_the_import(
    archive_here, sanne, signed_in
) -> None:
    done = read(sanne, POSTS + "4;;16-02-2024\n")
    waiting, aside = received(sanne), imports.cancel_import(by=sanne, item=received(sanne))
    places = [Path(done.path), Path(done.rejected_path), Path(aside.path)]
    assert all(place.exists() for place in places)
    soon = timezone.now() + timedelta(days=29)
    assert imports.clear_out_files(now=soon) == 0
    assert imports.clear_out_files(now=soon + timedelta(days=2)) == 2
    assert not any(place.exists() for place in places) and Path(waiting.path).exists()
    assert (row(done).added, row(done).path) == (3, "")
    browser = signed_in(sanne)
    page = browser.get(reverse("listening:import", args=(done.pk,))).content.decode()
    assert reverse("listening:rejected_rows", args=(done.pk,)) not in page
    page = browser.get(reverse("listening:import", args=(aside.pk,))).content.decode()
    assert reverse("listening:resume_import", args=(aside.pk,)) not in page
    assert imports.resume_import(by=sanne, item=aside).state == State.CANCELLED


def test_the_tables_are_those_of_the_models(db) -> None:
    call_command("makemigrations", "listening", check=True, dry_run=True, verbosity=0)
