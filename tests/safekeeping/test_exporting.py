"""Everything in open formats and back: the same rows, the same posts, no secret, nothing half."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from openroads.archive import whole
from openroads.archive.client import Archive
from openroads.directory.encryption import EncryptedTextField
from openroads.safekeeping import box, tables
from tests.cli.houses import openroads

DUTCH = "Mijn Kade rijdt prima; zo\u2019n accu wil iedereen \U0001f44d"


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "state" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def exported(
    state_of_a_new_house: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A house with a person, posts and an erased author, exported to a directory."""
    folder = tmp_path_factory.mktemp("leaving")
    (folder / "house").mkdir()
    shutil.copy2(state_of_a_new_house, folder / "house/db.sqlite3")
    lines = [
        f"{n},2026-0{1 + n % 6}-1{n % 9}T10:00:00Z,x,rider{n % 7},{DUTCH} {n}" for n in range(90)
    ]
    (folder / "posts.csv").write_text(
        "\n".join(["id,created_at,network,author,text", *lines]) + "\n"
    )
    for words in (
        ("user", "add", "ada@windmee.example", "--name", "Ada", "--role", "administrator"),
        ("import", folder / "posts.csv"),
        ("export", folder / "out"),
    ):
        told = openroads(*words, "--data", folder / "house")
        assert told.returncode == 0, told.stderr
    yield folder


def test_what_is_read_back_is_the_same_and_the_trail_holds(exported: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    shutil.copy2(exported / "house/keys.json", new)
    told = openroads("take-over", exported / "out", "--data", new)
    assert told.returncode == 0, told.stderr
    assert "Took over 90 posts" in told.stdout
    told = openroads("export", tmp_path / "again.tar.zst", "--data", new)
    assert told.returncode == 0, told.stderr
    again = tmp_path / "again"
    for name, size, content in box.members(tmp_path / "again.tar.zst"):
        (again / name).parent.mkdir(parents=True, exist_ok=True)
        (again / name).write_bytes(content.read(size))
    was, now = (
        json.loads((place / "manifest.json").read_text()) for place in (exported / "out", again)
    )
    assert was["archive"] == now["archive"] and was["archive"]["post"][0] == 90
    assert was["files"].keys() == now["files"].keys()
    changed = {name for name in was["files"] if was["files"][name] != now["files"][name]}
    assert {name for name in changed if name.startswith("state/")} == {
        "state/directory.trailentry.jsonl", "state/directory.trailhead.jsonl", "state/listening.import.jsonl",
    }  # fmt: skip
    entries = rows_of(again, "directory.trailentry")
    before = rows_of(exported / "out", "directory.trailentry")
    assert (
        entries[: len(before)] == before
        and entries[len(before)]["fields"]["verb"] == "took a house over"
    )
    found = json.loads(openroads("doctor", "--data", new, "--json").stdout)
    assert {each["what"]: each["state"] for each in found}["trail"] == "well"
    with Archive.open(new / "archive", readers=1) as archive:
        texts = archive.table(
            "SELECT text FROM post FINAL WHERE hasAllTokens(searchable, 'accu')", {}
        )
        assert texts.num_rows == 90 and whole.counts(archive)["post"].rows == 90


def test_no_secret_goes_along(exported: Path) -> None:
    keys = json.loads((exported / "house/keys.json").read_text())
    secrets = [keys["secret_key"], keys["author_key"], *keys["encryption_keys"]]
    everything = b"".join(
        path.read_bytes() for path in (exported / "out").rglob("*") if path.is_file()
    )
    for secret in secrets:
        assert secret.encode() not in everything
    assert {row["fields"]["password"] for row in rows_of(exported / "out", "directory.person")} == {
        ""
    }


def test_every_table_goes_along_or_stays_for_a_reason() -> None:
    """A new table with secrets in it stands in neither list, and this test asks about it."""
    every = {model._meta.label_lower for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy}  # fmt: skip
    assert set(tables.STAYS) <= every, "a table that is no more"
    for model in tables.tables():
        for field in model._meta.concrete_fields:
            name = f"{model._meta.label_lower}.{field.name}"
            looks_secret = any(word in field.name for word in ("password", "token", "secret"))
            blank = isinstance(field, EncryptedTextField) or field.name in tables.BLANK.get(model._meta.label_lower, ())  # fmt: skip
            assert blank or not looks_secret, f"{name}: leave it out, or say why it may go along"
            assert isinstance(field, models.Field)


def refused(*words: object, why: str) -> None:
    told = openroads(*words)
    assert told.returncode == 2 and "Traceback" not in told.stderr, told.stderr
    assert why in " ".join(told.stderr.split()), told.stderr


def test_other_keys_are_refused_unless_meant_and_authors_stay_one(
    exported: Path, tmp_path: Path
) -> None:
    refused("take-over", exported / "out", "--data", tmp_path / "new", why="or say --new-keys")
    assert not (tmp_path / "new").exists()
    told = openroads("take-over", exported / "out", "--data", tmp_path / "new", "--new-keys")
    assert told.returncode == 0, told.stderr
    keys = json.loads((tmp_path / "new/keys.json").read_text())
    from openroads.archive.batch import author_key

    with Archive.open(tmp_path / "new/archive", readers=1) as archive:
        found = archive.table("SELECT DISTINCT author, author_key FROM post FINAL", {}).to_pylist()
    secret = bytes.fromhex(keys["author_key"])
    assert {row["author_key"] for row in found} == {
        author_key("x", row["author"], secret) for row in found
    }
    assert len(found) == 7


@pytest.mark.parametrize("name", ["state/directory.person.jsonl", "archive/term.parquet"])
def test_a_file_that_was_changed_is_refused_and_nothing_is_left(
    exported: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(exported / "out", tmp_path / "out")
    with (tmp_path / "out" / name).open("ab") as file:
        file.write(b"\n")
    refused("take-over", tmp_path / "out", "--data", tmp_path / "new", "--new-keys", why=f"{name} is not what was exported")  # fmt: skip
    assert not (tmp_path / "new").exists()


def test_what_is_no_export_is_refused(exported: Path, tmp_path: Path) -> None:
    refused("take-over", tmp_path / "none", "--data", tmp_path / "new", why="There is nothing at")
    (tmp_path / "empty").mkdir()
    refused(
        "take-over", tmp_path / "empty", "--data", tmp_path / "new", why="is no export of Openroads"
    )
    refused("export", exported / "out", "--data", exported / "house", why="is there already")
