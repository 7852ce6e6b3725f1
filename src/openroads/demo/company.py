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

    TRICKY: "kade" (quay), "polder" and "gracht" (canal) are everyday Dutch words, so the bare name counts only
    beside an article, a possessive or the maker's name; these forms are phrases for that reason.
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


def _forms(name: str) -> tuple[str, ...]:
    before = (
        "mijn",
        "m'n",
        "me",
        "onze",
        "je",
        "jouw",
        "zijn",
        "haar",
        "een",
        "nieuwe",
        "my",
        "our",
        "your",
        "his",
        "her",
        "the",
        "new",
        "ons",
    )
    return (
        f"Windmee {name}",
        f"#{name.lower()}",
        *(f"{word} {name}" for word in before),
        f"{name}-rijder",
        f"{name} rider",
        f"{name} owner",
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
