"""`openroads backup`, `backup verify` and `restore`: made while a house runs, refused with the mend, whole or not at all."""

import json
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from openroads.archive import whole
from openroads.archive.client import Archive
from openroads.config.keys import house_keys
from openroads.safekeeping import box, card
from openroads.safekeeping.faults import CannotKeep
from openroads.safekeeping.marks import MARK
from tests import warm
from tests.cli.houses import Served, environment, openroads

PASSPHRASE = "the boxes stand in the attic"


def posts(number: int) -> str:
    rows = (f"{n},2026-0{1 + n % 6}-1{n % 9},rider{n % 7},The battery of my Kade {n} is flat" for n in range(number))  # fmt: skip
    return "\n".join(["id,date,author,text", *rows]) + "\n"


def told_of(data: Path) -> dict[str, list[object]]:
    """What is in a house: rows of each table, and rows and content of the archive's."""
    with closing(sqlite3.connect(data / "db.sqlite3")) as there:
        names = [name for (name,) in there.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]  # fmt: skip
        found: dict[str, list[object]] = {name: [there.execute(f"SELECT count(*) FROM {name}").fetchone()[0]] for name in names}  # fmt: skip
    with Archive.open(data / "archive", readers=1, bare=True) as archive:
        return found | {name: [n.rows, n.content] for name, n in whole.counts(archive).items()}


@pytest.fixture(scope="module")
def served(
    state_of_a_new_house: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A house with posts that runs while it is backed up."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "house").mkdir()
    shutil.copy2(state_of_a_new_house, folder / "house/db.sqlite3")
    (folder / "posts.csv").write_text(posts(500))
    told = openroads("import", folder / "posts.csv", "--data", folder / "house")
    assert told.returncode == 0, told.stderr
    house = Served("run", "--data", folder / "house", log=folder / "log")
    house.data = folder / "house"  # type: ignore[attr-defined]
    yield house
    house.stop()


@pytest.fixture(scope="module")
def backup(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the running house, with its keys."""
    place = tmp_path_factory.mktemp("backups") / "openroads-house.tar.zst"
    place.with_name("pass").write_text(PASSPHRASE + "\n")
    told = openroads("backup", "--data", served.data, "--out", place, "--with-keys", "--passphrase-file", place.with_name("pass"))  # type: ignore[attr-defined]  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[0] == str(place) and "500 posts" in told.stdout
    assert place.stat().st_mode & 0o777 == 0o600
    return place


def refused(*words: object, why: str, code: int = 2) -> None:
    told = openroads(*words)
    assert told.returncode == code, (told.stdout, told.stderr)
    assert why in " ".join((told.stderr + told.stdout).split()), told.stderr
    assert "Traceback" not in told.stderr


def restore(backup: Path, data: Path, *words: object) -> tuple[object, ...]:
    return ("restore", backup, "--data", data, *words)


def test_a_backup_of_a_running_house_holds_and_the_register_knows(served: Served, backup: Path) -> None:  # fmt: skip
    told = openroads("backup", "verify", backup, "--data", served.data, "--passphrase-file", backup.with_name("pass"))  # type: ignore[attr-defined]  # fmt: skip
    assert told.returncode == 0, told.stderr
    for sentence in (
        "every byte as it was written", "The database opens:", "The archive opens: 500 posts",
        "uploaded files are among them", "The passphrase opens the keys", "This backup holds.",
    ):  # fmt: skip
        assert sentence in told.stdout
    known = card.card_of(backup)
    assert known.counts["post"][0] == 500 and known.why == "asked"
    secret = json.loads((served.data / "keys.json").read_text())  # type: ignore[attr-defined]
    inside = b"".join(content.read(size) for _name, size, content in box.members(backup))
    for key in (secret["secret_key"], secret["author_key"], *secret["encryption_keys"]):
        assert key.encode() not in inside, "keys lie in it under the passphrase only"
    assert {path.name for path in backup.parent.iterdir()} == {backup.name, "pass"}
    found = json.loads(openroads("doctor", "--data", served.data, "--json").stdout)  # type: ignore[attr-defined]
    assert {each["what"]: each["state"] for each in found}["backup"] == "well"


def test_what_was_wiped_comes_back_as_it_was_and_runs(served: Served, backup: Path, tmp_path: Path) -> None:  # fmt: skip
    told = openroads(*restore(backup, tmp_path / "again", "--passphrase-file", backup.with_name("pass")))  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "Restored 500 posts" in told.stdout and "The trail is whole" in told.stdout
    assert not (tmp_path / "again" / MARK).exists()
    assert (tmp_path / "again/keys.json").stat().st_mode & 0o777 == 0o600
    known, found = card.card_of(backup), told_of(tmp_path / "again")
    assert {name: found[name] for name in known.counts} == known.counts
    changed = {name for name, n in known.rows.items() if found[name] != [n]}
    # Restoring itself is on the trail, and who was at work is at work elsewhere.
    assert changed <= {"directory_trailentry", "delivery_worker"}
    with closing(sqlite3.connect(tmp_path / "again/db.sqlite3")) as there:
        (path,) = there.execute("SELECT path FROM listening_import").fetchone()
        assert there.execute("SELECT state, keys FROM safekeeping_backup").fetchall() == [("failed", "")]  # fmt: skip
    assert Path(path).parent == tmp_path / "again/uploads" and Path(path).read_text() == posts(500)
    house = Served("run", "--data", tmp_path / "again", log=tmp_path / "log")
    assert house.stop() == 0 and "Traceback" not in house.told()


def test_without_the_right_keys_nothing_is_restored(backup: Path, tmp_path: Path) -> None:
    refused(*restore(backup, tmp_path / "none"), why="There are no keys")
    assert not (tmp_path / "none").exists()
    (tmp_path / "wrong").write_text("another passphrase\n")
    refused(*restore(backup, tmp_path / "none", "--passphrase-file", tmp_path / "wrong"), why="This is not the passphrase")  # fmt: skip
    assert not (tmp_path / "none").exists()
    house_keys(tmp_path / "mine")
    refused(*restore(backup, tmp_path / "mine"), why="The keys here are of another house")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["keys.json"]


def test_a_directory_with_something_in_it_is_refused(served: Served, backup: Path, tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "letters.txt").write_text("Dear Noor")
    refused(*restore(backup, tmp_path), why="is not empty: letters.txt stands there")
    refused(*restore(backup, served.data), why="is not empty")  # type: ignore[attr-defined]
    assert (tmp_path / "letters.txt").read_text() == "Dear Noor"


def test_a_damaged_backup_is_found_and_refused(backup: Path, tmp_path: Path) -> None:
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "damaged.tar.zst").write_bytes(data)
    refused("backup", "verify", tmp_path / "damaged.tar.zst", why="is damaged", code=1)
    refused(*restore(tmp_path / "damaged.tar.zst", tmp_path / "house"), why="is damaged")
    assert not (tmp_path / "house").exists()


def rewritten(backup: Path, place: Path, **changed: object) -> Path:
    """The same backup with another card."""
    with box.Packing(place) as packing:
        for name, size, content in box.members(backup):
            data = content.read(size)
            if name == card.NAME:
                data = json.dumps(json.loads(data) | changed).encode()
            packing.add_bytes(name, data)
    return place


def test_what_came_back_otherwise_is_no_house_and_nothing_is_left(backup: Path, tmp_path: Path) -> None:  # fmt: skip
    rows = card.card_of(backup).rows | {"directory_person": 77}
    place = rewritten(backup, tmp_path / "openroads-other.tar.zst", rows=rows)
    refused(*restore(place, tmp_path / "house", "--passphrase-file", backup.with_name("pass")), why="directory_person had 77 rows")  # fmt: skip
    assert not (tmp_path / "house").exists()
    place = rewritten(backup, tmp_path / "openroads-later.tar.zst", migrations=[["webcare", "0007_later"]])  # fmt: skip
    refused(*restore(place, tmp_path / "house", "--passphrase-file", backup.with_name("pass")), why="made by a newer Openroads")  # fmt: skip
    assert not (tmp_path / "house").exists()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"steps": [1, 9999], "version": "9.1"}, r"made by a newer Openroads \(9.1\)"),
        ({"format": 2}, "made by a newer Openroads"),
        ({"state": "state/postgresql.dump"}, "is of a house on PostgreSQL"),
        ({"archive": "parquet"}, "embedded or on a ClickHouse server"),
        ({"what": "a cake"}, "no backup of Openroads"),
        ({"rows": None, "more": 1}, "no backup of Openroads"),
    ],
)
def test_what_does_not_fit_this_house_is_refused(
    backup: Path, tmp_path: Path, changed: dict[str, object], why: str
) -> None:
    from openroads.safekeeping.restoring import refuse_unfit

    place = rewritten(backup, tmp_path / "openroads-other.tar.zst", **changed)
    with pytest.raises(CannotKeep, match=why):
        refuse_unfit(card.card_of(place))


def test_killed_while_restoring_the_house_is_refused_until_it_is_restored_again(backup: Path, tmp_path: Path) -> None:  # fmt: skip
    data, words = tmp_path / "house", ("--passphrase-file", backup.with_name("pass"))
    process = warm.start("openroads", *restore(backup, data, *words), env=environment())
    until = time.monotonic() + 60
    while not (data / "archive").exists() and time.monotonic() < until:
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert (data / MARK).exists(), "it was not fast enough to be killed"
    refused("run", "--data", data, why="is only half restored")
    refused("user", "list", "--data", data, why="is only half restored")
    told = openroads(*restore(backup, data, *words))
    assert told.returncode == 0 and "Restored 500 posts" in told.stdout, told.stderr


def test_killed_while_backing_up_it_is_made_by_the_next_start(served: Served, tmp_path: Path) -> None:  # fmt: skip
    """The job is taken over, begins anew, and nothing half is left."""
    copy = tmp_path / "house"
    restored = tmp_path / "openroads-late.tar.zst"
    (copy / "uploads").mkdir(parents=True)
    for name in ("keys.json", "db.sqlite3"):
        shutil.copy2(served.data / name, copy / name)  # type: ignore[attr-defined]
    (copy / "uploads/large.csv").write_bytes(b"x" * 400_000_000)
    process = warm.start("openroads", "backup", "--data", copy, "--out", restored, env=environment())  # fmt: skip
    until = time.monotonic() + 60
    while not restored.with_name(restored.name + ".part").exists() and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (copy / "uploads/large.csv").unlink()
    assert not restored.exists() and (copy / ".backing-up").exists()
    told = openroads("backup", "--data", copy, "--out", restored)
    assert told.returncode == 0, told.stderr
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [restored.name]
    assert not (copy / ".backing-up").exists() and not (copy / "archive/copies").exists()


def test_where_nothing_can_be_written_a_plain_sentence_says_so(served: Served) -> None:
    refused("backup", "--data", served.data, "--out", "/nowhere/b.tar.zst", why="There is no directory /nowhere")  # type: ignore[attr-defined]  # fmt: skip
    refused("backup", "--data", served.data, "--with-keys", why="--passphrase-file")  # type: ignore[attr-defined]  # fmt: skip
