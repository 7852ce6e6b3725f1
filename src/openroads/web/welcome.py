"""The first start: one address that lets whoever reads the console begin, once."""

import hmac
import secrets
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from openroads.directory.company import COMPANY, Company


def is_new_house() -> bool:
    """Whether nobody has begun yet: there is no company."""
    return not Company.objects.filter(pk=COMPANY).exists()


DEMO_MARK = "demo.json"
"""Stands in the data of a demo company, and nowhere else."""


def is_demo_house() -> bool:
    """Whether everybody may come in as one of the demo people. The setting alone is not enough:
    set by mistake it would open a real house to everybody."""
    return bool(settings.OPENROADS.demo) and (settings.OPENROADS.data / DEMO_MARK).exists()


def first_address(base: str) -> str:
    """What the console says after the start: where to go, with the key of a new house."""
    if is_new_house():
        return f"A new house. Begin at {base}{reverse('web:welcome')}?key={first_key()}"
    return f"Openroads is at {base}/ (stop with Ctrl+C)"


def first_key() -> str:
    """The key of a new house: made once, kept beside the data, useless after the first start."""
    path = _path()
    if not path.exists():
        path.write_text(secrets.token_urlsafe(24))
        path.chmod(0o600)
    return path.read_text().strip()


def fits(key: str) -> bool:
    """Whether `key` opens this new house; never for a house that has begun."""
    return is_new_house() and hmac.compare_digest(first_key().encode(), key.encode())


def throw_key_away() -> None:
    _path().unlink(missing_ok=True)


def _path() -> Path:
    data: Path = settings.OPENROADS.data
    return data / "first-key"
