"""The keys of a house under a passphrase: scrypt makes a key of it, AES-GCM hides and seals."""

import base64
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from openroads.safekeeping.card import Held, held
from openroads.safekeeping.faults import CannotKeep

SHORTEST = 12
"""Characters of a passphrase: a backup is carried about, and whoever finds it may try for years."""
COST = 2**17
"""With blocks of 8 that is 128 MB and a third of a second for each guess (OWASP's advice)."""
WHAT = b"openroads keys 1"


def passphrase_in(file: Path) -> str:
    """The passphrase that is the first line of a file. Raises CannotKeep for one too short to be one."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotKeep(f"The passphrase in {file} cannot be read: {problem}.") from problem
    told = lines[0] if lines else ""
    if len(told) < SHORTEST:
        raise CannotKeep(f"The first line of {file} is the passphrase; it needs {SHORTEST} characters or more.")  # fmt: skip
    return told


def sealed(keys: bytes, passphrase: str) -> bytes:
    """The content of keys.json so that only the passphrase opens it."""
    salt, nonce = os.urandom(16), os.urandom(12)
    hidden = AESGCM(_key(passphrase, salt, COST)).encrypt(nonce, keys, WHAT)
    told = {"salt": salt, "nonce": nonce, "hidden": hidden}
    return json.dumps(
        {"cost": COST} | {name: base64.b64encode(value).decode() for name, value in told.items()}
    ).encode()


def opened(seal: bytes, passphrase: str) -> bytes:
    """The content again. Raises CannotKeep for another passphrase."""
    told = json.loads(seal)
    salt, nonce, hidden = (base64.b64decode(told[name]) for name in ("salt", "nonce", "hidden"))
    if told["cost"] > COST * 8:
        raise CannotKeep("The keys in this backup ask for more memory than is sensible.")
    try:
        return AESGCM(_key(passphrase, salt, told["cost"])).decrypt(nonce, hidden, WHAT)
    except InvalidTag:
        raise CannotKeep(
            "This is not the passphrase under which the keys in this backup were put. Nothing was restored."
        ) from None


def keys_in(content: bytes) -> Held:
    """What tells the keys in the content of a keys.json apart from others."""
    told = json.loads(content)
    return held(bytes.fromhex(told["author_key"]), told["encryption_keys"])


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())
