"""Secrets at rest: unreadable without the keys, readable through a change of keys."""

import copy

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection, models

from openroads.directory import encryption
from openroads.directory.encryption import EncryptedTextField, WrongKey


@pytest.fixture
def keys(monkeypatch):
    """Sets the house's keys, newest first."""

    def have(*keys):
        changed = copy.copy(settings.OPENROADS)
        changed.key_ring = lambda: keys
        monkeypatch.setattr(settings, "OPENROADS", changed)

    return have


def test_what_is_encrypted_comes_back_and_differs_each_time():
    assert encryption.decrypt(encryption.encrypt("zo'n café")) == "zo'n café"
    assert encryption.encrypt("same") != encryption.encrypt("same")


def test_an_old_key_still_reads_and_rotating_moves_to_the_new_one(keys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    kept = encryption.encrypt("token")
    keys(new, old)
    assert encryption.decrypt(kept) == "token"
    assert not encryption.is_of_newest_key(kept)
    moved = encryption.rotate(kept)
    keys(new)
    assert encryption.decrypt(moved) == "token"
    assert encryption.rotate(moved) == moved


def test_a_missing_key_is_named_with_the_mend(keys):
    old = Fernet.generate_key().decode()
    keys(old)
    kept = encryption.encrypt("token")
    keys(Fernet.generate_key().decode())
    with pytest.raises(WrongKey, match=f"{encryption.key_id(old)}.*keys.json"):
        encryption.decrypt(kept)


def test_the_id_of_a_key_gives_nothing_away():
    key = Fernet.generate_key().decode()
    assert encryption.key_id(key) not in key
    assert len(encryption.key_id(key)) == 8


def test_the_field_stores_no_plain_text_and_cannot_be_searched(db):
    field = EncryptedTextField()
    stored = field.get_db_prep_value("secret token", connection)
    assert "secret" not in stored
    assert field.from_db_value(stored, None, connection) == "secret token"
    assert field.get_prep_value("") == ""
    assert field.from_db_value(None, None, connection) is None
    assert field.get_lookup("exact") is None
    assert field.get_lookup("isnull") is models.lookups.IsNull
