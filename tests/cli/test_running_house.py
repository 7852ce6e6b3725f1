"""A house that runs: one owner of the archive, work handed over, the doctor's round, a clean stop."""

import json
import shutil
import signal
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.houses import Served, openroads

POSTS = "id,date,author,text\n1,2026-06-01,anna,The battery is flat\n2,2026-06-02,bob,The saddle creaks\n3,never,cleo,No day\n"


@pytest.fixture(scope="module")
def house(state_of_a_new_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running house for the tests of this file; `house.data` is its folder."""
    folder = tmp_path_factory.mktemp("running")
    (folder / "house").mkdir()
    shutil.copy2(state_of_a_new_house, folder / "house/db.sqlite3")
    served = Served("run", "--data", folder / "house", log=folder / "log")
    served.data = folder / "house"  # type: ignore[attr-defined]
    (folder / "posts.csv").write_text(POSTS)
    yield served
    served.stop()


def port_of(house: Served) -> str:
    return str(house.port)


def round_of(data: Path, **env: str) -> tuple[int, dict[str, dict[str, str]], str]:
    """The doctor's exit code, findings by name, and what went to the error stream."""
    told = openroads("doctor", "--data", data, "--json", env=env)
    found = json.loads(told.stdout) if told.stdout.startswith("[") else []
    return told.returncode, {finding["what"]: finding for finding in found}, told.stderr


def test_it_answers(house: Served) -> None:
    with urllib.request.urlopen(f"{house.address}/livez", timeout=10) as answer:
        assert answer.read() == b"ok\n"
    assert "Traceback" not in house.told()


def test_a_second_run_on_the_same_house_gets_a_plain_sentence(house: Served) -> None:
    told = openroads("run", "--data", house.data, "--port", 8999)  # type: ignore[attr-defined]
    assert told.returncode == 2
    assert "in use by another running Openroads" in told.stderr
    assert "Traceback" not in told.stderr and len(told.stderr.strip().splitlines()) <= 3
    with urllib.request.urlopen(f"{house.address}/livez", timeout=10) as answer:
        assert answer.status == 200, "the first is not disturbed"


def test_another_house_on_the_same_port_gets_a_plain_sentence(
    house: Served, tmp_path: Path
) -> None:
    told = openroads("run", "--data", tmp_path / "other", "--port", port_of(house))
    assert told.returncode == 2
    assert "Something else listens" in told.stderr and "--port" in told.stderr


def test_an_import_is_handed_to_the_running_house_and_finishes(house: Served) -> None:
    data: Path = house.data  # type: ignore[attr-defined]
    first = openroads("import", data.parent / "posts.csv", "--data", data)
    assert first.returncode == 0, first.stderr
    assert "reads these files now" in first.stderr
    assert "posts.csv: 2 new, 0 already here, 0 changed, 1 rejected." in first.stdout
    assert "rejected" in first.stdout.splitlines()[1]


def test_the_same_file_handed_over_again_adds_nothing(house: Served) -> None:
    data: Path = house.data  # type: ignore[attr-defined]
    twice = data.parent / "twice.csv"
    twice.write_text(
        "id,date,text\n11,2026-06-01,The bell is silent\n12,2026-06-02,A light fell off\n"
    )
    for told in ("2 new, 0 already here", "0 new, 2 already here"):
        handed = openroads("import", twice, "--data", data)
        assert handed.returncode == 0, handed.stderr
        assert told in handed.stdout


def test_the_doctor_finds_a_running_house_well(house: Served) -> None:
    code, found, _stderr = round_of(house.data, OPENROADS_PORT=port_of(house))  # type: ignore[attr-defined]
    assert code == 0
    states = {name: finding["state"] for name, finding in found.items()}
    assert set(states.values()) == {"well"}, found
    assert set(states) >= {
        "python",
        "data directory",
        "database",
        "archive",
        "server",
        "jobs",
        "trail",
    }
    assert found["archive"]["told"] == "open in a running Openroads"


def test_the_doctor_speaks_to_people_too(house: Served) -> None:
    told = openroads("doctor", "--data", house.data, env={"OPENROADS_PORT": port_of(house)})  # type: ignore[attr-defined]
    assert told.returncode == 0
    assert all(
        line.startswith(("well", "look", "wrong", "  ")) for line in told.stdout.splitlines()
    )


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_stops_cleanly_and_can_start_again(
    new_data: Path, tmp_path: Path, sign: int
) -> None:
    served = Served("run", "--data", new_data, log=tmp_path / "log")
    began = time.monotonic()
    assert served.stop(sign) == 0
    assert time.monotonic() - began < 15
    told = served.told()
    assert "Traceback" not in told
    if sign == signal.SIGTERM:  # the doctor need not come twice
        code, found, _stderr = round_of(new_data)
        assert found["archive"]["told"] == "opens; 0 posts", "the archive is free again"
        assert code == 0 and found["server"]["state"] == "look"


@pytest.fixture(scope="module")
def sleeping(house: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house's folder as it was when nobody ran it: database and keys, without the archive."""
    folder = tmp_path_factory.mktemp("sleeping") / "house"
    data: Path = house.data  # type: ignore[attr-defined]
    folder.mkdir()
    shutil.copy2(data / "keys.json", folder / "keys.json")
    with (
        sqlite3.connect(data / "db.sqlite3") as there,
        sqlite3.connect(folder / "db.sqlite3") as here,
    ):
        there.backup(here)
    there.close(), here.close()
    return folder


def changed(sleeping: Path, tmp_path: Path, question: str) -> Path:
    """A copy of the sleeping house with its database changed by other hands."""
    folder = tmp_path / "house"
    shutil.copytree(sleeping, folder)
    with sqlite3.connect(folder / "db.sqlite3") as here:
        here.execute(question)
    here.close()
    return folder


def test_the_doctor_tells_that_migrations_wait(sleeping: Path, tmp_path: Path) -> None:
    folder = changed(sleeping, tmp_path, "DELETE FROM django_migrations WHERE app = 'listening'")
    _code, found, _stderr = round_of(folder)
    assert found["database"]["state"] == "look"
    assert (
        "migrations wait" in found["database"]["told"]
        and "openroads run" in found["database"]["mend"]
    )


def test_the_doctor_tells_of_a_database_of_a_newer_version(sleeping: Path, tmp_path: Path) -> None:
    later = "INSERT INTO django_migrations (app, name, applied) VALUES ('listening', '0999_later', '2027-01-01')"
    code, found, _stderr = round_of(changed(sleeping, tmp_path, later))
    assert (code, found["database"]["state"]) == (1, "wrong")
    assert "newer Openroads" in found["database"]["told"]


def test_the_doctor_tells_of_keys_that_others_can_read(sleeping: Path, tmp_path: Path) -> None:
    folder = changed(sleeping, tmp_path, "SELECT 1")
    (folder / "keys.json").chmod(0o644)
    code, found, _stderr = round_of(folder)
    assert (code, found["keys"]["state"]) == (1, "wrong")
    assert found["keys"]["mend"].startswith("chmod 600 ")


def test_keys_that_cannot_be_read_stop_everything_with_a_sentence(
    sleeping: Path, tmp_path: Path
) -> None:
    folder = changed(sleeping, tmp_path, "SELECT 1")
    (folder / "keys.json").write_text("{ not json")
    for command in (("doctor", "--json"), ("run",)):
        told = openroads(*command, "--data", folder)
        assert told.returncode != 0
        assert "keys.json is damaged" in told.stderr and "Traceback" not in told.stderr
    assert (folder / "keys.json").read_text() == "{ not json", "nothing is written over it"


def test_the_doctor_visits_a_house_that_has_not_begun(tmp_path: Path) -> None:
    code, found, _stderr = round_of(tmp_path / "new")
    assert "Traceback" not in json.dumps(found)
    assert code == 0, found
    assert {finding["state"] for finding in found.values()} <= {"well", "look"}
