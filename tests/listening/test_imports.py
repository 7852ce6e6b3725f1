"""The life of an import: received, looked at, put right, read, stopped, killed, read again."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from openroads.archive.queries.state import kept
from openroads.connectors.failures import Refused
from openroads.delivery.runner import work_off
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening.actions import imports
from openroads.listening.actions.reading import read_import
from openroads.listening.models import Import, RememberedReading, Source
from tests.cli.houses import environment
from tests.listening.conftest import outcome, rejected_file

SMALL = """id,date,author,text
1,2026-06-01 10:00,anna,The battery is flat again
2,2026-06-02 10:00,bob,Such a lovely ride along the river
3,2026-06-03 10:00,cleo,Where can I buy a charger?
"""


def posts_kept() -> int:
    return sum(row.posts for row in kept(archive()))


def many(rows: int, first: int = 0) -> str:
    lines = [f"{n},2026-06-{1 + n % 28:02} 10:00,rider{n},Ride {n} along the river was lovely" for n in range(first, first + rows)]  # fmt: skip
    return "\n".join(["id,date,author,text", *lines]) + "\n"


def test_a_file_is_received_shown_and_read(received: Any, sanne: Any) -> None:
    item = received(SMALL, name="../../etc/posts.csv")
    assert (item.state, item.name) == (Import.State.CHECKING, "posts.csv")
    assert item.reading["columns"] == {"native_id": "id", "said_at": "date", "author": "author", "text": "text"}  # fmt: skip
    assert [row["read"]["text"] for row in item.reading["preview"]][
        0
    ] == "The battery is flat again"
    assert Path(item.path).name.removesuffix(".csv").isalnum(), "the file keeps no name of its own"
    assert posts_kept() == 0, "nothing is stored before somebody agreed"

    imports.start_import(by=sanne, item=item)
    assert Import.objects.get().state == Import.State.WAITING
    work_off()
    item.refresh_from_db()
    assert item.state == Import.State.DONE
    assert outcome(item) == {"read": 3, "added": 3, "changed": 0, "same": 0, "rejected": 0}
    assert (item.share, posts_kept()) == (1.0, 3)
    assert [entry.verb for entry in TrailEntry.objects.filter(by=sanne).order_by("number")] == ["received file", "started import"]  # fmt: skip


def test_a_second_import_adds_nothing(brought: Any) -> None:
    brought(SMALL)
    again = brought(SMALL, name="posts (1).csv")
    assert outcome(again) == {"read": 3, "added": 0, "changed": 0, "same": 3, "rejected": 0}
    assert posts_kept() == 3
    assert Source.objects.count() == 1, "a file of the same shape is the same source"


def test_a_text_that_was_edited_since_is_a_change_and_no_second_post(brought: Any) -> None:
    brought(SMALL)
    edited = brought(SMALL.replace("flat again", "flat again and again"))
    assert outcome(edited) == {"read": 3, "added": 0, "changed": 1, "same": 2, "rejected": 0}
    assert posts_kept() == 3


def test_double_ids_in_a_file_count_once(brought: Any) -> None:
    lines = SMALL.splitlines()
    item = brought("\n".join([*lines, lines[1], lines[2], lines[1]]) + "\n")
    assert (item.added, item.read, posts_kept()) == (3, 6, 3)


def test_rejected_rows_come_back_with_the_reason_and_can_be_mended(brought: Any) -> None:
    bad = (
        SMALL
        + '4,2026-02-31,dirk,"That, day is none"\n5,2026-06-05,eva,\n6,yesterday,fay,Never said when\n'
    )
    item = brought(bad)
    assert outcome(item) == {"read": 6, "added": 3, "changed": 0, "same": 0, "rejected": 3}
    head, *rows = csv.reader(rejected_file(item))
    assert head == ["id", "date", "author", "text", "reason"]
    assert [row[0] for row in rows] == ["4", "5", "6"]
    assert rows[0][3] == "That, day is none"
    assert all(row[4].startswith("row ") and row[4].endswith(".") for row in rows), rows

    rows[0][1], rows[2][1] = "2026-02-28", "2026-06-06"
    mended = io.StringIO()
    csv.writer(mended).writerows([head, *rows])
    again = brought(mended.getvalue(), name="posts-rejected.csv")
    assert outcome(again) == {"read": 3, "added": 2, "changed": 0, "same": 0, "rejected": 1}
    assert posts_kept() == 5


def test_the_rejected_file_cannot_start_a_formula(brought: Any) -> None:
    item = brought(
        "id,date,author,text\n1,2026-06-01,anna,fine\n2,never,=cmd|' /C calc'!A0,@SUM(1)\n"
    )
    (row,) = list(csv.reader(rejected_file(item)))[1:]
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))], row


def test_a_corrected_reading_is_remembered_for_files_of_that_shape(
    received: Any, sanne: Any, brought: Any
) -> None:
    odd = "nr;when;blurb;who\n1;01-06-2026;anna;The battery is flat\n2;02-06-2026;bob;The saddle creaks\n"
    item = received(odd)
    columns = {"native_id": "nr", "said_at": "when", "author": "blurb", "text": "who"}
    imports.correct_reading(by=sanne, item=item, columns=columns, date_order="dmy", default_network="forum")  # fmt: skip
    item.refresh_from_db()
    assert item.reading["preview"][0]["read"]["text"] == "The battery is flat"
    imports.start_import(by=sanne, item=item)
    work_off()

    later = received(odd.replace("flat", "full"))
    assert later.reading["columns"] == columns
    assert later.reading["default_network"] == "forum"
    assert RememberedReading.objects.count() == 1


def test_a_correction_that_cannot_be_carried_out_is_refused_with_a_sentence(
    received: Any, sanne: Any
) -> None:
    item = received(SMALL)
    with pytest.raises(Refused, match="no column"):
        imports.correct_reading(by=sanne, item=item, columns={"text": "body", "said_at": "date"})
    with pytest.raises(Refused, match="date"):
        imports.correct_reading(by=sanne, item=item, columns={"text": "text"})
    item.refresh_from_db()
    assert item.reading["columns"]["text"] == "text", "the reading stays as it was"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("empty.xlsx", b""),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("broken.xlsx", b"PK\x03\x04" + b"\x00" * 200),
        ("only-a-heading.csv", b"id,date,text\n"),
        ("page.csv", b"<!doctype html><html><body>Log in</body></html>"),
    ],
)
def test_a_refused_file_says_why_and_nothing_of_it_is_kept(
    received: Any, settings: Any, name: str, content: bytes
) -> None:
    with pytest.raises(Refused) as refused:
        received(content, name=name)
    assert str(refused.value).endswith(".") and len(str(refused.value)) > 15
    assert Import.objects.count() == 0
    assert list((settings.OPENROADS.data / "uploads").iterdir()) == []


def test_stopping_keeps_what_is_read_and_going_on_reads_the_rest(received: Any, sanne: Any) -> None:
    item = received(many(5000))
    imports.start_import(by=sanne, item=item)

    def stopped_after_one_batch() -> bool:
        imports.cancel_import(by=sanne, item=Import.objects.get(pk=item.pk))
        return True

    item = Import.objects.get(pk=item.pk)
    read_import(item=item, alive=stopped_after_one_batch)
    item.refresh_from_db()
    assert item.state == Import.State.CANCELLED
    assert 0 < item.read < 5000 and posts_kept() == item.added == item.read

    imports.resume_import(by=sanne, item=item)
    work_off()
    item.refresh_from_db()
    assert item.state == Import.State.DONE
    assert outcome(item) == {"read": 5000, "added": 5000, "changed": 0, "same": 0, "rejected": 0}
    assert posts_kept() == 5000


def test_a_worker_that_must_stop_hands_the_file_back_and_the_next_goes_on(
    received: Any, sanne: Any
) -> None:
    item = received(many(4500))
    imports.start_import(by=sanne, item=item)
    read_import(item=Import.objects.get(pk=item.pk), alive=lambda: False)
    item.refresh_from_db()
    assert item.state == Import.State.WAITING, "nobody asked to stop: it waits for a worker"
    read = item.read
    work_off()
    item.refresh_from_db()
    assert (item.state, item.added, 0 < read < 4500) == (Import.State.DONE, 4500, True)


def test_a_waiting_file_that_is_stopped_is_never_read(received: Any, sanne: Any) -> None:
    item = received(SMALL)
    imports.start_import(by=sanne, item=item)
    imports.cancel_import(by=sanne, item=item)
    work_off()
    item.refresh_from_db()
    assert (item.state, posts_kept()) == (Import.State.CANCELLED, 0)


def test_a_file_that_went_missing_fails_with_a_sentence_on_its_page(
    received: Any, sanne: Any, signed_in: Any
) -> None:
    item = received(SMALL)
    Path(item.path).unlink()
    imports.start_import(by=sanne, item=item)
    work_off()
    item.refresh_from_db()
    assert item.state == Import.State.FAILED
    page = signed_in(sanne).get(reverse("listening:import", args=(item.pk,))).content.decode()
    assert (
        item.error.endswith(".") and "Errno" not in item.error and "Go on where it stopped" in page
    )


def test_the_walk_through_the_pages_without_a_script(
    windmee: Any, sanne: Any, signed_in: Any
) -> None:
    browser = signed_in(sanne)
    file = io.BytesIO(SMALL.encode())
    file.name = "posts.csv"
    answer = browser.post(reverse("listening:imports"), {"file": file})
    assert answer.status_code == 302
    item = Import.objects.get()
    page = browser.get(answer["Location"])
    form = page.context["form"]
    told = {name: form[name].value() or "" for name in form.fields} | {"start": "1"}
    answer = browser.post(answer["Location"], told)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    work_off()
    page = browser.get(answer["Location"]).content.decode()
    assert "3 new posts are in the archive" in page
    assert browser.get(reverse("listening:rejected_rows", args=(item.pk,))).status_code == 404
    assert browser.post(reverse("listening:imports"), {"brand": ""}).status_code == 400


def test_a_double_click_on_import_starts_it_once(received: Any, sanne: Any, signed_in: Any) -> None:
    item = received(SMALL)
    browser = signed_in(sanne)
    address = reverse("listening:import", args=(item.pk,))
    form = browser.get(address).context["form"]
    told = {name: form[name].value() or "" for name in form.fields} | {"start": "1"}
    for _click in range(2):
        browser.post(address, told)
    work_off()
    browser.post(address, told)
    work_off()
    item.refresh_from_db()
    assert outcome(item) == {"read": 3, "added": 3, "changed": 0, "same": 0, "rejected": 0}
    assert TrailEntry.objects.filter(verb="started import").count() == 1


KILLED = Path(__file__).with_name("killed.py")


def child(folder: Path, *words: str) -> subprocess.Popen[str]:
    env = environment(OPENROADS_DATA=str(folder), PYTHONPATH=os.pathsep.join(sys.path))
    return subprocess.Popen([sys.executable, str(KILLED), *words], env=env, stdout=subprocess.PIPE, text=True)  # fmt: skip


@pytest.mark.slow
def test_killed_while_reading_it_loses_nothing_and_stores_nothing_twice(tmp_path: Path) -> None:
    rows, bad, doubles = 7_000, 30, 500
    lines = many(rows).splitlines()
    lines[100 : 100 + bad] = [f"bad{n},never,someone,No day at all" for n in range(bad)]
    lines += lines[-doubles:]
    (tmp_path / "posts.csv").write_text("\n".join(lines) + "\n")
    with child(tmp_path, "begin", str(tmp_path / "posts.csv")) as first:
        assert first.wait(120) == 0
    for batches, later in ((1, 0.0), (1, 0.1)):
        with child(tmp_path, "read") as reading:
            assert reading.stdout is not None
            for line in reading.stdout:
                batches -= line.startswith("batch")
                if not batches:
                    break
            time.sleep(later)
            reading.kill()
            assert reading.wait(60) == -9, "it was killed before it was done"
    with child(tmp_path, "read", "report") as last:
        told, _nothing = last.communicate(timeout=120)
        assert last.returncode == 0
    found = json.loads(told.splitlines()[-1])
    assert found["state"] == "done"
    assert found["posts"] == found["distinct"] == rows - bad
    assert found["read"] == rows + doubles
    assert found["rejected"] == found["rejected_lines"] == bad
    assert found["added"] + found["same"] + found["rejected"] == rows + doubles
