"""Keeping secrets at rest: text that is only readable with the keys of this house."""

import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

SEPARATOR = "$"


class WrongKey(Exception):
    """Something was encrypted with a key this house does not have."""


def key_id(key: str) -> str:
    """Eight letters that tell keys apart and give nothing away."""
    return hashlib.sha256(b"openroads key id" + key.encode()).hexdigest()[:8]


def encrypt(text: str) -> str:
    """`text` under the newest key, as `<key id>$<token>`."""
    newest = _keys()[0]
    return f"{key_id(newest)}{SEPARATOR}{Fernet(newest).encrypt(text.encode()).decode()}"


def decrypt(encrypted: str) -> str:
    """The text again. Raises WrongKey, naming the missing key, when none of ours opens it."""
    key, _, token = encrypted.partition(SEPARATOR)
    try:
        return MultiFernet([Fernet(key) for key in _keys()]).decrypt(token.encode()).decode()
    except InvalidToken:
        raise WrongKey(
            f"A stored secret was encrypted with key {key or 'unknown'}, which is not among the "
            "keys of this house. Put keys.json back, or add that key to OPENROADS_ENCRYPTION_KEYS."
        ) from None


def is_of_newest_key(encrypted: str) -> bool:
    """Whether nothing needs to be done for this one after a new key was added."""
    return made_with(encrypted) == key_id(_keys()[0])


def rotate(encrypted: str) -> str:
    """The same secret under the newest key; unchanged when it is already."""
    return encrypted if is_of_newest_key(encrypted) else encrypt(decrypt(encrypted))


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text that stands encrypted in the database. It cannot be searched; "" stays ""."""

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse to compare: each encryption of the same text differs."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def key_ids() -> list[str]:
    """The ids of the keys of this house, newest first."""
    return [key_id(key) for key in _keys()]


def made_with(encrypted: str) -> str:
    """The id of the key that a secret stands under."""
    return encrypted.partition(SEPARATOR)[0]


def _keys() -> tuple[str, ...]:
    keys: tuple[str, ...] = settings.OPENROADS.key_ring()
    return keys
