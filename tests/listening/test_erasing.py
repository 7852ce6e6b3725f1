"""Erasing an author through the whole house: looked up, handed out, erased, searched, kept away."""

import json
import os
import sqlite3
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house_settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openroads.archive.erased import let_in
from openroads.archive.ingest import verify_rollups
from openroads.archive.masking import MASK
from openroads.archive.queries import authors
from openroads.archive.queries.posts import posts_in_scope
from openroads.archive.scope import Scope
from openroads.changes.actions import open_insight
from openroads.delivery.actions import post_mail
from openroads.delivery.models import QueuedJob
from openroads.delivery.runner import work_off
from openroads.directory.conversations import archive, close_archive
from openroads.directory.models import Department, Team, TrailEntry
from openroads.directory.people import system_person
from openroads.listening.actions import imports, sources
from openroads.listening.actions.reading import read_import
from openroads.listening.culture.actions import exporting
from openroads.listening.culture.freezing import chosen_by, quoted
from openroads.listening.erasing import actions, proof
from openroads.listening.erasing import schedule as _jobs  # noqa: F401 (declares them)
from openroads.listening.erasing.models import Erasure
from openroads.listening.labels.models import Label
from openroads.listening.models import Export, Hour, HourPost, Import
from tests.archive.saying import in_a_hurry
from tests.connectors.conftest import Server
from tests.listening.test_texts_and_visits import FEED

CANARY = "xyzzykanarie stond op de dijk en zag haar Kade wegwaaien"
HANDLE = "marloesxyz"
URL = "https://x.com/marloesxyz/status/190011"


def posts(*rows: tuple[str, str, str]) -> str:
    lines = [
        f"{number},2026-09-0{1 + place % 9}T10:00:00Z,x,{author},{text},{URL if author.strip('@') == HANDLE else ''}"
        for place, (number, author, text) in enumerate(rows)
    ]
    return "\n".join(["id,created_at,network,author,text,url", *lines]) + "\n"


OTHERS = [(f"o{n}", f"rider{n}", f"mijn Kade rijdt al {n} maanden prima") for n in range(40)]
HERS = [("m1", HANDLE, CANARY), ("m2", f"@{HANDLE.upper()}", "nog een keer de accu leeg")]
TO_HER = [("t1", "rider1", f"hoi @{HANDLE} hoe gaat het met je Kade")]


def files_with(text: str) -> list[str]:
    """Every file under the house's data that holds these bytes, keys aside."""
    folder: Path = house_settings.OPENROADS.data
    database = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    # By `walk`, which passes over what goes meanwhile: the engine removes the files it merged.
    here = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    if database is not None:
        here += [path for path in database.parent.glob(f"{database.name}*") if path not in here]
    return [str(path) for path in here if text.lower().encode() in _bytes_of(path).lower()]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def erase(by: Any, handle: str = HANDLE) -> Erasure:
    """Asked for and taken out; the search waits for the engine."""
    erasure = actions.ask_erasure(by=by, network="x", handle=handle, again=handle)
    work_off()
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.SEARCHING
    return erasure


def searched(erasure: Erasure, engine: bool = False) -> Erasure:
    """Searched too: at once, as after the engine has removed its old files, or when it has."""
    erasure = Erasure.objects.get(pk=erasure.pk)
    if not engine:
        erasure.old_parts = []
    until = time.monotonic() + 400
    while not actions.search(erasure=erasure):
        assert time.monotonic() < until
        time.sleep(1)
    return erasure


def outside_the_engine(erasure: Erasure) -> list[dict[str, Any]]:
    """What was found but for the engine's old files, which go by themselves."""
    return [one for one in erasure.left if not one["where"].startswith("archive")]


@pytest.fixture
def hurried(archive_here: Any) -> None:
    """The engine soon removes what it rewrote."""
    place = Path(archive_here.location)
    close_archive()
    in_a_hurry(place)


@pytest.fixture
def heard(brought: Any) -> Import:
    item: Import = brought(posts(*OTHERS, *HERS, *TO_HER))
    assert item.added == len(OTHERS) + len(HERS) + len(TO_HER)
    return item


# ------------------------------------------------------------------------------------ looking up
def test_what_is_held_is_told_with_why_it_is_read(heard: Import, ada: Any) -> None:
    heard.source.purpose = "To hear riders"
    heard.source.save()
    held = actions.look_up(by=ada, network="x", handle=f" @{HANDLE.title()} ")
    assert (held.posts, held.mentions, held.is_erased, held.is_ours) == (2, 1, False, False)
    assert [(row.source, row.purpose) for row in held.sources] == [(heard.source.name, "To hear riders")]  # fmt: skip
    assert actions.look_up(by=ada, network="bluesky", handle=HANDLE).posts == 0
    same = actions.look_up(by=ada, network="bluesky", handle=HANDLE).namesakes
    assert {one.network for one in same} == {"x"}
    with pytest.raises(ValidationError):
        actions.look_up(by=ada, network="x", handle=" @ ")


def test_everything_held_is_handed_out_as_json_lines(
    heard: Import, ada: Any, signed_in: Any
) -> None:
    answer = signed_in(ada).post(reverse("erasing:download"), {"network": "x", "handle": HANDLE})
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert lines[0]["posts"] == 2 and lines[0]["sources"][0]["source"] == heard.source.name
    assert {line["text"] for line in lines[1:]} == {HERS[0][2], HERS[1][2]}
    assert lines[1]["url"] == URL and "likes" in lines[1]
    entry = TrailEntry.objects.first()
    assert entry.verb == "exported what is held of an author"
    assert HANDLE not in entry.facts_text


# --------------------------------------------------------------------------------------- erasing
@pytest.mark.django_db(transaction=True)
def test_an_erased_author_is_gone_from_every_file_and_column_and_stays_away(
    hurried: None, heard: Import, received: Any, brought: Any, ada: Any, sanne: Any
) -> None:
    waiting = received(posts(*HERS, ("z1", "rider1", "anders")), name="waits.csv")
    # One row of hers cannot be read: it stands in the file of rejected rows.
    with_bad = posts(*OTHERS[:3], *HERS).replace("2026-09-04", "gisteren")
    half = brought(with_bad, name="half.csv")
    assert half.rejected == 1 and CANARY in Path(half.rejected_path).read_text()
    assert files_with(CANARY) and files_with(HANDLE), "the search finds what is there"
    erasure = searched(erase(ada), engine=True)
    assert erasure.state == Erasure.State.DONE, erasure.left
    assert (erasure.posts, erasure.left, erasure.mentions) == (2, [], 1)
    assert erasure.found_before > 0 and erasure.searched > 0
    assert (erasure.handle, erasure.clues) == ("", "")
    assert erasure.previews == 6 and erasure.rejected == 1
    told = {file["name"]: file["deleted"] for file in erasure.files}
    assert told == {"posts.csv": True, "half.csv": True, "waits.csv": False}
    assert Path(waiting.path).exists() and not Path(heard.path).exists()
    assert files_with(CANARY) == [waiting.path]
    # What waited is read: nothing of hers comes in, and then the file goes.
    imports.start_import(by=sanne, item=Import.objects.get(pk=waiting.pk))
    work_off()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.added) == (Import.State.DONE, 1)
    assert actions.keep_erased(by=system_person()) == 0
    erasure.refresh_from_db()
    assert erasure.waiting_files == []
    proof.settle_database()
    assert files_with(CANARY) == []
    held = actions.look_up(by=ada, network="x", handle=HANDLE)
    assert (held.posts, held.is_erased) == (0, True)


def test_a_file_that_comes_later_shows_nothing_of_them_and_does_not_stay(
    heard: Import, received: Any, ada: Any, sanne: Any, signed_in: Any
) -> None:
    erase(ada)
    later = received(
        posts(*OTHERS[:2], *HERS, ("z9", HANDLE, "gisteren nog"), ("z8", "rider2", "ook van ons"))
    )
    shown = json.dumps(later.reading, ensure_ascii=False)
    assert CANARY not in shown and HANDLE not in shown.lower()
    page = signed_in(sanne).get(reverse("listening:import", args=(later.pk,))).content.decode()
    assert page.count("Removed at the author’s request.") == 3
    later = imports.correct_reading(by=sanne, item=later, timezone="UTC")
    assert HANDLE not in json.dumps(later.reading).lower()
    path = Path(later.path)
    imports.start_import(by=sanne, item=later)
    work_off()
    later.refresh_from_db()
    assert (later.state, later.added, later.withheld, later.path) == (Import.State.DONE, 1, 3, "")
    assert not path.exists()


def test_reading_the_same_file_again_brings_nobody_back(
    heard: Import, brought: Any, ada: Any, sanne: Any, signed_in: Any
) -> None:
    erase(ada)
    again = brought(
        posts(*OTHERS, *HERS, ("m3", HANDLE, "en weer een bericht van mij")), "again.csv"
    )
    assert (again.added, again.same, again.withheld) == (0, len(OTHERS), 3)
    page = signed_in(sanne).get(reverse("listening:import", args=(again.pk,))).content.decode()
    assert "3 rows are of authors who were erased" in page
    assert authors.held_of_author(archive(), authors.keys_of_handle(archive(), "x", HANDLE)) == []


def test_a_feed_brings_nobody_back(windmee: Any, ada: Any, sanne: Any, server: Server) -> None:
    item = '<item><guid>1</guid><title>Weg</title><link>http://f.example/1</link><author>Marloes de Groot</author><pubDate>Mon, 01 Jun 2026 10:00:00 GMT</pubDate><description>De Kade is weg</description></item>'  # fmt: skip
    server.says("/feed", FEED.format(items=item), kind="application/rss+xml")
    source = sources.follow_feed(by=sanne, address=f"{server.url}/feed", purpose="To hear riders")
    work_off()
    (row,) = authors.namesakes(archive(), [], "Marloes de Groot")
    erasure = actions.ask_erasure(by=ada, network=row.network, handle=row.author, again=row.author)
    work_off()
    erasure.refresh_from_db()
    assert erasure.posts == 1
    source.cursor = ""
    source.save()
    sources.visit_now(by=sanne, source=source)
    work_off()
    assert authors.namesakes(archive(), [], "Marloes de Groot") == []


def test_the_register_and_the_trail_do_not_say_who_it_was(heard: Import, ada: Any) -> None:
    erasure = searched(erase(ada))
    verbs = [(entry.verb, entry.by) for entry in TrailEntry.objects.all()[:2]]
    assert verbs == [("erased author", ada), ("asked for the erasure of an author", ada)]
    assert not [e for e in TrailEntry.objects.all() if HANDLE in e.facts_text.lower()]
    stored = json.dumps(Erasure.objects.filter(pk=erasure.pk).values()[0], default=str)
    assert HANDLE not in stored.lower() and "xyzzy" not in stored
    assert erasure.sources[0]["posts"] == 2


def test_the_handle_stands_encrypted_while_the_work_waits(heard: Import, ada: Any) -> None:
    erasure = actions.ask_erasure(by=ada, network="x", handle=HANDLE, again=HANDLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT handle FROM listening_erasure WHERE id = %s", [erasure.pk])
        assert HANDLE not in cursor.fetchone()[0]
    tasks = DBTaskResult.objects.values_list("args_kwargs", flat=True)
    assert tasks and not [told for told in tasks if HANDLE in str(told)]
    assert Erasure.objects.get(pk=erasure.pk).handle == HANDLE


def test_an_erasure_that_was_stopped_goes_on_and_loses_no_figure(heard: Import, ada: Any) -> None:
    erasure = actions.ask_erasure(by=ada, network="x", handle=HANDLE, again=HANDLE)
    for steps in (0, 1, 2):  # stopped ever later
        left = [steps]

        def alive(left: list[int] = left) -> bool:
            left[0] -= 1
            return left[0] >= 0

        erasure = actions.carry_out(erasure=Erasure.objects.get(pk=erasure.pk), alive=alive)
        assert erasure.state == Erasure.State.RUNNING
    erasure = searched(actions.carry_out(erasure=Erasure.objects.get(pk=erasure.pk)))
    assert (erasure.posts, outside_the_engine(erasure)) == (2, [])


def test_what_is_found_afterwards_is_named_until_somebody_looked(
    heard: Import, ada: Any, signed_in: Any
) -> None:
    heard.source.purpose = f"What {HANDLE} and others say"
    heard.source.save()
    erasure = searched(erase(ada))
    assert erasure.state == Erasure.State.LOOK
    assert outside_the_engine(erasure) == [{"where": "listening.Source purpose", "n": 1}]
    page = reverse("erasing:erasure", args=(erasure.pk,))
    assert "listening.Source purpose" in signed_in(ada).get(page).content.decode()
    signed_in(ada).post(reverse("erasing:settle", args=(erasure.pk,)))
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.DONE
    assert TrailEntry.objects.first().verb == "looked at what was left"


def test_what_colleagues_said_of_the_posts_goes_with_them(
    heard: Import, ada: Any, sanne: Any
) -> None:
    keys = authors.keys_of_handle(archive(), "x", HANDLE)
    (post, *_more) = authors.posts_of_author(archive(), keys)
    other = next(authors.posts_of_author(archive(), authors.keys_of_handle(archive(), "x", "rider1")))  # fmt: skip
    for each in (post, other):
        Label.objects.create(
            post=each.id, published_at=each.published_at, source=each.source, language="nl",
            aspect="tone", value="negative", said="neutral", said_by="1", why="correction",
            by=sanne, at=timezone.now(),
        )  # fmt: skip
    erase(ada)
    assert [label.post for label in Label.objects.all()] == [other.id]


def test_their_words_leave_insights_agendas_and_files(heard: Import, ada: Any) -> None:
    period = "brand=0&since=2026-09-01&until=2026-09-30"
    chosen = chosen_by(QueryDict(f"{period}&q=wegwaaien"), ada)
    assert chosen is not None
    evidence = replace(chosen.frozen, quotes=tuple(quoted(post) for post in chosen.samples))
    department = Department.objects.create(name="Product")
    insight = open_insight(by=ada, title="Bikes blow away", department=department, evidence=[evidence])  # fmt: skip
    kept = exporting.ask_export(by=ada, query=period, form="csv", found=43)
    exporting.write_export(export=kept)
    hour = Hour.objects.create(team=Team.objects.create(name="T"), title="H", by=ada)
    post = chosen.samples[0]
    HourPost.objects.create(hour=hour, place=1, post=post.id, published_at=post.published_at)
    post_mail(by=ada, deed="digest 1 2026-09-07 person 1", to="a@windmee.example", subject="S", text=CANARY, html=CANARY)  # fmt: skip
    assert len(files_with(CANARY)) > 1
    erase(ada)
    sample = insight.evidence.get().samples.get()
    assert (sample.text, sample.title) == ("", "") and sample.removed_on is not None
    assert not HourPost.objects.exists() and Export.objects.get().state == Export.State.GONE
    assert proof.words_in_database([CANARY], HANDLE) == []
    assert not [path for path in files_with(CANARY) if "exports" in path]


def test_what_we_answered_them_is_emptied_too(heard: Import, ada: Any) -> None:
    from openroads.delivery.channels import add_channel
    from openroads.delivery.models import Delivery

    flow = add_channel(by=ada, kind="hook", name="Flow", told={})
    for place, (to, number) in enumerate(((HANDLE.title(), "t1"), ("rider1", "m1"), ("rider2", "o2"))):  # fmt: skip
        said = {"to": to, "reply_to": number, "text": f"Dag {to}"}
        Delivery.objects.create(kind="reply", deed=str(place), channel=flow, draft=said, state="sent", by=ada)  # fmt: skip
    erase(ada)
    kept = Delivery.objects.filter(kind="reply", draft__isnull=False)
    assert [each.draft["to"] for each in kept] == ["rider2"]
    assert proof.words_in_database([CANARY], HANDLE) == []


def test_the_word_search_looks_into_every_table(windmee: Any, ada: Any) -> None:
    from openroads.delivery.models import Delivery

    Delivery.objects.create(
        kind="mail", deed="x", recipient="a@b.example", subject="s", text=f"Dear {HANDLE}!", by=ada
    )
    Import.objects.create(name="a.csv", path="", reading={"preview": [{"a": 'ze "zei" dit echt'}]})
    found = proof.words_in_database(['ze "zei" dit echt'], HANDLE)
    assert [(one.where, one.n) for one in found] == [
        ("listening.Import reading", 1), ("delivery.Delivery text", 1),
    ]  # fmt: skip
    assert proof.words_in_database([], HANDLE[:-1]) == [], "a handle is a whole word"


# -------------------------------------------------------------------------- what would go wrong
def test_a_restored_archive_forgets_nobody_for_long(heard: Import, brought: Any, ada: Any) -> None:
    erasure = searched(erase(ada))
    let_in(archive(), erasure.author_keys)  # the archive of an older backup knows nothing of her
    back = brought(posts(*HERS), "restored.csv")
    assert back.added == 2
    assert actions.keep_erased(by=system_person()) == 1
    assert authors.held_of_author(archive(), erasure.author_keys) == []
    assert actions.keep_erased(by=system_person()) == 0


def test_an_account_of_our_own_is_not_erased_by_mistake(windmee: Any, ada: Any) -> None:
    with pytest.raises(ValidationError, match="your own company"):
        actions.ask_erasure(by=ada, network="x", handle="@Windmee", again="windmee")


def test_another_handle_the_second_time_erases_nothing(heard: Import, ada: Any) -> None:
    with pytest.raises(ValidationError, match="Nothing was erased"):
        actions.ask_erasure(by=ada, network="x", handle=HANDLE, again="marloes")
    assert not Erasure.objects.exists()


def test_only_an_administrator_erases_looks_up_and_hands_out(
    heard: Import, cast: dict[str, Any]
) -> None:
    for name, person in cast.items():
        if name == "ada":
            continue
        for deed in (
            lambda by: actions.look_up(by=by, network="x", handle=HANDLE),
            lambda by: list(actions.export_author(by=by, network="x", handle=HANDLE)),
            lambda by: actions.ask_erasure(by=by, network="x", handle=HANDLE, again=HANDLE),
        ):
            with pytest.raises(PermissionDenied):
                deed(person)
    assert not Erasure.objects.exists()


def test_a_file_an_import_reads_is_not_pulled_away(
    heard: Import, received: Any, ada: Any, signed_in: Any
) -> None:
    waiting = received(posts(*HERS), name="waits.csv")
    erasure = erase(ada)
    Import.objects.filter(pk=waiting.pk).update(state=Import.State.RUNNING)
    with pytest.raises(ValidationError, match="Stop its import"):
        actions.drop_file(by=ada, erasure=erasure, import_id=waiting.pk)
    assert Path(waiting.path).exists()
    Import.objects.filter(pk=waiting.pk).update(state=Import.State.FAILED)
    drop = reverse("erasing:drop_file", args=(erasure.pk, waiting.pk))
    signed_in(ada).post(drop)
    assert not Path(waiting.path).exists()
    other = received(posts(*OTHERS), name="others.csv")
    signed_in(ada).post(reverse("erasing:drop_file", args=(erasure.pk, other.pk)))
    assert Path(other.path).exists(), "only files of this erasure"


# ----------------------------------------------------------------------------------------- pages
def test_somebody_is_looked_up_and_erased_in_the_browser(
    hurried: None, heard: Import, ada: Any, signed_in: Any
) -> None:
    browser = signed_in(ada)
    page = browser.get(reverse("erasing:erasures")).content.decode()
    assert "Nobody has been erased yet" in page
    found = browser.post(reverse("erasing:erasures"), {"network": "x", "handle": HANDLE})
    said = found.content.decode()
    assert "2 posts of this author are held" in said and "Erase 2 posts for good" in said
    assert HANDLE not in found.request["QUERY_STRING"]
    wrong = browser.post(
        reverse("erasing:erase"), {"network": "x", "handle": HANDLE, "again": "marloes"}
    )
    assert wrong.status_code == 400 and "another handle" in wrong.content.decode()
    told = {"network": "x", "handle": HANDLE, "again": f"@{HANDLE}"}
    waiting = browser.post(reverse("erasing:erase"), told, follow=True)
    assert "is being erased" in waiting.content.decode()
    work_off()
    assert "being searched" in browser.get(waiting.request["PATH_INFO"]).content.decode()
    searched(Erasure.objects.get(), engine=True)
    done = browser.get(waiting.request["PATH_INFO"]).content.decode()
    assert "2 posts are erased; nothing is left" in done
    assert "passed over" in done and HANDLE not in done
    register = browser.get(reverse("erasing:erasures")).content.decode()
    assert "Erasure" in register and HANDLE not in register


def test_who_is_not_held_can_be_kept_out_beforehand(
    windmee: Any, brought: Any, ada: Any, signed_in: Any
) -> None:
    page = signed_in(ada).post(reverse("erasing:erasures"), {"network": "x", "handle": HANDLE})
    assert "Never take this author in" in page.content.decode()
    assert erase(ada).posts == 0
    assert brought(posts(*HERS, *OTHERS[:2])).added == 2


def test_removed_rows_of_a_preview_say_so(
    received: Any, ada: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(posts(*OTHERS[:3], *HERS))
    erase(ada)
    shown = signed_in(sanne).get(reverse("listening:import", args=(item.pk,))).content.decode()
    assert shown.count("Removed at the author’s request.") == 2
    assert "xyzzy" not in shown and HANDLE not in shown.lower()


def test_the_search_waits_for_the_engine_and_looks_again_later(heard: Import, ada: Any) -> None:
    erasure = erase(ada)
    assert erasure.old_parts and not actions.search(erasure=erasure)
    look = QueuedJob.objects.get(name=actions.SEARCH_ERASED, open_key__isnull=False)
    assert look.task.run_after > timezone.now() + timedelta(seconds=2)
    erasure.erased_at -= actions.LONGEST_WAIT
    erasure.save()
    assert actions.search(erasure=erasure), "it says so when the engine never does"
    assert erasure.left[0]["where"] == "archive" and erasure.state == Erasure.State.LOOK


def test_sqlite_overwrites_what_it_deletes(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does this by vacuuming")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone()[0] == 1
    assert sqlite3.sqlite_version


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite overwrites what is deleted")
@pytest.mark.django_db(transaction=True)
def test_postgresql_writes_the_tables_anew_that_held_copies(heard: Import) -> None:
    def place() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_filepath('listening_import')")
            return str(cursor.fetchone()[0])

    was = place()
    proof.settle_database()
    assert place() != was, "the file with the bytes of old rows is gone"
    assert Import.objects.get().pk == heard.pk


# --------------------------------------------------------------------------------------- masking
NAME = "Marloes de Groot"
ABOUT_HER = [
    ("t1", "rider1", f"hoi @{HANDLE} hoe gaat het met je Kade"),
    ("t2", "rider2", f"{NAME} van {HANDLE} heeft gelijk over de accu"),
    ("t3", "rider3", "een groot feest met Marloes en de Kade"),
]


def erase_with_names(by: Any, *names: str) -> Erasure:
    asked = actions.ask_erasure(
        by=by, network="x", handle=HANDLE, again=HANDLE, mask_mentions=True, names=names
    )
    work_off()
    asked.refresh_from_db()
    return asked


def texts_here() -> set[str]:
    scope = Scope(date(2026, 1, 1), date(2027, 1, 1))
    return {post.text for post in posts_in_scope(archive(), scope, limit=500)}


@pytest.mark.django_db(transaction=True)
def test_masked_names_are_in_no_file_or_column_and_stay_masked(
    hurried: None, received: Any, brought: Any, ada: Any, sanne: Any
) -> None:
    brought(posts(*OTHERS, *HERS, *ABOUT_HER))
    half = brought(posts(*ABOUT_HER, *OTHERS[:3]).replace("2026-09-04", "gisteren").replace("2026-09-01", "ooit"), name="half.csv")  # fmt: skip
    assert half.rejected == 2 and HANDLE in Path(half.rejected_path).read_text()
    waiting = received(posts(*ABOUT_HER, ("z1", "rider1", "anders")), name="waits.csv")
    assert files_with(HANDLE) and files_with(NAME), "the search finds what is there"
    erasure = searched(erase_with_names(ada, NAME), engine=True)
    assert (erasure.state, erasure.left) == (Erasure.State.DONE, [])
    assert (erasure.posts, erasure.masked, erasure.mentions) == (2, 2, 1)
    assert (erasure.handle, erasure.names, erasure.clues) == ("", "", "")
    assert files_with(HANDLE) == files_with(NAME) == [waiting.path]
    assert f"{MASK} van {MASK} heeft gelijk over de accu" in texts_here()
    assert ABOUT_HER[2][2] in texts_here(), "words that are hers and everybody's stay"
    assert not [told for told in Path(half.rejected_path).read_text().split() if HANDLE in told]
    # What waited is read masked, and then its file goes; so does one that comes later.
    imports.start_import(by=sanne, item=Import.objects.get(pk=waiting.pk))
    work_off()
    later = received(posts(*ABOUT_HER, ("z2", "rider4", f"waar is {HANDLE}?")), name="later.csv")
    assert HANDLE not in json.dumps(later.reading, ensure_ascii=False).lower()
    imports.start_import(by=sanne, item=later)
    work_off()
    later.refresh_from_db()
    assert (later.state, later.added, later.same, later.path) == (Import.State.DONE, 1, 3, "")
    proof.settle_database()
    assert files_with(HANDLE) == files_with(NAME) == []
    assert f"waar is {MASK}?" in texts_here() and verify_rollups(archive()) == []


def test_what_would_be_masked_is_told_name_by_name_and_nothing_is_changed(brought: Any, ada: Any) -> None:  # fmt: skip
    brought(posts(*OTHERS, *HERS, *ABOUT_HER))
    before, held = texts_here(), actions.look_up(by=ada, network="x", handle=HANDLE)
    told = actions.look_for_names(by=ada, held=held, names=[NAME])
    assert [(one.name, one.posts) for one in told] == [(HANDLE, 2), (NAME, 1)]
    assert texts_here() == before


def test_the_register_keeps_masks_and_no_name(brought: Any, ada: Any, signed_in: Any) -> None:
    brought(posts(*OTHERS, *HERS, *ABOUT_HER))
    asked = actions.ask_erasure(by=ada, network="x", handle=HANDLE, again=HANDLE, mask_mentions=True, names=[NAME])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT names FROM listening_erasure WHERE id = %s", [asked.pk])
        assert "Groot" not in cursor.fetchone()[0]
    work_off()
    erasure = searched(asked)
    stored = json.dumps(Erasure.objects.filter(pk=erasure.pk).values()[0], default=str)
    assert HANDLE not in stored.lower() and "Groot" not in stored and len(erasure.masks) == 2
    page = signed_in(ada).get(reverse("erasing:erasure", args=(erasure.pk,))).content.decode()
    assert "In 2 posts of others the name was masked." in page and "they stay" not in page


def test_names_of_our_own_and_what_is_no_name_are_not_masked(windmee: Any, ada: Any) -> None:
    for names, why in ((["Windmee"], "name of your own company"), (["!?"], "is no name")):
        with pytest.raises(ValidationError, match=why):
            actions.ask_erasure(by=ada, network="x", handle=HANDLE, again=HANDLE, mask_mentions=True, names=names)  # fmt: skip
    assert not Erasure.objects.exists()


def test_a_mention_that_was_read_ahead_is_masked_before_the_search_ends(brought: Any, ada: Any) -> None:  # fmt: skip
    brought(posts(*OTHERS, *HERS))
    erasure = erase_with_names(ada)
    Erasure.objects.filter(pk=erasure.pk).update(masks=[])  # as an import that read before them
    brought(posts(*ABOUT_HER), name="ahead.csv")
    Erasure.objects.filter(pk=erasure.pk).update(masks=erasure.masks, old_parts=[])
    erasure.refresh_from_db()
    assert not actions.search(erasure=erasure), "it looks again"
    assert not [text for text in texts_here() if HANDLE in text]
    assert searched(erasure).masked == 2


def test_a_file_with_the_name_goes_when_another_worker_ends_it(brought: Any, received: Any, ada: Any, sanne: Any) -> None:  # fmt: skip
    brought(posts(*OTHERS, *HERS))
    erase_with_names(ada)
    later = received(posts(*ABOUT_HER), name="later.csv")
    path = Path(later.path)
    imports.start_import(by=sanne, item=later)
    read_import(item=Import.objects.get(pk=later.pk), alive=lambda: False)
    later.refresh_from_db()
    assert (later.state, later.read) == (Import.State.WAITING, 3) and path.exists()
    work_off()
    later.refresh_from_db()
    assert (later.state, later.path) == (Import.State.DONE, "") and not path.exists()
