"""A query without whom it names, for who does not see names."""

from collections.abc import Collection
from dataclasses import replace

from openroads.analysis.pseudonyms import number_of
from openroads.analysis.query.syntax import And, Field, Node, Not, Or, leaves

VEIL = "•••"


def names_people(query: Node, ours: Collection[str]) -> bool:
    """Whether it asks for somebody by a handle or a name; `ours`, the company's own, are nobody."""
    return any(_names(leaf, ours) for leaf in leaves(query))


def is_of_one(query: Node) -> bool:
    """Whether it asks for an author by pseudonym."""
    return any(
        isinstance(leaf, Field) and leaf.name == "author" and number_of(leaf.value) is not None
        for leaf in leaves(query)
    )


def veiled(query: Node, ours: Collection[str]) -> Node:
    """The same query with each handle and name replaced; to be shown, never to be asked."""
    if isinstance(query, Not):
        return Not(veiled(query.part, ours))
    if isinstance(query, And | Or):
        return replace(query, parts=tuple(veiled(part, ours) for part in query.parts))
    return replace(query, value=VEIL) if isinstance(query, Field) and _names(query, ours) else query


def _names(leaf: Node, ours: Collection[str]) -> bool:
    if not isinstance(leaf, Field) or leaf.value in ours:
        return False
    return leaf.name == "mention" or (leaf.name == "author" and number_of(leaf.value) is None)
