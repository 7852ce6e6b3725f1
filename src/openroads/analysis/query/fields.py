"""Reads the fields of a query: `name:value` becomes a leaf of the tree, or a fault with its reason."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from openroads.analysis.pseudonyms import number_of
from openroads.analysis.query.days import read_days
from openroads.analysis.query.faults import Report
from openroads.analysis.query.known import Known, listed
from openroads.analysis.query.syntax import (
    HAS,
    KINDS,
    TONES,
    About,
    AboutName,
    Field,
    FieldName,
    Figure,
    FigureName,
    Node,
    Test,
    all_of,
    any_of,
)
from openroads.analysis.query.terms import HIDDEN_MENTION, Terms, emoji
from openroads.analysis.query.words import fold
from openroads.analysis.sentences import say

ALIASES = {
    "auteur": "author", "taal": "lang", "language": "lang", "netwerk": "network", "bron": "source",
    "vermelding": "mention", "toon": "tone", "sentiment": "tone", "soort": "kind",
    "reacties": "replies", "gedeeld": "reposts", "weergaven": "views", "cijfer": "rating",
    "datum": "date", "merk": "brand", "heeft": "has",
}  # fmt: skip
"""Other names of fields: the Dutch ones, and what people are used to."""

VALUES = {
    "positief": "positive", "neutraal": "neutral", "negatief": "negative", "onbekend": "unknown",
    "vraag": "question", "klacht": "complaint", "compliment": "praise", "lof": "praise",
    "overig": "other", "titel": "title", "auteur": "author", "antwoord": "reply", "citaat": "quote",
    "vermelding": "mention", "cijfer": "rating", "reacties": "replies", "gedeeld": "reposts",
    "weergaven": "views",
}  # fmt: skip
"""Dutch values of tone, kind and has."""

UNKNOWN_LANGUAGE = "und"
NOT_KEPT = frozenset({"image", "images", "photo", "video", "foto", "afbeelding", "plaatje"})

_COUNT = re.compile(r"(>=|<=|[><=≥≤])?(\d{1,12})")
_RATING = re.compile(r"(>=|<=|[><=≥≤])?(\d{1,6}(?:[.,]\d{1,2})?)")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|//)?(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+).*", re.I | re.DOTALL
)
_SIGNS: dict[str, Test] = {
    "": "=", "=": "=", ">": ">", "<": "<", ">=": ">=", "<=": "<=", "≥": ">=", "≤": "<=",
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A field as it was written: its name, its value, and the place of the value."""

    name: str
    value: str
    start: int
    end: int


class Fields:
    """Reads the fields of one query."""

    def __init__(self, report: Report, terms: Terms, known: Known) -> None:
        self._report = report
        self._terms = terms
        self._known = known
        figures: tuple[FigureName, ...] = ("likes", "replies", "reposts", "views", "rating")
        about: tuple[AboutName, ...] = ("brand", "product")
        self._readers: dict[str, Callable[[Given], Node | None]] = {
            "author": self._author,
            "site": self._site,
            "lang": self._language,
            "network": self._network,
            "source": self._source,
            "hashtag": partial(self._mark, "hashtag", "#"),
            "mention": partial(self._mark, "mention", "@"),
            "emoji": self._emoji,
            "tone": partial(self._among, "tone", tuple(TONES)),
            "kind": partial(self._among, "kind", KINDS),
            "has": self._has,
            "date": lambda given: read_days(given.value, given.start, given.end, self._report),
            **{name: partial(self._figure, name) for name in figures},
            **{name: partial(self._about, name) for name in about},
        }

    def name_of(self, written: str) -> str | None:
        """The field somebody means by what they wrote; None when there is none."""
        name = ALIASES.get(written.lower(), written.lower())
        return name if name in self._readers else None

    def read(self, given: Given) -> Node | None:
        """The leaf of a field that `name_of` knows; None (and a fault) when its value will not do."""
        if not given.value.strip():
            self._report.fault(
                "empty_value", given.start, given.end,
                say("Something must stand behind “{field}:”.", field=given.name),
            )  # fmt: skip
            return None
        return self._readers[given.name](given)

    def unknown(self, written: str, value: str, start: int, end: int) -> None:
        """Say that there is no such field, and what may have been meant."""
        if written.lower() in ("http", "https"):
            host = _ADDRESS.fullmatch(f"{written}:{value}")
            self._report.fault(
                "address", start, end,
                say("To find posts of a site, write site: and its name."),
                f"site:{host[1].lower()}" if host and _HOST.fullmatch(host[1]) else "",
            )  # fmt: skip
            return
        names = [*self._readers, *ALIASES]
        close = get_close_matches(written.lower(), names, 1, 0.7)
        fix = f"{close[0]}:{value}" if close else f'"{written} {value}"' if value else written
        self._report.fault(
            "unknown_field", start, end,
            say("There is no field “{field}”. The fields are: {fields}.",
                field=written, fields=", ".join(self._readers)),
            fix if close or '"' not in value else "",
        )  # fmt: skip

    # ------------------------------------------------------------------------------ kinds of fields
    def _author(self, given: Given) -> Node | None:
        value = fold(given.value).strip().lstrip("@").strip()
        if value and number_of(value) is None and not self._known.may_name(value):
            self._report.fault(
                "hidden_author", given.start, given.end,
                say("You see authors by a pseudonym, such as amber-otter-042; find them by that."),
            )  # fmt: skip
            return None
        return self._pattern("author", value, given)

    def _mark(self, name: FieldName, sign: str, given: Given) -> Node | None:
        value = fold(given.value).strip().lstrip(sign)
        if value and not re.fullmatch(r"[\w*]+", value):
            self._report.fault(
                "odd_mark", given.start, given.end,
                say("Behind # and @ stand letters, figures and _ only."),
            )  # fmt: skip
            return None
        if value and name == "mention" and not self._known.may_name(value):
            self._report.fault("hidden_mention", given.start, given.end, HIDDEN_MENTION)
            return None
        return self._pattern(name, value, given)

    def _pattern(self, name: FieldName, value: str, given: Given) -> Node | None:
        if not value:
            return self.read(Given(given.name, "", given.start, given.end))
        starred = self._terms.starred(value, given.start, given.end)
        return None if starred is None else Field(name, starred)

    def _site(self, given: Given) -> Node | None:
        value = _ascii_lower(given.value.strip())
        if _HOST.fullmatch(value):
            return Field("site", value.removeprefix("www."))
        host = _ADDRESS.fullmatch(value)
        fits = host and _HOST.fullmatch(host[1])
        self._report.fault(
            "odd_site", given.start, given.end,
            say("Write the name of a site alone, such as windmee.nl."),
            host[1] if host and fits else "",
        )  # fmt: skip
        return None

    def _language(self, given: Given) -> Node | None:
        value = VALUES.get(given.value.lower(), given.value.lower())
        if value == "unknown":
            return Field("lang", UNKNOWN_LANGUAGE)
        if re.fullmatch(r"[a-z]{2,3}", value):
            return Field("lang", value)
        self._report.fault(
            "odd_language", given.start, given.end,
            say("A language is two or three letters, such as nl or en, or “unknown”."),
            _LANGUAGES.get(value, ""),
        )  # fmt: skip
        return None

    def _network(self, given: Given) -> Node | None:
        if kind := self._known.network(given.value.strip()):
            return Field("network", kind)
        self._no_such("network", given, list(self._known.networks))
        return None

    def _source(self, given: Given) -> Node | None:
        """A source of the house by name or number; else a network, which many call a source."""
        if self._numbered(given) or self._known.ids("source", given.value.strip()):
            return self._about("source", given)
        if self._known.networks and (kind := self._known.network(given.value.strip())):
            return Field("network", kind)
        return self._about("source", given)

    def _about(self, name: AboutName, given: Given) -> Node | None:
        value = given.value.strip()
        if self._numbered(given):
            return About(name, int(value))
        if ids := self._known.ids(name, value):
            return any_of(*(About(name, id) for id in ids))
        self._no_such(name, given, list(self._known.names(name).values()))
        return None

    @staticmethod
    def _numbered(given: Given) -> bool:
        return bool(re.fullmatch(r"[0-9]{1,9}", given.value.strip()))

    def _emoji(self, given: Given) -> Node | None:
        if faces := emoji(given.value):
            return all_of(*(Field("emoji", face) for face in faces))
        self._report.fault(
            "no_emoji", given.start, given.end, say("This is no emoji."), given.value
        )
        return None

    def _among(self, name: FieldName, allowed: tuple[str, ...], given: Given) -> Node | None:
        value = fold(given.value).strip()
        value = value if value in allowed else VALUES.get(value, value)
        if value in allowed:
            return Field(name, value)
        self._no_such(name, given, list(allowed))
        return None

    def _has(self, given: Given) -> Node | None:
        if fold(given.value).strip() in NOT_KEPT:
            self._report.fault(
                "not_kept", given.start, given.end,
                say("The archive keeps no pictures or films, so this cannot be searched."),
            )  # fmt: skip
            return None
        return self._among("has", HAS, given)

    def _figure(self, name: FigureName, given: Given) -> Node | None:
        shape = _RATING if name == "rating" else _COUNT
        value = "".join(given.value.split())
        low, dots, high = value.partition("..")
        if dots and (low or high):
            ends = [(">=", low)] if low else []
            ends += [("<=", high)] if high else []
            if all(re.fullmatch(r"\d.*", end) and shape.fullmatch(end) for _, end in ends):
                tests = [Figure(name, _SIGNS[sign], _number(end)) for sign, end in ends]
                if len(tests) == 2 and tests[0].value > tests[1].value:
                    self._report.fault(
                        "turned_range", given.start, given.end,
                        say("The first figure is larger than the second."), f"{high}..{low}",
                    )  # fmt: skip
                    return None
                return all_of(*tests)
        elif found := shape.fullmatch(value):
            return Figure(name, _SIGNS[found[1] or ""], _number(found[2]))
        plain = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", value)
        self._report.fault(
            "odd_figure", given.start, given.end,
            say("Write a figure such as >10, <=5, 10..20 or 3."),
            plain if plain != value and shape.fullmatch(plain) else "",
        )  # fmt: skip
        return None

    def _no_such(self, name: str, given: Given, allowed: list[str]) -> None:
        """Say that a field has no such value, what there is, and which is nearest."""
        by_fold = {fold(each): each for each in allowed}
        close = get_close_matches(fold(given.value).strip(), by_fold, 1, 0.6)
        if allowed:
            text = say(
                "“{value}” is unknown as {field}. There is: {allowed}.",
                value=given.value.strip(), field=name, allowed=listed(allowed),
            )  # fmt: skip
        else:
            text = say(
                "“{value}” is unknown as {field}: there is none yet.",
                value=given.value.strip(), field=name,
            )  # fmt: skip
        fix = by_fold[close[0]] if close else ""
        self._report.fault(
            "unknown_value", given.start, given.end, text, f'"{fix}"' if " " in fix else fix
        )


def _number(written: str) -> float:
    return float(written.replace(",", "."))


def _ascii_lower(text: str) -> str:
    return text.translate(_TO_LOWER)


_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_LANGUAGES = {
    "nederlands": "nl", "dutch": "nl", "engels": "en", "english": "en", "duits": "de",
    "german": "de", "frans": "fr", "french": "fr", "spaans": "es", "spanish": "es",
}  # fmt: skip
