"""Every secret the house keeps, wherever it stands: counted by key, and moved to the newest key."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
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

PORTION = 200
"""Rows in one transaction: whoever signs in meanwhile waits for these, not for all."""

Models = Iterable[type[models.Model]]
Told = Callable[[int], object]
"""Is told how many secrets were looked at since the last time."""


@dataclass(frozen=True)
class Moved:
    """What came of a rotation: secrets that stand under the newest key now, and already did."""

    moved: int
    already: int


def secrets_by_key(tables: Models | None = None) -> "Counter[str]":
    """How many secrets stand under which key; keys by their id. Nothing is decrypted."""
    found: Counter[str] = Counter()
    for row in _all(tables):
        found.update(map(made_with, row.secrets))
    return found


def move_to_newest_key(
    *, by: Person, tables: Models | None = None, told: Told = lambda looked_at: None
) -> Moved:
    """Encrypt every secret anew that stands under an older key, a portion of rows at a time, each
    with its line on the trail. What was cut off half-way is ended by doing it again: both keys are
    kept, so every secret can be read at every moment.

    Raises `openroads.directory.encryption.WrongKey` for a secret none of the keys opens, before
    anything is moved.
    """
    policy.require(by, policy.may_keep_people)
    for row in _all(tables):
        for secret in row.secrets:
            rotate(secret)
    moved = already = 0
    for portions in _places(tables):
        after: Any = None
        while rows := (done := _move_portion(by, portions, after)).rows:
            moved, already = moved + done.moved, already + done.already
            told(done.moved + done.already)
            after = rows[-1].key
    return Moved(moved, already)


@dataclass(frozen=True)
class _Row:
    """Secrets of one row as they stand there, and how to write them: from how each stands there to
    how it must."""

    key: Any
    store: Callable[[dict[str, str]], None]
    secrets: list[str]


@dataclass(frozen=True)
class _Done(Moved):
    rows: list[_Row]


Portions = Callable[[Any, bool], list[_Row]]
"""The next rows of one place after a key (None: from the first), locked if asked; empty at the end."""


@transaction.atomic
def _move_portion(by: Person, portions: Portions, after: Any) -> _Done:
    rows = portions(after, True)
    moved = already = 0
    for row in rows:
        old = [secret for secret in row.secrets if not is_of_newest_key(secret)]
        already += len(row.secrets) - len(old)
        if old:
            row.store({secret: rotate(secret) for secret in old})
            moved += len(old)
    if moved:
        trail.record(by, "moved secrets to the newest key", None, entries=moved, key=key_ids()[0])
    return _Done(moved, already, rows)


def _all(tables: Models | None) -> Iterator[_Row]:
    for portions in _places(tables):
        after: Any = None
        while rows := portions(after, False):
            yield from rows
            after = rows[-1].key


def _places(tables: Models | None) -> Iterator[Portions]:
    """Every column that is encrypted, and the second steps."""
    for table in apps.get_models() if tables is None else tables:
        for field in table._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield partial(_of_column, table, field.name)
    yield _of_second_steps


def _of_column(table: type[models.Model], name: str, after: Any, lock: bool) -> list[_Row]:
    # As text: the field itself would decrypt what it reads.
    there = table._base_manager.annotate(as_it_stands=Cast(name, models.TextField()))
    rows = _next(there.exclude(as_it_stands=None).exclude(as_it_stands=""), after, lock)
    pairs = list(rows.values_list("pk", "as_it_stands"))
    return [_Row(key, _into_column(table, name, key), [stands]) for key, stands in pairs]


def _of_second_steps(after: Any, lock: bool) -> list[_Row]:
    rows = _next(Authenticator.objects.all(), after, lock)
    return [_Row(row.pk, _into_second_step(row), list(_in_second_step(row.data))) for row in rows]


def _next(rows: models.QuerySet[Any], after: Any, lock: bool) -> models.QuerySet[Any]:
    later = rows if after is None else rows.filter(pk__gt=after)
    return (later.select_for_update() if lock else later).order_by("pk")[:PORTION]


def _into_column(
    table: type[models.Model], name: str, key: Any
) -> Callable[[dict[str, str]], None]:
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


def _into_second_step(row: Authenticator) -> Callable[[dict[str, str]], None]:
    def store(anew: dict[str, str]) -> None:
        for name in SECOND_STEPS:
            held = row.data.get(name)
            if isinstance(held, str):
                row.data[name] = anew.get(held, held)
            elif held:
                row.data[name] = [anew.get(each, each) for each in held]
        row.save(update_fields=["data"])

    return store
