"""The tables of the state as JSON Lines: which go along, what is left out of them, and back in again."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction

from openroads.directory.encryption import EncryptedTextField
from openroads.safekeeping.faults import CannotKeep, Damaged

STAYS = {
    "account.emailconfirmation": "links that let somebody in",
    "auth.group": "not used",
    "auth.permission": "made anew by every house",
    "contenttypes.contenttype": "made anew by every house",
    "delivery.delivery": "mail of this house, with links that let somebody in",
    "delivery.queuedjob": "work of this house",
    "delivery.schedule": "work of this house",
    "delivery.worker": "work of this house",
    "django_tasks_database.dbtaskresult": "work of this house",
    "mfa.authenticator": "second steps of signing in",
    "safekeeping.backup": "files of this house",
    "sessions.session": "who is signed in",
    "socialaccount.socialapp": "secrets of single sign-on",
    "socialaccount.socialtoken": "secrets of single sign-on",
    "usersessions.usersession": "who is signed in",
}
"""Tables that stay behind, and why. Every other one goes along."""
BLANK = {"directory.person": ("password",)}
"""Columns that go along empty, besides everything that stands encrypted."""
NOBODY_KNOWS = "!"
"""A password that no password is."""


class _Exact(DjangoJSONEncoder):
    """Moments with every digit: Django's own leaves out three, and the trail would not verify."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def tables() -> list[type[models.Model]]:
    """The tables that go along, by name."""
    every = apps.get_models(include_auto_created=True)
    ours = [model for model in every if model._meta.managed and not model._meta.proxy]
    return sorted(
        (model for model in ours if model._meta.label_lower not in STAYS),
        key=lambda model: model._meta.label_lower,
    )


def write_table(model: type[models.Model], path: Path) -> int:
    """Write a row per line, in the order of their keys; returns how many."""
    blank = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
        or field.name in BLANK.get(model._meta.label_lower, ())
    }
    rows = 0
    with path.open("w", encoding="utf-8") as file:
        for line in _lines(model, blank):
            file.write(line + "\n")
            rows += 1
    return rows


def read_tables(files: dict[str, Path]) -> dict[str, int]:
    """Fill the tables of a new house from such files, all or none; returns the rows of each. What
    the house put there by itself when it was made goes first."""
    known = {model._meta.label_lower: model for model in tables()}
    if unknown := sorted(set(files) - set(known)):
        raise CannotKeep(f"This export has tables this Openroads does not know: {', '.join(unknown)}. Install a newer one.")  # fmt: skip
    rows = {}
    try:
        with transaction.atomic():
            for model in known.values():
                model._base_manager.all().delete()
            for name, path in files.items():
                rows[name] = _read(name, path)
    except IntegrityError as problem:
        raise Damaged(f"The tables of the export do not fit together: {problem}.") from problem
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(known.values())):
            cursor.execute(statement)
    return rows


def _lines(model: type[models.Model], blank: set[str]) -> Iterator[str]:
    every = model._base_manager.order_by("pk").iterator(chunk_size=2000)
    for row in every:
        for name in blank:
            setattr(row, name, "")
        yield serializers.serialize("jsonl", [row], ensure_ascii=False, cls=_Exact).strip()


def _read(name: str, path: Path) -> int:
    rows = 0
    with path.open(encoding="utf-8") as file:
        try:
            for line in file:
                (row,) = serializers.deserialize("jsonl", line)
                if row.object._meta.label_lower != name:
                    raise Damaged(f"{path.name} holds a row of {row.object._meta.label_lower}.")
                if name in BLANK:
                    thing: Any = row.object
                    thing.password = NOBODY_KNOWS
                row.save()
                rows += 1
        except (DeserializationError, json.JSONDecodeError, ValueError, TypeError) as problem:
            raise Damaged(f"{path.name}, line {rows + 1}, cannot be read: {problem}.") from problem
    return rows


def as_told(value: Any) -> str:
    """One way to write a manifest."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)
