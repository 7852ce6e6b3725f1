"""The demo company: Windmee of Zwolle, its three e-bikes, its rivals and its shops (all invented)."""

from dataclasses import dataclass

COMPANY = "Windmee"
SITE = "https://www.windmee.example"
MAIL_DOMAIN = "windmee.example"
LANGUAGES = ("nl", "en")
OWN_HANDLES = frozenset({"windmee", "windmee_service", "windmee_outlet", "service@windmee.example"})
"""Handles whose posts are the brand's own voice, on every network."""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One bike: forms are how people write it.

    TRICKY: "kade" (quay), "polder" and "gracht" (canal) are everyday Dutch words, so the bare name
    counts only beside an article, a possessive, the maker's name or another word of trade.
    """

    name: str
    purpose: str
    forms: tuple[str, ...]
    share: float
    kilos: int
    price: int


@dataclass(frozen=True, slots=True)
class BrandRow:
    """A brand to listen for: our own or a competitor."""

    name: str
    own: bool
    forms: tuple[str, ...]
    products: tuple[ProductRow, ...] = ()


# What stands before a bike's name and hardly ever before a quay, a polder or a canal one talks about.
_BEFORE = (
    "mijn m'n mn me onze ons je jouw zijn haar een nieuwe tweedehands twee de met mn elke "
    "my our your his her the a new second-hand this two"
).split()
_AFTER = "uit van is rijdt rijder moeder rider riders owner owners kopen of or naar from for in has".split()


def _forms(name: str) -> tuple[str, ...]:
    return (
        f"Windmee {name}",
        f"#{name.lower()}",
        f"{name}s",
        *(f"{word} {name}" for word in dict.fromkeys(_BEFORE)),
        *(f"{name} {word}" for word in _AFTER),
        f"{name}-rijder",
        f"{name}-rijders",
    )


KADE = ProductRow("Kade", "commuter", _forms("Kade"), 0.52, 26, 3499)
POLDER = ProductRow("Polder", "cargo and family", _forms("Polder"), 0.30, 41, 5299)
GRACHT = ProductRow("Gracht", "city", _forms("Gracht"), 0.18, 21, 2699)
PRODUCTS = (KADE, POLDER, GRACHT)

WINDMEE = BrandRow(
    COMPANY,
    True,
    ("Windmee", "@windmee", "#windmee", "@windmee_service", "windmee.example"),
    PRODUCTS,
)
STROOMFIETS = BrandRow("Stroomfiets", False, ("Stroomfiets", "@stroomfiets", "#stroomfiets"))
TRAMONT = BrandRow("Tramont", False, ("Tramont", "@tramont", "#tramont"))
BRANDS = (WINDMEE, STROOMFIETS, TRAMONT)

SHOPS = (
    "Utrecht",
    "Amsterdam",
    "Rotterdam",
    "Zwolle",
    "Groningen",
    "Eindhoven",
    "Gent",
    "Antwerpen",
)
"""Towns with a shop of our own."""
