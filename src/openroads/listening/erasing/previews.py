"""What a page shows of a file before it is read: nothing of authors who were erased."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from openroads.archive.batch import author_key
from openroads.connectors import sentences
from openroads.connectors.sentences import say
from openroads.listening.erasing.masking import masks_in_force
from openroads.listening.erasing.models import Erasure

REMOVED = say("Removed at the author’s request.")


def without_erased(shown: dict[str, Any]) -> dict[str, Any]:
    """A reading as it is kept (`Reading.as_json`), without the rows of erased authors.

    Their pseudonyms stand in the register too, so that this needs no archive: another process may
    own it.
    """
    erased = {int(key) for keys in Erasure.objects.values_list("keys", flat=True) for key in keys}
    if not erased:
        return shown
    masks = masks_in_force()
    column = shown["columns"].get("author", "")
    rows = [
        removed(row) if _key_of(row, column, shown["default_network"]) in erased else row
        for row in shown["preview"]
    ]
    return {**shown, "preview": masks.in_told(rows) if masks else rows}


def removed(row: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the place of such a row."""
    return {"where": row["where"], "cells": {}, "read": {}, "reason": sentences.as_json(REMOVED)}


def _key_of(row: Mapping[str, Any], column: str, network: str) -> int | None:
    """The pseudonym of who wrote a row, read or not; None where it names nobody."""
    read = row.get("read") or {}
    author = read.get("author") or (row.get("cells") or {}).get(column, "")
    if not author:
        return None
    handle = str(author).strip().removeprefix("@")
    return author_key(read.get("network", network), handle, settings.OPENROADS.author_key)
