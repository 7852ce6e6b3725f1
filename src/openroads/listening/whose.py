"""The names a page speaks with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Whose:
    """The brand, what its customers are called in the reader's language, and product names by id."""

    brand: str
    customers: str
    products: dict[int, str]
