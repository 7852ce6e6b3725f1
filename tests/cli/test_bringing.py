"""`openroads import` with what a person says of the file, and what it says back, in the language asked."""

import sqlite3
import time
from pathlib import Path

import pytest

from tests import warm
from tests.cli.houses import Served, environment, openroads
from tests.cli.test_on_postgresql import database  # noqa: F401 (a fixture)
from tests.served_archive import folder_for_a_server, new_database, openroads_server

POSTS = "id;tekst;datum\n1;Het café is dicht;13-02-2024\n2;Het zadel kraakt;14-02-2024\n"
OTHER = "id;tekst;datum\n1;De taart was droog;13-05-2024\n2;Lekkere koffie, zeg;14-05-2024\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "posts.csv").write_text(POSTS, encoding="mac_roman")
    (tmp_path / "bakery.csv").write_text(OTHER)
    (tmp_path / "survey.csv").write_text("nr,vraag 7\n1,ja\n2,nee\n")
    (tmp_path / "odd.csv").write_text("id§tekst§wanneer\n1§De accu is leeg§2024-02-13 10:00\n")
    return tmp_path


def brought(folder: Path, *words: object) -> str:
    """All that an import said; it must have gone well."""
    told = openroads("import", *words, "--data", folder / "house")
    assert told.returncode == 0, told.stderr
    return " ".join((told.stdout + told.stderr).split())


def refused(folder: Path, *words: object) -> str:
    """The one sentence with which an import was refused."""
    told = openroads("import", *words, "--data", folder / "house")
    assert told.returncode == 2, told
    assert "Traceback" not in told.stderr and "Usage" not in told.stderr
    return " ".join(told.stderr.split())


def reading(folder: Path, what: str) -> str:
    """Something of how the last file was read, as the database holds it."""
    with sqlite3.connect(folder / "house" / "db.sqlite3") as here:
        (told,) = here.execute(
            f"SELECT json_extract(reading, '{what}') FROM listening_import ORDER BY id DESC"
        ).fetchone()
    here.close()
    return str(told)


def test_what_is_said_goes_before_what_is_found_and_is_remembered(folder: Path) -> None:
    told = brought(folder, folder / "posts.csv", "--encoding", "MacRoman", "--time-zone", "UTC")
    assert "2 new" in told
    assert reading(folder, "$.preview[0].read.text") == "Het café is dicht"
    told = brought(
        folder, folder / "odd.csv", "--delimiter", "§", "--heading", "1", "--column", "said_at=wanneer",
        "--column", "native_id=", "--time-zone", "America/New_York", "--network", "forum",
    )  # fmt: skip
    assert "1 new" in told
    assert reading(folder, "$.preview[0].read.said_at") == "2024-02-13T15:00:00+00:00"
    assert reading(folder, "$.columns.native_id") == "None"
    brought(folder, folder / "odd.csv")
    assert (reading(folder, "$.delimiter"), reading(folder, "$.timezone")) == ("§", "America/New_York")  # fmt: skip


def test_a_column_can_be_named_for_a_file_that_shows_none(folder: Path) -> None:
    assert refused(folder, folder / "survey.csv").startswith("survey.csv: Say which column")
    told = brought(folder, folder / "survey.csv", "--column", "text=vraag 7", "--date", "2026-06-01")  # fmt: skip
    assert "2 new" in told
    assert reading(folder, "$.preview[0].read.said_at").startswith("2026-06-01")


@pytest.mark.parametrize(
    ("words", "dutch"),
    [
        (("{}/posts.csv", "--delimiter", "ab"), "kan geen cellen scheiden"),
        (("{}/posts.csv", "--sheet", "Blad1"), "heeft geen tabbladen"),
        (("{}/posts.csv", "--time-zone", "Amsterdam"), "geen tijdzone die “Amsterdam” heet"),
        (("{}/posts.csv", "--column", "text=bericht"), "De kolommen zijn “id”, “tekst”, “datum”"),
        (("{}/posts.csv", "--column", "tekst"), "is geen BETEKENIS=KOLOMKOP"),
        (("{}/posts.csv", "--brand", "Gazelle"), "Er is geen merk Gazelle; bekend zijn: nog geen"),
        (("{}/none.csv",), "Er is geen bestand"),
    ],
)  # fmt: skip
def test_refusals_are_plain_sentences_in_the_language_asked(
    folder: Path, words: tuple[str, ...], dutch: str
) -> None:
    assert dutch in refused(folder, *(word.format(folder) for word in words), "--language", "nl")
    with sqlite3.connect(folder / "house" / "db.sqlite3") as here:
        assert here.execute("SELECT count(*) FROM listening_import").fetchone() == (0,)
    here.close()
    assert not list((folder / "house").glob("uploads/*")), "nothing of a refused file is kept"


def test_one_file_that_is_refused_keeps_no_other_from_being_read(folder: Path) -> None:
    told = openroads("import", folder / "survey.csv", folder / "posts.csv", folder / "none.csv", "--data", folder / "house")  # fmt: skip
    assert told.returncode == 1, "done in part"
    assert "survey.csv: Say which column holds the text." in told.stderr
    assert "There is no file" in told.stderr
    assert "posts.csv: 2 new, 0 already here, 0 changed, 0 rejected." in told.stdout


def test_the_language_of_the_house_is_spoken_when_none_is_asked(folder: Path) -> None:
    assert "Row 90 is empty" in refused(folder, folder / "posts.csv", "--heading", "90")
    told = openroads("import", folder / "posts.csv", "--heading", "90", "--data", folder / "house", env={"OPENROADS_LANGUAGE": "nl"})  # fmt: skip
    assert "Rij 90 is leeg" in told.stderr


def test_a_file_that_would_replace_another_source_is_kept_apart_and_told(folder: Path) -> None:
    brought(folder, folder / "posts.csv")
    told = brought(folder, folder / "bakery.csv")
    assert "2 new" in told and "0 changed" in told
    assert "2 posts among the first rows have the numbers of posts that are here with other texts" in told  # fmt: skip
    assert "kept apart as a source of its own, “bakery.csv”" in told and "--source NAME" in told
    told = brought(folder, folder / "bakery.csv", "--language", "nl")
    assert "2 waren er al" in told and "apart" not in told, "it knows its own again"


def test_the_source_can_be_said_beforehand(folder: Path) -> None:
    brought(folder, folder / "posts.csv", "--source", "Webshop")
    told = brought(folder, folder / "bakery.csv", "--source", "webshop")
    assert "0 new, 0 already here, 2 changed" in told and "kept apart" not in told
    told = brought(folder, folder / "posts.csv", "--source", "Bakkerij")
    assert "2 new" in told and "kept apart" not in told


def test_a_running_house_tells_it_too_in_the_language_asked(folder: Path) -> None:
    served = Served("run", "--data", folder / "house", log=folder / "log")
    try:
        assert "reads these files now" in brought(folder, folder / "posts.csv")
        told = brought(folder, folder / "bakery.csv", "--language", "nl")
        assert "Er draait al een Openroads die het archief beheert" in told
        assert "2 nieuw" in told
        assert "2 berichten in de eerste rijen hebben het nummer van berichten" in told
        assert "apart gehouden als eigen bron, “bakery.csv”" in told
    finally:
        served.stop()


def test_another_house_in_the_way_is_told_in_dutch(folder: Path) -> None:
    served = Served("run", "--data", folder / "house", log=folder / "log")
    try:
        told = openroads("run", "--data", folder / "house", env={"OPENROADS_LANGUAGE": "nl"})
        assert told.returncode == 2
        assert "is in gebruik door een andere Openroads die draait" in " ".join(told.stderr.split())
    finally:
        served.stop()


def test_a_new_source_is_told_what_it_is_read_for(folder: Path) -> None:
    why = "To hear what riders say, and make the Kade better"
    brought(folder, folder / "posts.csv", "--source", "Webshop", "--purpose", f" {why} ")
    with sqlite3.connect(folder / "house/db.sqlite3") as here:
        assert here.execute("SELECT name, purpose FROM listening_source").fetchall() == [("Webshop", why)]  # fmt: skip
    here.close()
    assert "The source “Webshop” is here already" in refused(folder, folder / "posts.csv", "--source", "webshop", "--purpose", "Anders")  # fmt: skip
    assert "--purpose goes with --source NAME" in refused(folder, folder / "bakery.csv", "--purpose", why)  # fmt: skip
    assert "200 characters at most; this one has 201" in refused(folder, folder / "bakery.csv", "--source", "Bakery", "--purpose", "x" * 201)  # fmt: skip
    with sqlite3.connect(folder / "house/db.sqlite3") as here:
        assert here.execute("SELECT count(*) FROM listening_import").fetchone() == (1,)
    here.close()


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_house_without_workers_is_told_soon_and_the_work_waits(
    database: str,  # noqa: F811
    folder: Path,
) -> None:
    import psycopg

    env = {"OPENROADS_DATABASE_URL": database}
    served = Served("run", "--data", folder / "house", log=folder / "log", env={**env, "OPENROADS_WORKER_THREADS": "0"})  # fmt: skip
    try:
        began = time.monotonic()
        told = openroads("import", folder / "posts.csv", "--data", folder / "house", env=env)
        assert time.monotonic() - began < 60, "fifteen seconds, and the command's own start"
        assert told.returncode == 2 and "Traceback" not in told.stderr
        assert "Nobody reads these files" in told.stderr
        assert "Start openroads run with workers" in told.stderr
        with psycopg.connect(database) as state:
            assert state.execute("SELECT state FROM listening_import").fetchall() == [("waiting",)]
        for words in (("backup",), ("export", folder / "out"), ("erase", "x", "rider1", "--yes")):
            told = openroads(*words, "--data", folder / "house", env=env)
            assert told.returncode == 2 and "Traceback" not in told.stderr, words
            assert "waits in line. Start openroads run with workers" in told.stderr, words
    finally:
        served.stop()
    # The next house with workers reads it, or the next import by itself.
    told = openroads("import", folder / "bakery.csv", "--data", folder / "house", env=env)
    assert told.returncode == 0 and "2 new" in told.stdout, told.stderr


@pytest.mark.slow
@pytest.mark.postgresql
def test_on_postgresql_and_a_server_without_a_worker_it_reads_the_file_itself(
    database: str,  # noqa: F811
    folder: Path,
) -> None:
    with folder_for_a_server() as place, openroads_server(place) as server, new_database(server) as address:  # fmt: skip
        env = {"OPENROADS_DATABASE_URL": database, "OPENROADS_ARCHIVE_URL": address}
        told = openroads("import", folder / "posts.csv", "--data", folder / "house", env=env)
        assert told.returncode == 0 and "2 new" in told.stdout, told.stderr
        # What a worker that was killed had in hand is waited for and read here too.
        worker = warm.start("openroads", "worker", "--data", folder / "house", env=environment(**env))  # fmt: skip
        told = openroads("import", folder / "bakery.csv", "--data", folder / "house", env=env)
        worker.kill()
        worker.wait()
        assert told.returncode == 0 and "2 new" in told.stdout, told.stderr
        told = openroads("import", folder / "bakery.csv", "--data", folder / "house", env=env)
        assert told.returncode == 0 and "2 already here" in told.stdout, told.stderr
