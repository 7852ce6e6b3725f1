"""Every secret the house keeps, wherever it stands: counted by key, and moved to the newest key."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from openroads.directory import policy, trail
from openroads.directory.encryption import (
    EncryptedTextField,
    is_of_newest_key,
    key_ids,
    made_with,
    rotate,
)
from openroads.directory.models import Person

SECOND_STEPS = ("secret", "seed", "migrated_codes")
"""What allauth keeps encrypted of a second step: a text, or a list of texts."""

Models = Iterable[type[models.Model]]


@dataclass(frozen=True)
class Moved:
    """What came of a rotation: secrets that stand under the newest key now, and already did."""

    moved: int
    already: int


def secrets_by_key(tables: Models | None = None) -> "Counter[str]":
    """How many secrets stand under which key; keys by their id. Nothing is decrypted."""
    found: Counter[str] = Counter()
    for _row, secrets in _kept(tables):
        found.update(map(made_with, secrets))
    return found


@transaction.atomic
def move_to_newest_key(*, by: Person, tables: Models | None = None) -> Moved:
    """Encrypt every secret anew that stands under an older key: all of them, or none.

    Raises `openroads.directory.encryption.WrongKey` for a secret none of the keys opens.
    """
    policy.require(by, policy.may_keep_people)
    moved = already = 0
    for store, secrets in _kept(tables, lock=True):
        old = [secret for secret in secrets if not is_of_newest_key(secret)]
        already += len(secrets) - len(old)
        if old:
            store({secret: rotate(secret) for secret in old})
            moved += len(old)
    if moved:
        trail.record(by, "moved secrets to the newest key", None, entries=moved, key=key_ids()[0])
    return Moved(moved, already)


Store = Callable[[dict[str, str]], None]
"""Writes secrets of one row: from how each stands there to how it must."""


def _kept(tables: Models | None, *, lock: bool = False) -> Iterator[tuple[Store, list[str]]]:
    """The secrets of each row that has any, as they stand there, and how to write them."""
    for table in apps.get_models() if tables is None else tables:
        for field in table._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield from _in_column(table, field.name, lock)
    second_steps = Authenticator.objects.order_by("pk")
    for row in second_steps.select_for_update() if lock else second_steps:
        if secrets := list(_in_second_step(row.data)):
            yield _into_second_step(row), secrets


def _in_column(
    table: type[models.Model], name: str, lock: bool
) -> Iterator[tuple[Store, list[str]]]:
    rows = table._base_manager.exclude(**{f"{name}__isnull": True}).order_by("pk")
    # As text: the field itself would decrypt what it reads.
    as_it_stands = rows.annotate(as_it_stands=Cast(name, models.TextField()))
    locked = as_it_stands.select_for_update() if lock else as_it_stands
    for key, stands in list(locked.values_list("pk", "as_it_stands")):
        if stands:
            yield _into_column(table, name, key), [stands]


def _into_column(table: type[models.Model], name: str, key: Any) -> Store:
    def store(anew: dict[str, str]) -> None:
        (secret,) = anew.values()
        # As text again: the field would encrypt what is encrypted.
        value = models.Value(secret, output_field=models.TextField())
        table._base_manager.filter(pk=key).update(**{name: value})

    return store


def _in_second_step(data: dict[str, Any]) -> Iterator[str]:
    for name in SECOND_STEPS:
        held = data.get(name)
        yield from [held] if isinstance(held, str) else held or []


def _into_second_step(row: Authenticator) -> Store:
    def store(anew: dict[str, str]) -> None:
        for name in SECOND_STEPS:
            held = row.data.get(name)
            if isinstance(held, str):
                row.data[name] = anew.get(held, held)
            elif held:
                row.data[name] = [anew.get(each, each) for each in held]
        row.save(update_fields=["data"])

    return store
