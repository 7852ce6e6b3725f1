"""Hard cases of backup and restore: a disk that is full, a kill at any moment, an import that goes on meanwhile."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from openroads.archive import whole
from openroads.archive.client import Archive
from openroads.archive.ingest import verify_rollups
from openroads.safekeeping import card
from tests import warm
from tests.cli.houses import Served, environment, openroads
from tests.cli.test_backups import posts, restore
from tests.served_archive import ROOT

pytestmark = pytest.mark.slow

UPLOAD = 40_000_000


@pytest.fixture(scope="module")
def made_once(state_of_a_new_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with posts and a file that takes a while to pack."""
    folder = tmp_path_factory.mktemp("hard") / "house"
    (folder / "uploads").mkdir(parents=True)
    shutil.copy2(state_of_a_new_house, folder / "db.sqlite3")
    (folder.parent / "posts.csv").write_text(posts(300))
    told = openroads("import", folder.parent / "posts.csv", "--data", folder)
    assert told.returncode == 0, told.stderr
    (folder / "uploads/large.csv").write_bytes(os.urandom(UPLOAD))
    return folder


@pytest.fixture
def house(made_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(made_once, tmp_path / "house", symlinks=True)
    return tmp_path / "house"


@pytest.fixture(scope="module")
def backup(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("boxes") / "openroads-b.tar.zst"
    told = openroads("backup", "--data", made_once, "--out", place)
    assert told.returncode == 0, told.stderr
    return place


def with_files_up_to(size: int, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a command on a disk on which no file can become larger: as good as a full one."""
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)], env=environment(PYTHONPATH=str(ROOT)), text=True,
        capture_output=True, timeout=180, check=False, cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def kill_when(there: Callable[[], bool], process: warm.Process) -> None:
    """Kill -9 as soon as something is there."""
    until = time.monotonic() + 90
    while not there() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    assert process.poll() is None, "it was not fast enough to be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(
    ("size", "why"),
    [(20_000_000, "Make room on that disk, or name another with --out. Nothing was left there."),
     (150_000, "Make room on that disk and run it again. Nothing was left there.")],
    ids=["of the file", "of the copies"],
)  # fmt: skip
def test_a_disk_that_fills_up_is_told_with_the_mend_and_nothing_is_left(
    house: Path, tmp_path: Path, size: int, why: str
) -> None:
    (tmp_path / "out").mkdir()
    told = with_files_up_to(size, "openroads", "backup", "--data", house, "--out", tmp_path / "out/b.tar.zst")  # fmt: skip
    assert told.returncode == 2 and why in told.stderr, told.stderr
    assert "Traceback" not in told.stderr and len(told.stderr.strip().splitlines()) == 1
    assert not files(tmp_path / "out") and ".backing-up" not in files(house)
    assert "copies" not in files(house / "archive")
    told = openroads("backup", "--data", house, "--out", tmp_path / "out/b.tar.zst")
    assert told.returncode == 0, told.stderr


def test_a_copy_the_engine_cut_short_in_silence_is_found(made_once: Path, tmp_path: Path) -> None:
    """The engine calls a copy made of which it could not write half."""
    shutil.copytree(made_once / "archive", tmp_path / "archive", symlinks=True)
    told = with_files_up_to(2_000, "tests.cli.copying", tmp_path / "archive")
    assert "NotCopied: The archive could not be copied: the disk of" in told.stdout, told.stderr
    assert "copies" not in files(tmp_path / "archive")
    with Archive.open(tmp_path / "archive", readers=1) as archive:
        place = whole.copy_whole(archive)
        assert whole._is_all_there(place)
        largest = max(place.rglob("*.bin"), key=lambda path: path.stat().st_size)
        os.truncate(largest, largest.stat().st_size - 1)
        assert not whole._is_all_there(place)
        os.truncate(place / ".backup", 0)
        assert not whole._is_all_there(place)
        whole.clear_copy(archive)


def test_a_disk_that_is_too_full_to_restore_to_is_told_and_left_empty(
    made_once: Path, backup: Path, tmp_path: Path
) -> None:
    data = tmp_path / "again"
    data.mkdir(mode=0o700)
    shutil.copy2(made_once / "keys.json", data)
    for size in (1_000_000, 20_000):
        told = with_files_up_to(size, "openroads", *restore(backup, data))
        assert told.returncode == 2 and "Make room on that disk" in told.stderr, told.stderr
        assert "Traceback" not in told.stderr and files(data) == {"keys.json"}


@pytest.mark.parametrize("moment", ["house/.backing-up/db.sqlite3", "house/archive/copies/whole", "out/b.tar.zst.part"])  # fmt: skip
def test_killed_while_backing_up_nothing_half_has_its_name_and_the_next_one_is_whole(
    house: Path, tmp_path: Path, moment: str
) -> None:
    place = tmp_path / "out/b.tar.zst"
    place.parent.mkdir()
    words = ("openroads", "backup", "--data", house, "--out", place)
    kill_when((tmp_path / moment).exists, warm.start(*words, env=environment()))
    assert not place.exists()
    told = openroads(*words[1:])
    assert told.returncode == 0, told.stderr
    assert files(place.parent) == {place.name}
    assert ".backing-up" not in files(house) and "copies" not in files(house / "archive")
    assert card.card_of(place).posts == 300


def test_a_server_killed_while_backing_up_makes_it_at_its_next_start(house: Path, tmp_path: Path) -> None:  # fmt: skip
    place = tmp_path / "out/b.tar.zst"
    place.parent.mkdir()
    served = Served("run", "--data", house, log=tmp_path / "log")
    asking = warm.start("openroads", "backup", "--data", house, "--out", place, env=environment())
    try:
        kill_when(place.with_name(place.name + ".part").exists, served.process)  # type: ignore[arg-type]
        assert not place.exists()
        served = Served("run", "--data", house, log=tmp_path / "log")
        assert asking.wait(120) == 0, "whoever asked sees it made"
    finally:
        asking.kill()
        served.stop()
    assert files(place.parent) == {place.name} and card.card_of(place).posts == 300


@pytest.mark.parametrize("moment", [".restoring", "uploads/large.csv", "db.sqlite3"])
def test_killed_while_restoring_the_next_try_ends_right(
    made_once: Path, backup: Path, tmp_path: Path, moment: str
) -> None:
    data = tmp_path / "again"
    data.mkdir(mode=0o700)
    shutil.copy2(made_once / "keys.json", data)
    kill_when((data / moment).exists, warm.start("openroads", *restore(backup, data), env=environment()))  # fmt: skip
    told = openroads("user", "list", "--data", data)
    assert told.returncode == 2 and "is only half restored" in told.stderr
    told = openroads(*restore(backup, data))
    assert told.returncode == 0 and "Restored 300 posts" in told.stdout, told.stderr
    assert (data / "uploads/large.csv").stat().st_size == UPLOAD and ".restoring" not in files(data)


def test_a_backup_in_the_midst_of_an_import_is_of_one_moment_and_the_import_goes_on_from_it(
    house: Path, tmp_path: Path
) -> None:
    rows, place = 30_000, tmp_path / "openroads-b.tar.zst"
    lines = (f"{n},2026-0{1 + n % 6}-1{n % 9},a{n % 91},Bericht {n} over de accu van mijn Kade" for n in range(1000, 1000 + rows))  # fmt: skip
    (tmp_path / "more.csv").write_text("\n".join(["id,date,author,text", *lines]) + "\n")
    served = Served("run", "--data", house, log=tmp_path / "log")
    bringing = warm.start("openroads", "import", tmp_path / "more.csv", "--data", house, env=environment())  # fmt: skip
    try:
        until = time.monotonic() + 120
        while not (read := read_so_far(house)):
            assert time.monotonic() < until
            time.sleep(0.02)
        told = openroads("backup", "--data", house, "--out", place)
        assert told.returncode == 0, told.stderr
        assert bringing.wait(180) == 0
    finally:
        bringing.kill()
        served.stop()
    taken = card.card_of(place).posts - 300
    assert read <= taken < rows, "it was made in the midst of the import"

    again = tmp_path / "again"
    again.mkdir(mode=0o700)
    shutil.copy2(house / "keys.json", again)
    assert openroads(*restore(place, again)).returncode == 0
    assert read_so_far(again) <= taken, "the database is never ahead of the archive"
    served = Served("run", "--data", again, log=tmp_path / "log")
    try:
        until = time.monotonic() + 180
        while read_so_far(again) < rows:
            assert time.monotonic() < until, served.told()
            time.sleep(0.1)
    finally:
        served.stop()
    with Archive.open(again / "archive", readers=1) as archive:
        assert whole.counts(archive)["post"].rows == 300 + rows
        assert verify_rollups(archive) == []


def read_so_far(data: Path) -> int:
    """How many rows of the file that was brought last the database says were read."""
    with closing(sqlite3.connect(data / "db.sqlite3", timeout=20)) as there:
        row = there.execute("SELECT read FROM listening_import WHERE name = 'more.csv'").fetchone()
    return int(row[0]) if row else 0
