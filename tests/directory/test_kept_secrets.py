"""A new key: every secret moves to it at once or not at all, and nothing is lost on the way."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.test.utils import isolate_apps

from openroads.config.keys import (
    FILE,
    KeyRing,
    add_encryption_key,
    drop_encryption_keys,
    house_keys,
)
from openroads.directory import encryption
from openroads.directory.encryption import EncryptedTextField, WrongKey, key_id
from openroads.directory.kept_secrets import Moved, move_to_newest_key, secrets_by_key
from openroads.directory.models import TrailEntry
from openroads.directory.people import system_person


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyRing:
    """The keys of a house of this test; `tmp_path / FILE` is their file."""
    keys = house_keys(tmp_path).encryption_keys
    given = copy.copy(settings.OPENROADS)
    given.key_ring = KeyRing(tmp_path / FILE, keys, handed_over=False)
    monkeypatch.setattr(settings, "OPENROADS", given)
    made: KeyRing = given.key_ring
    return made


@pytest.fixture
def second_steps(ring: KeyRing, ida: Any) -> tuple[str, list[str]]:
    """Ida's second steps: the secret of her codes, and her recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(ida, secret)
    return secret, RecoveryCodes.activate(ida).generate_codes()


def second_steps_of(person: Any) -> tuple[str, list[str]]:
    held = {each.type: each for each in Authenticator.objects.filter(user=person)}
    secret = encryption.decrypt(held["totp"].data["secret"])
    return secret, RecoveryCodes(held["recovery_codes"]).generate_codes()


def test_secrets_move_to_a_new_key_and_say_the_same(
    tmp_path: Path, ring: KeyRing, ida: Any, second_steps: Any
) -> None:
    (old,) = ring()
    assert secrets_by_key() == {key_id(old): 2}
    new = add_encryption_key(tmp_path / FILE)
    assert ring() == (new, old), "a process that runs sees the new key"

    assert move_to_newest_key(by=system_person()) == Moved(2, 0)
    assert secrets_by_key() == {key_id(new): 2}
    assert second_steps_of(ida) == second_steps
    entry = TrailEntry.objects.first()
    assert entry is not None
    assert (entry.verb, entry.facts) == (
        "moved secrets to the newest key", {"entries": 2, "key": key_id(new)},
    )  # fmt: skip

    assert move_to_newest_key(by=system_person()) == Moved(0, 2), "a second time moves nothing"
    drop_encryption_keys(tmp_path / FILE, [old, new])
    assert ring() == (new,), "the newest stays, whatever is asked"
    assert second_steps_of(ida) == second_steps


def test_recovery_codes_of_an_older_allauth_move_too(
    tmp_path: Path, ring: KeyRing, ida: Any
) -> None:
    codes = [encryption.encrypt(code) for code in ("11112222", "33334444")]
    Authenticator.objects.create(
        user=ida, type="recovery_codes", data={"migrated_codes": codes, "used_mask": 0}
    )
    new = add_encryption_key(tmp_path / FILE)
    assert move_to_newest_key(by=system_person()) == Moved(2, 0)
    kept = Authenticator.objects.get()
    assert kept.data["used_mask"] == 0
    assert {encryption.made_with(code) for code in kept.data["migrated_codes"]} == {key_id(new)}
    assert RecoveryCodes(kept).generate_codes() == ["11112222", "33334444"]


def test_a_secret_that_no_key_opens_stops_all_of_it(
    tmp_path: Path, ring: KeyRing, ida: Any, noor: Any, second_steps: Any
) -> None:
    elsewhere = house_keys(tmp_path / "elsewhere").encryption_keys[0]
    foreign = f"{key_id(elsewhere)}${'gAAAAAB' + 'x' * 93}"
    Authenticator.objects.create(user=noor, type="totp", data={"secret": foreign})
    (old,) = ring()
    add_encryption_key(tmp_path / FILE)
    with pytest.raises(WrongKey, match=key_id(elsewhere)):
        move_to_newest_key(by=system_person())
    assert secrets_by_key() == {key_id(old): 2, key_id(elsewhere): 1}
    assert second_steps_of(ida) == second_steps


def test_nobody_else_moves_secrets(ring: KeyRing, noor: Any) -> None:
    with pytest.raises(PermissionDenied):
        move_to_newest_key(by=noor)


@pytest.fixture
def links(transactional_db: None) -> Iterator[type[models.Model]]:
    """A table of a room to come, with an encrypted column."""
    with isolate_apps("openroads.directory"):

        class Link(models.Model):  # noqa: DJ008
            token = EncryptedTextField(blank=True)
            refresh = EncryptedTextField(null=True)

            class Meta:
                app_label = "directory"

        with connection.schema_editor() as editor:
            editor.create_model(Link)
        yield Link
        with connection.schema_editor() as editor:
            editor.delete_model(Link)


def test_every_encrypted_column_moves(tmp_path: Path, ring: KeyRing, links: Any) -> None:
    links.objects.create(token="first token", refresh="refresh")
    links.objects.create(token="", refresh=None)
    new = add_encryption_key(tmp_path / FILE)
    links.objects.create(token="third token")
    assert move_to_newest_key(by=system_person(), tables=[links]) == Moved(2, 1)
    assert secrets_by_key(tables=[links]) == {key_id(new): 3}
    said = list(links.objects.order_by("pk").values_list("token", "refresh"))
    assert said == [("first token", "refresh"), ("", None), ("third token", None)]
