"""The start: keys are made once, settings follow from the address, a wrong value is a sentence."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from openroads.config.env import WrongSettings
from openroads.config.keys import FILE, KeyRing, add_encryption_key, house_keys

ROOT = Path(__file__).parents[2]


def _start(code, folder, **given):
    environ = {name: value for name, value in os.environ.items() if "OPENROADS_" not in name}
    environ |= {f"OPENROADS_{name}": value for name, value in given.items()}
    environ |= {"OPENROADS_DATA": str(folder), "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, "-c", f"from openroads.config import settings as s\n{code}"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_keys_are_made_once_and_only_the_owner_reads_them(tmp_path):
    first = house_keys(tmp_path / "house")
    file = tmp_path / "house" / "keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert house_keys(tmp_path / "house") == first
    assert len(first.author_key) == 32
    assert list(file.parent.iterdir()) == [file]


def test_two_first_starts_at_once_agree_on_one_set_of_keys(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: house_keys(tmp_path), range(8)))
    assert len({keys.secret_key for keys in made}) == 1


def test_keys_that_are_handed_over_come_first_but_pseudonyms_stay(tmp_path):
    kept = house_keys(tmp_path)
    mine = Fernet.generate_key().decode()
    keys = house_keys(tmp_path, secret_key="mine", encryption_keys=(mine,))
    assert (keys.secret_key, keys.encryption_keys) == ("mine", (mine,))
    assert keys.author_key == kept.author_key


def test_a_new_key_stands_first_and_the_file_keeps_its_owner_and_the_rest(tmp_path):
    kept = house_keys(tmp_path)
    file = tmp_path / FILE
    if os.geteuid() == 0:
        os.chown(file, 1234, 1234)
    made = add_encryption_key(file)
    now = house_keys(tmp_path)
    assert now.encryption_keys == (made, *kept.encryption_keys)
    assert (now.secret_key, now.author_key) == (kept.secret_key, kept.author_key)
    found = file.stat()
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert os.geteuid() != 0 or (found.st_uid, found.st_gid) == (1234, 1234)
    assert list(tmp_path.iterdir()) == [file]


def test_keys_added_by_many_at_once_are_all_kept(tmp_path):
    (first,) = house_keys(tmp_path).encryption_keys
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _: add_encryption_key(tmp_path / FILE), range(8)))
    kept = house_keys(tmp_path).encryption_keys
    assert (set(kept[:-1]), kept[-1]) == (made, first)


def test_keys_of_the_environment_are_not_changed_by_the_file(tmp_path):
    house_keys(tmp_path)
    ring = KeyRing(tmp_path / FILE, ("mine",), handed_over=True)
    add_encryption_key(tmp_path / FILE)
    assert ring() == ("mine",)


def test_a_key_file_that_goes_missing_leaves_a_running_house_its_keys(tmp_path):
    keys = house_keys(tmp_path).encryption_keys
    ring = KeyRing(tmp_path / FILE, keys, handed_over=False)
    (tmp_path / FILE).unlink()
    assert ring() == keys


def test_a_damaged_key_file_is_never_replaced(tmp_path):
    (tmp_path / "keys.json").write_text("{")
    with pytest.raises(WrongSettings, match="Put it back from a backup"):
        house_keys(tmp_path)
    assert (tmp_path / "keys.json").read_text() == "{"


def test_a_key_that_is_no_key_is_told_with_the_mend(tmp_path):
    with pytest.raises(WrongSettings, match="key 1 is no Fernet key.*generate_key"):
        house_keys(tmp_path, encryption_keys=("no key",))


def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path):
    stopped = _start("", tmp_path, PORT="eight")
    assert stopped.returncode == 1
    assert stopped.stderr == (
        "Openroads cannot start:\nOPENROADS_PORT is 'eight'. Write a whole number.\n"
    )


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    stopped = _start("", tmp_path / "file" / "house")
    assert stopped.returncode == 1
    assert "Name a folder that this user may write in." in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_a_mistyped_name_is_warned_of_and_the_start_goes_on(tmp_path):
    started = _start("", tmp_path, PROT="8000")
    assert started.returncode == 0
    assert "OPENROADS_PROT is not a setting of Openroads. Did you mean OPENROADS_PORT?" in (
        started.stderr
    )


@pytest.mark.parametrize(
    ("url", "secure", "name"),
    [
        ("https://roads.example", True, "__Host-openroads"),
        ("http://roads.example:8000", False, "openroads"),
    ],
)
def test_cookies_and_hsts_follow_from_the_address(tmp_path, url, secure, name):
    code = (
        "import json; print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_HSTS_SECONDS > 0, s.SESSION_COOKIE_NAME, s.ALLOWED_HOSTS]))"
    )
    shown = json.loads(_start(code, tmp_path, URL=url).stdout)
    assert shown == [secure, secure, secure, name, ["roads.example"]]


def test_several_processes_count_sign_in_attempts_together(tmp_path):
    code = "c = s.CACHES['default']; print(c['BACKEND'].rpartition('.')[2], c['OPTIONS'])"
    many = "{'MAX_ENTRIES': 50000}"  # or 300 failures under other names would make it forget
    assert _start(code, tmp_path).stdout.strip() == f"LocMemCache {many}"
    shared = _start(code, tmp_path, DATABASE_URL="postgresql://root@127.0.0.1/test")
    assert shared.stdout.strip() == f"DatabaseCache {many}"


def test_single_sign_on_appears_when_it_is_set(tmp_path):
    code = "print(len(s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS']))"
    given = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    assert _start(code, tmp_path).stdout.strip() == "0"
    assert _start(code, tmp_path, **given).stdout.strip() == "1"
