"""Queries that were kept in their one form, with numbers for names: they mean the same for ever."""

from functools import lru_cache

from openroads.analysis.query.faults import Limits
from openroads.analysis.query.parse import parse
from openroads.analysis.query.syntax import Node

LIMITS = Limits(letters=20_000, depth=100, fields=2_000)
"""A query in its one form is longer than as it was written; it was held to the limits then."""


@lru_cache(maxsize=512)
def node_of(canonical: str) -> Node:
    """The tree of a kept query. Raises ValueError where it can no longer be read."""
    read = parse(canonical, limits=LIMITS)
    if read.query is None:
        raise ValueError(f"A kept query can no longer be read: {canonical}")
    return read.query
