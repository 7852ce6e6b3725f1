"""Data of another version: older is upgraded after a backup, newer is refused and left alone."""

import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from openroads.archive.client import Archive
from openroads.archive.lock import DirectoryLock
from openroads.archive.steps import known_steps
from tests import warm
from tests.cli.houses import environment, openroads

UPGRADED = Path(__file__).with_name("upgraded.py")
LAST_STEP = known_steps()[-1][0]


def hands(deed: str, data: Path, place: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = environment(OPENROADS_DATA=str(data))
    return warm.run(str(UPGRADED), deed, place or data, env=env)


def waiting(data: Path) -> dict[str, Any]:
    told = hands("look", data)
    assert told.returncode == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@pytest.fixture(scope="module")
def older_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("older") / "house"
    told = hands("older", data)
    assert told.returncode == 0, told.stderr
    return data


@pytest.fixture
def older(older_house: Path, tmp_path: Path) -> Path:
    """A house of the version before: one migration and one step of the archive are waiting."""
    shutil.copytree(older_house, tmp_path / "house", symlinks=True)
    return tmp_path / "house"


def test_an_older_house_is_backed_up_whole_before_anything_is_changed(
    older: Path, tmp_path: Path
) -> None:
    before = waiting(older)
    assert (len(before["migrations"]), before["steps"]) == (1, [LAST_STEP])
    told = hands("open", older, tmp_path / "backup")
    assert told.returncode == 0, told.stderr
    assert "This house was made by an older Openroads; it is upgraded now." in told.stderr
    assert f"The backup made first: {tmp_path / 'backup'}" in told.stderr
    assert waiting(older) == {"migrations": [], "steps": []}
    assert waiting(tmp_path / "backup") == before, "the backup is of before"

    again = hands("open", older, tmp_path / "second")
    assert (again.returncode, again.stderr) == (0, "")
    assert not (tmp_path / "second").exists(), "nothing to upgrade, nothing to back up"


def test_without_a_backup_nothing_is_upgraded(older: Path) -> None:
    before = waiting(older)
    told = hands("fail", older)
    assert "No space left on device" in told.stdout
    assert waiting(older) == before


def test_an_archive_alone_can_be_older(older: Path, tmp_path: Path) -> None:
    hands("open", older, tmp_path / "first")
    with Archive.open(older / "archive") as archive:
        archive.command("ALTER TABLE step DELETE WHERE number = {last:UInt16}", {"last": LAST_STEP})
    assert waiting(older) == {"migrations": [], "steps": [LAST_STEP]}
    told = hands("open", older, tmp_path / "second")
    assert told.returncode == 0, told.stderr
    assert waiting(tmp_path / "second")["steps"] == [LAST_STEP]
    assert waiting(older)["steps"] == []


def test_a_new_house_needs_no_backup(new_data: Path, tmp_path: Path) -> None:
    told = hands("open", tmp_path / "new", tmp_path / "backup")
    assert (told.returncode, told.stderr) == (0, "")
    # As if the very first start was cut off in the middle.
    with closing(sqlite3.connect(new_data / "db.sqlite3")) as there:
        there.execute("DELETE FROM django_migrations WHERE app = 'usersessions'")
        there.execute("DROP TABLE usersessions_usersession")
        there.execute("DELETE FROM directory_person")
        there.commit()
    told = hands("open", new_data, tmp_path / "backup")
    assert (told.returncode, told.stderr) == (0, "")
    assert not (tmp_path / "backup").exists()


def test_commands_that_start_at_once_in_a_new_house_make_one_database(tmp_path: Path) -> None:
    words = ("openroads", "user", "list", "--data", tmp_path / "house")
    started = [warm.start(*words, env=environment()) for _ in range(4)]
    assert [each.wait(120) for each in started] == [0] * 4
    with closing(sqlite3.connect(tmp_path / "house/db.sqlite3")) as there:
        assert there.execute("SELECT count(*) FROM directory_person").fetchall() == [(1,)]


def test_commands_that_look_after_people_and_keys_upgrade_nothing(older: Path) -> None:
    before = waiting(older)
    for words in (("user", "list"), ("keys", "rotate")):
        told = openroads(*words, "--data", older)
        assert told.returncode == 2
        assert "The database is of an older Openroads. Start openroads run once" in told.stderr
    assert waiting(older) == before


def test_the_doctor_tells_what_waits(older: Path) -> None:
    found = json.loads(openroads("doctor", "--data", older, "--json").stdout)
    states = {each["what"]: (each["state"], each["told"]) for each in found}
    assert states["database"] == ("look", "1 migrations wait")
    assert states["archive"] == ("look", "1 upgrade steps wait")


def test_nobody_upgrades_under_a_running_house(older: Path, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text("id,date,text\n1,2026-06-01,The battery is flat\n")
    lock = DirectoryLock(older / "archive")
    try:
        told = openroads("import", tmp_path / "posts.csv", "--data", older)
    finally:
        lock.release()
    assert told.returncode == 2
    assert "its database waits for an upgrade" in told.stderr and "Traceback" not in told.stderr
    assert len(waiting(older)["migrations"]) == 1


NEWER = {
    "en": "was written by a newer Openroads",
    "nl": "is geschreven door een nieuwere Openroads",
}
COMMANDS = [("run",), ("import", "{}/posts.csv"), ("user", "list"), ("worker",)]


@pytest.fixture
def newer_database(older: Path) -> Path:
    with closing(sqlite3.connect(older / "db.sqlite3")) as there:
        there.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('webcare', '0007_later', '2027-01-01')")  # fmt: skip
        there.commit()
    return older


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_database_of_a_newer_version_is_refused_by_every_command(
    newer_database: Path, tmp_path: Path, language: str
) -> None:
    (tmp_path / "posts.csv").write_text("id,date,text\n1,2026-06-01,The battery is flat\n")
    before = waiting(newer_database)
    for words in COMMANDS:
        told = openroads(
            *(word.format(tmp_path) for word in words), "--data", newer_database,
            env={"OPENROADS_LANGUAGE": language},
        )  # fmt: skip
        assert told.returncode == 2, (words, told.stderr)
        assert NEWER[language] in told.stderr and "webcare 0007_later" in told.stderr, told.stderr
        assert "Traceback" not in told.stderr and len(told.stderr.strip().splitlines()) <= 3
    assert waiting(newer_database) == before, "nothing was upgraded on the way"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_an_archive_of_a_newer_version_is_refused_before_the_database_is_upgraded(
    older: Path, language: str
) -> None:
    with Archive.open(older / "archive") as archive:
        archive.command("INSERT INTO step (number, name) VALUES (9999, 'later')")
    told = openroads("run", "--data", older, env={"OPENROADS_LANGUAGE": language})
    assert told.returncode == 2
    assert NEWER[language] in told.stderr and "9999" in told.stderr, told.stderr
    assert "Traceback" not in told.stderr
    found = json.loads(openroads("doctor", "--data", older, "--json").stdout)
    states = {each["what"]: each["state"] for each in found}
    assert (states["archive"], states["database"]) == ("wrong", "look"), "the database still waits"


def test_an_upgrade_makes_its_own_backup_and_keeps_the_newest_three(
    older: Path, tmp_path: Path
) -> None:
    before = waiting(older)
    (older / "backups").mkdir()
    for year in ("2021", "2022", "2023"):
        (older / f"backups/openroads-upgrade-{year}0101-000000.tar.zst").write_bytes(b"old")
    (tmp_path / "posts.csv").write_text("id,date,text\n1,2026-06-01,The battery is flat\n")
    told = openroads("import", tmp_path / "posts.csv", "--data", older)
    assert told.returncode == 0, told.stderr
    said = re.search(r"The backup made first: (\S+)", told.stderr)
    assert said is not None, told.stderr
    made = Path(said[1])
    kept = sorted(path.name for path in (older / "backups").iterdir())
    assert [name[18:26] for name in kept[:2]] == ["20220101", "20230101"] and kept[2:] == [
        made.name
    ]
    with closing(sqlite3.connect(older / "db.sqlite3")) as there:
        rows = there.execute("SELECT why, state, path FROM safekeeping_backup").fetchall()
    assert rows == [("upgrade", "done", str(made))]

    (tmp_path / "back").mkdir()
    shutil.copy2(older / "keys.json", tmp_path / "back")
    told = openroads("restore", made, "--data", tmp_path / "back")
    assert told.returncode == 0, told.stderr
    assert waiting(tmp_path / "back") == {"migrations": [], "steps": []}, (
        "it was brought up to date"
    )
    assert before["migrations"], "and was of before"


def in_the_way_of(room: str, name: str) -> str:
    """A table that this migration makes, or makes anew with a field more."""
    from django.db.migrations import AddField, CreateModel
    from django.db.migrations.loader import MigrationLoader

    operations = MigrationLoader(None).disk_migrations[room, name].operations
    made = [each.name_lower for each in operations if isinstance(each, CreateModel)]
    changed = [each.model_name_lower for each in operations if isinstance(each, AddField)]
    return f"{room}_{made[0]}" if made else f"new__{room}_{changed[0]}"


def test_when_an_upgrade_goes_wrong_it_says_which_file_to_restore(older: Path) -> None:
    with closing(sqlite3.connect(older / "db.sqlite3")) as there:
        ((room, name),) = [tuple(each) for each in waiting(older)["migrations"]]
        there.execute(f"CREATE TABLE {in_the_way_of(room, name)} (x)")
        there.commit()
    told = openroads("import", older / "keys.json", "--data", older)
    assert told.returncode != 0 and name
    assert "The upgrade went wrong. The house as it was stands in" in told.stderr
    assert re.search(r"openroads restore \S+upgrade-\S+\.tar\.zst --data", told.stderr)
