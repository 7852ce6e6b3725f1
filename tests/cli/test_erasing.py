"""`openroads erase`: alone in a house, and beside a server that owns the archive."""

import json
import sqlite3
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.archive.saying import in_a_hurry
from tests.cli.houses import Served, openroads

POSTS = "id,created_at,network,author,text\n" + "".join(
    f"{n},2026-09-0{n}T10:00:00Z,x,{'marloesxyz' if n > 3 else f'rider{n}'},bericht {n} over een kanariegele fiets\n"
    for n in range(1, 7)
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house that has heard six posts, three of them hers."""
    (tmp_path / "posts.csv").write_text(POSTS)
    done = openroads("import", tmp_path / "posts.csv", "--data", tmp_path / "house")
    assert done.returncode == 0, done.stderr
    in_a_hurry(tmp_path / "house/archive")
    return tmp_path / "house"


def test_what_is_held_is_told_and_written_and_nothing_erased(house: Path, tmp_path: Path) -> None:
    out = tmp_path / "held.jsonl"
    done = openroads("erase", "x", "@MarloesXYZ", "--dry-run", "--export", out, "--data", house)
    assert done.returncode == 0, done.stderr
    assert "3 posts of marloesxyz on x are held" in done.stderr
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert lines[0]["posts"] == 3 and len(lines) == 4
    again = openroads("erase", "x", "marloesxyz", "--dry-run", "--data", house)
    assert "3 posts" in again.stderr


def test_an_unknown_network_is_a_sentence(house: Path) -> None:
    done = openroads("erase", "hyves", "marloes", "--data", house)
    assert done.returncode == 2 and "no network" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_an_author_is_erased_from_the_command_line(house: Path, tmp_path: Path) -> None:
    done = openroads("erase", "x", "marloesxyz", "--yes", "--data", house, timeout=500)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "3 posts are erased" in done.stdout
    left = [
        path for path in house.rglob("*") if path.is_file() and b"marloesxyz" in path.read_bytes()
    ]
    assert left == []
    again = openroads("import", tmp_path / "posts.csv", "--data", house)
    assert "0 new" in again.stdout, again.stdout


@pytest.mark.slow
def test_names_are_masked_in_what_others_wrote_after_saying_in_how_many(house: Path, tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "others.csv").write_text(
        "id,created_at,network,author,text\n"
        "11,2026-09-11T10:00:00Z,x,rider8,@marloesxyz wat een mooie fiets\n"
        "12,2026-09-12T10:00:00Z,x,rider9,Marloes de Groot en marloesxyz zijn dezelfde\n"
    )
    assert openroads("import", tmp_path / "others.csv", "--data", house).returncode == 0
    words = ("erase", "x", "marloesxyz", "--name", "Marloes de Groot", "--data", house)
    done = openroads(*words)
    assert done.returncode == 2 and "--mask-mentions" in done.stderr
    done = openroads(*words, "--mask-mentions", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "“marloesxyz” stands in 2 posts of others" in done.stderr
    assert "“Marloes de Groot” stands in 1 post of others" in done.stderr
    done = openroads(*words, "--mask-mentions", "--yes", timeout=500)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "3 posts are erased" in done.stdout and "In 2 posts of others" in done.stdout
    for name in (b"marloesxyz", b"Marloes de Groot"):
        assert not [path for path in house.rglob("*") if path.is_file() and name in path.read_bytes()]  # fmt: skip
    again = openroads("import", tmp_path / "others.csv", "--data", house)
    assert "0 new, 0 already here, 2 changed" in again.stdout, again.stdout
    again = openroads("import", tmp_path / "others.csv", "--data", house)
    assert "0 new, 2 already here, 0 changed" in again.stdout, again.stdout
    for name in (b"marloesxyz", b"Marloes de Groot"):
        assert not [path for path in (house / "uploads").iterdir() if name in path.read_bytes()]


@pytest.mark.slow
def test_a_running_server_does_the_work(house: Path, tmp_path: Path) -> None:
    served = Served("run", "--data", house, log=tmp_path / "log")
    try:
        asked = openroads("erase", "x", "marloesxyz", "--dry-run", "--data", house)
        assert asked.returncode == 2 and "in the browser" in asked.stderr
        done = openroads("erase", "x", "marloesxyz", "--yes", "--data", house, timeout=900)
        assert done.returncode == 0, done.stderr + done.stdout
        assert "3 posts are erased" in done.stdout
        # Another command comes and goes: it must find the server's locks on the database.
        again = openroads("import", tmp_path / "posts.csv", "--data", house)
        assert again.returncode == 0 and "0 new" in again.stdout, again.stderr + again.stdout
        beside = [(house / f"db.sqlite3-{name}").exists() for name in ("wal", "shm")]
        assert beside == [True, True], "the server still writes to these"
        with urllib.request.urlopen(f"{served.address}/readyz", timeout=10) as answer:
            assert answer.status == 200
    finally:
        served.stop()
    with closing(sqlite3.connect(house / "db.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert "marloesxyz" not in (tmp_path / "log").read_text()
