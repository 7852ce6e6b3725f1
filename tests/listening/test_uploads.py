"""Large files: the limit is said in numbers and kept, nothing is left behind."""

import os
import shutil
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openroads.config.bodies import why_not
from openroads.listening import uploads
from openroads.listening.actions import imports
from openroads.listening.models import Import

POSTS = "id,date,text\n1,2026-06-01,The battery is flat\n2,2026-06-02,The saddle creaks\n"
MULTIPART = "multipart/form-data; boundary=x"


@pytest.fixture
def small_house(settings: Any) -> Iterator[Any]:
    """A house that takes files of at most 1 MB."""
    before = settings.OPENROADS.upload_limit
    settings.OPENROADS.upload_limit = 1_000_000
    yield settings
    settings.OPENROADS.upload_limit = before


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk with 500 MB and 40 MB free."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage(10**10, 9 * 10**9, 540_000_000))


def test_the_limit_stands_under_the_field_in_numbers(
    windmee: Any, sanne: Any, signed_in: Any, small_house: Any
) -> None:
    page = signed_in(sanne).get(reverse("listening:imports")).content.decode()
    assert "At most 1 MB." in page and 'data-most="1000000"' in page
    texts = signed_in(sanne).get(reverse("listening:add_texts")).content.decode()
    assert "At most 1 MB." in texts


def test_own_texts_have_a_lower_limit_of_their_own(
    windmee: Any, sanne: Any, signed_in: Any
) -> None:
    page = signed_in(sanne).get(reverse("listening:add_texts")).content.decode()
    assert "At most 100 MB." in page


def test_a_file_beyond_the_limit_is_refused_in_words_and_not_kept(
    windmee: Any, sanne: Any, signed_in: Any, small_house: Any
) -> None:
    file = SimpleUploadedFile("posts.csv", POSTS.encode() + b" " * 1_500_000)
    answer = signed_in(sanne).post(reverse("listening:imports"), {"file": file})
    assert answer.status_code == 400
    assert "This file is 1.5 MB; at most 1 MB can be brought. Split it." in answer.content.decode()
    assert not Import.objects.exists() and list(uploads.folder().iterdir()) == []


def test_a_disk_without_room_lowers_the_limit_and_says_so(
    windmee: Any, sanne: Any, signed_in: Any, full_disk: None
) -> None:
    page = signed_in(sanne).get(reverse("listening:imports")).content.decode()
    assert "At most 20 MB now: the disk has no room for more." in page
    assert uploads.largest() == 20_000_000


@pytest.mark.parametrize(
    ("length", "content_type", "why"),
    [
        (0, "", ""),
        (19_000_000, MULTIPART, ""),
        (21_000_000, MULTIPART, "disk"),
        (3_000_000_000, MULTIPART, "size"),
        (6_000_000, "application/json", "form"),
        (6_000_000, "", "form"),
        (4_000_000, "application/x-www-form-urlencoded", ""),
    ],
)
def test_what_may_be_sent_is_known_before_it_comes(
    full_disk: None, length: int, content_type: str, why: str
) -> None:
    assert why_not(length, content_type) == why


def test_a_large_upload_is_moved_not_copied(
    windmee: Any, sanne: Any, signed_in: Any, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = uploads.folder()
    rows = "".join(f"{n},2026-06-01,The battery of bicycle {n} is flat\n" for n in range(70_000))
    file = SimpleUploadedFile("posts.csv", b"id,date,text\n" + rows.encode())
    assert file.size and file.size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    answer = signed_in(sanne).post(reverse("listening:imports"), {"file": file})
    assert answer.status_code == 302
    item = Import.objects.get()
    assert [str(place) for place in uploads.folder().iterdir()] == [item.path]
    assert item.size == Path(item.path).stat().st_size == file.size


def test_a_refused_file_leaves_nothing_behind(
    windmee: Any, sanne: Any, signed_in: Any, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = uploads.folder()
    file = SimpleUploadedFile("posts.csv", b"%PDF-1.7" + os.urandom(3_000_000))
    answer = signed_in(sanne).post(reverse("listening:imports"), {"file": file})
    assert answer.status_code == 400
    answer.close()
    assert list(uploads.folder().iterdir()) == []


def test_what_a_killed_process_left_goes_after_a_day(received: Any, sanne: Any) -> None:
    item, now = received(POSTS), timezone.now()
    left = uploads.folder() / "tmp1234.upload.csv"
    folder = uploads.folder() / "tmpabcd"
    left.write_text("half")
    folder.mkdir()
    (folder / "texts.csv").write_text("half")
    imports.clear_out_files(now=now + timedelta(hours=20))
    assert left.exists() and folder.exists(), "it may still be on its way"
    imports.clear_out_files(now=now + timedelta(hours=30))
    assert [str(place) for place in uploads.folder().iterdir()] == [item.path]


def test_the_preview_goes_with_the_file(brought: Any) -> None:
    item = brought(POSTS)
    assert item.reading["preview"]
    imports.clear_out_files(now=timezone.now() + timedelta(days=31))
    item.refresh_from_db()
    assert (item.path, item.reading["preview"]) == ("", [])


@pytest.mark.parametrize(
    ("size", "english", "dutch"),
    [(2 * 10**9, "2 GB", "2 GB"), (1_540_000_000, "1.5 GB", "1,5 GB"), (120_400_000, "120 MB", "120 MB"), (3_000, "3 kB", "3 kB"), (12, "12 bytes", "12 bytes")],
)  # fmt: skip
def test_sizes_are_said_as_people_say_them(size: int, english: str, dutch: str) -> None:
    assert uploads.size_words(size) == english
    with override("nl"):
        assert uploads.size_words(size) == dutch
