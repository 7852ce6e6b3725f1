"""`openroads keys` and the doctor's look at them: told what was done, and when old keys can go."""

import copy
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.conf import settings
from typer.testing import CliRunner

from openroads.cli import app
from openroads.cli.checking import _look_at_secrets
from openroads.config.keys import FILE, KeyRing, house_keys
from openroads.directory.encryption import key_id
from tests import warm
from tests.cli import houses
from tests.cli.houses import environment

HANDS, PEOPLE = Path(__file__).with_name("hands.py"), 6_000

in_this_process = pytest.mark.django_db


def openroads(*words: str, typed: str = "") -> str:
    told = CliRunner().invoke(app, list(words), input=typed or None)
    assert told.exit_code == 0, (told.output, told.exception)
    return told.output


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ida: Any) -> Path:
    """A house with keys of its own, in which Ida has a second step."""
    keys = house_keys(tmp_path).encryption_keys
    given = copy.copy(settings.OPENROADS)
    given.data, given.key_ring = tmp_path, KeyRing(tmp_path / FILE, keys, handed_over=False)
    monkeypatch.setattr(settings, "OPENROADS", given)
    TOTP.activate(ida, generate_totp_secret())
    return tmp_path


def keys_of(house: Path) -> list[str]:
    return [key_id(key) for key in house_keys(house).encryption_keys]


def found() -> tuple[str, str, str]:
    (finding,) = _look_at_secrets()
    return finding.state, finding.told, finding.mend


@in_this_process
def test_a_key_is_made_used_and_the_old_one_taken_away(house: Path) -> None:
    (old,) = keys_of(house)
    assert found() == ("well", "1 secret under the newest key", "")
    told = openroads("keys", "rotate")
    new, kept = keys_of(house)
    assert kept == old
    assert f"Made key {new}" in told
    assert "1 secret moved to it, 0 stood under it already." in told
    assert f"Old keys still read what backups hold: {old}." in told
    for key in house_keys(house).encryption_keys:
        assert key not in told, "only ids are shown"

    listed = openroads("keys", "list").splitlines()
    assert listed == [f"{new}  1 secret, the newest: what is encrypted from now on", f"{old}  0 secrets"]  # fmt: skip
    state, about, mend = found()
    assert (state, old in about, "openroads keys prune" in mend) == ("look", True, True)

    no = CliRunner().invoke(app, ["keys", "prune"], input="n\n")
    assert no.exit_code == 1 and keys_of(house) == [new, old]
    assert f"Taken away: {old}." in openroads("keys", "prune", "--yes")
    assert keys_of(house) == [new]
    assert found()[0] == "well"
    assert openroads("keys", "prune", "--yes") == "No old key can go.\n"


@in_this_process
def test_a_key_that_is_in_use_is_not_taken_away(house: Path, noor: Any) -> None:
    (old,) = keys_of(house)
    openroads("keys", "rotate")
    moved = Authenticator.objects.get()
    openroads("keys", "rotate")
    TOTP.activate(noor, generate_totp_secret())
    # As if a backup from between the two was put back.
    Authenticator.objects.filter(pk=moved.pk).update(data=moved.data)
    newest, between, first = keys_of(house)
    assert first == old
    state, about, _mend = found()
    assert (state, "1 of 2 secrets under an old key" in about) == ("look", True)
    told = openroads("keys", "prune", "--yes")
    assert f"Still in use: {between}." in told and f"Taken away: {old}." in told
    assert keys_of(house) == [newest, between]


@in_this_process
def test_a_secret_whose_key_is_gone_is_told_by_list_and_doctor(house: Path) -> None:
    (old,) = keys_of(house)
    (house / FILE).unlink()
    settings.OPENROADS.key_ring = KeyRing(house / FILE, house_keys(house).encryption_keys, handed_over=False)  # fmt: skip
    assert f"{old}  1 secret, which nobody can read" in openroads("keys", "list")
    state, about, mend = found()
    assert (state, old in about, "Put keys.json back" in mend) == ("wrong", True, True)
    failed = CliRunner().invoke(app, ["keys", "rotate"])
    assert failed.exit_code == 1 and old in str(failed.exception)


@in_this_process
def test_keys_of_the_environment_are_the_owners_to_make(house: Path) -> None:
    mine = house_keys(house / "elsewhere").encryption_keys[0]
    old = house_keys(house).encryption_keys[0]
    settings.OPENROADS.key_ring = KeyRing(house / FILE, (mine, old), handed_over=True)
    told = openroads("keys", "rotate")
    assert f"The newest key of OPENROADS_ENCRYPTION_KEYS is {key_id(mine)}." in told
    assert "1 secret moved to it" in told
    assert f"Take these out of OPENROADS_ENCRYPTION_KEYS: {key_id(old)}." in openroads("keys", "prune")  # fmt: skip
    assert house_keys(house).encryption_keys == (old,), "the file is left alone"


@pytest.mark.slow
def test_killed_while_secrets_move_each_can_be_read_and_the_next_run_moves_the_rest(
    new_data: Path,
) -> None:
    env = environment(OPENROADS_DATA=str(new_data))
    assert warm.run(str(HANDS), "second-steps", PEOPLE, env=env).returncode == 0
    with closing(sqlite3.connect(new_data / "db.sqlite3")) as there:
        count = (
            "SELECT count(*) FROM mfa_authenticator WHERE json_extract(data, '$.secret') NOT LIKE ?"
        )
        (old,) = keys_of(new_data)
        rotating = warm.start("openroads", "keys", "rotate", "--data", new_data, env=environment())
        while not (moved := there.execute(count, [f"{old}%"]).fetchone()[0]):
            assert rotating.poll() is None
        rotating.kill()
        rotating.wait()
    assert 0 < moved < PEOPLE and moved % 200 == 0, "whole portions"
    new, kept = keys_of(new_data)
    assert kept == old
    listed = houses.openroads("keys", "list", "--data", new_data).stdout
    assert "nobody can read" not in listed and f"{old}  {PEOPLE}" not in listed
    told = houses.openroads("keys", "rotate", "--data", new_data)
    assert told.returncode == 0, told.stderr
    assert f"they move to {new}, the newest, first" in told.stdout
    assert keys_of(new_data) == [new, old], "it goes on with the key it had made"
    with closing(sqlite3.connect(new_data / "db.sqlite3")) as there:
        rows = there.execute("SELECT user_id, json_extract(data, '$.secret') FROM mfa_authenticator").fetchall()  # fmt: skip
        entries = there.execute("SELECT count(*) FROM directory_trailentry WHERE verb = 'moved secrets to the newest key'").fetchone()  # fmt: skip
    box = Fernet(house_keys(new_data).encryption_keys[0])
    assert [box.decrypt(said.partition("$")[2]).decode() for _, said in rows] == [f"secret {person}" for person, _ in rows]  # fmt: skip
    assert len(rows) == PEOPLE and entries == (PEOPLE // 200,)
