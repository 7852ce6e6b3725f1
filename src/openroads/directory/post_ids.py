"""The column in which a room keeps the id of a post: ids cross between the two stores, rows do not."""

from typing import Any

from django.db import models

BEYOND_SIGNED = 1 << 63


class PostId(models.BigIntegerField):  # type: ignore[type-arg]
    """The id of a post in the archive (0 to 2^64 - 1) in a signed column.

    TRICKY: ids are hashes, half of which a signed column cannot hold; those stand there as negative
    numbers, so the column orders nothing.
    """

    # What a signed column takes is no bound for the number a person or a program gives.
    validators: list[Any] = []

    def get_prep_value(self, value: Any) -> Any:
        number = super().get_prep_value(value)
        return number if number is None or number < BEYOND_SIGNED else number - 2 * BEYOND_SIGNED

    def from_db_value(
        self, value: int | None, expression: object, connection: object
    ) -> int | None:
        """The id as the archive knows it."""
        return value if value is None or value >= 0 else value + 2 * BEYOND_SIGNED
