"""App Store: reviews of an app in one or more countries, with their stars, from Apple's public feed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar, Final

from openroads.archive.message import Message
from openroads.connectors.answers import Told, as_object, inside, moment, rows, text
from openroads.connectors.failures import Refused
from openroads.connectors.plain import clean, one_line, web_address
from openroads.connectors.port import Field, Page
from openroads.connectors.searching import BACK, Searched, Slice, days_back, searches_in, walk
from openroads.connectors.sentences import say

API: Final = "https://itunes.apple.com"
MOST_PAGES: Final = 10
"""Of fifty reviews each: Apple shows no more of a country."""
APP: Final = Field(
    "topic",
    say("Number of the app"),
    say("The figures behind “id” in the address of the app in the App Store."),
)
COUNTRIES: Final = Field(
    "countries",
    say("Countries"),
    say("Two letters each, separated by commas: nl, be, de."),
    default="nl",
)


class AppStore(Searched):
    """Follows the reviews of one app, country by country."""

    kind: ClassVar[str] = "appstore"
    label: ClassVar[str] = "App Store"
    reads: ClassVar[str] = say(
        "Reviews of an app with their stars: the newest 500 of each country."
    )
    asks: ClassVar[str] = say("The number of the app.")
    fields: ClassVar[tuple[Field, ...]] = (APP, COUNTRIES, BACK)
    api: ClassVar[str] = API
    between: ClassVar[float] = 2.0

    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """Reviews that are new, country by country."""
        app = topic.strip()
        if not (app.isascii() and app.isdigit()):
            raise Refused(say("“{told}” is not the number of an app: that is figures only.", told=app[:40]))  # fmt: skip
        countries = countries_in(self._told.get(COUNTRIES.name, ""))
        first = self._now - timedelta(days=days_back(self._told.get(BACK.name, "")))
        return walk(self._ask, tuple(f"{each}/{app}" for each in countries), cursor, first, self._now)  # fmt: skip

    def _ask(self, search: str, since: datetime, older: str) -> Slice:
        """`older` is the number of the page."""
        country, _, app = search.partition("/")
        page = int(older) if older.isdigit() else 1
        told = as_object(
            self._get(
                f"{self.api}/{country}/rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json"
            )
        )
        found = entries(inside(told, "feed"))
        messages = [said for each in found if (said := as_message(each, country, app, self._now)) is not None]  # fmt: skip
        young = [said for said in messages if said.said_at >= since]
        more = messages and len(young) == len(messages) and page < MOST_PAGES
        return Slice(young, str(page + 1) if more else "")


def countries_in(told: str) -> tuple[str, ...]:
    """The countries a person wrote. Raises Refused for what is none."""
    countries = tuple(each.lower() for each in searches_in(told or COUNTRIES.default))
    for each in countries:
        if not (len(each) == 2 and each.isascii() and each.isalpha()):
            raise Refused(say("“{told}” is not a country in two letters.", told=each[:20]))
    return countries


def entries(feed: Told) -> list[Told]:
    """The entries of Apple's feed. TRICKY: one alone is no list, and the first may be the app itself."""
    alone = feed.get("entry")
    found = [alone] if isinstance(alone, dict) else rows(feed, "entry")
    return [each for each in found if "im:rating" in each]


def as_message(entry: Told, country: str, app: str, now: datetime) -> Message | None:
    """A review as a message; None for what has no number or moment. Who changes a review keeps its
    number: it replaces what was said before, and its day is that of the change."""
    number = _label(entry, "id")
    said_at = moment({"at": _label(entry, "updated")}, "at", now)
    stars = _label(entry, "im:rating")
    said = clean(_label(entry, "content"))
    if said_at is None or not number or not (said or stars):
        return None
    who = inside(entry, "author")
    page = _label(who, "uri")
    name = one_line(_label(who, "name"))
    return Message(
        native_id=number[:200],
        network="appstore",
        text=said,
        said_at=said_at,
        author=page.rpartition("/id")[2][:100] if "/id" in page else name,
        author_name=name,
        url=web_address(f"https://apps.apple.com/{country}/app/id{app}?see-all=reviews"),
        title=one_line(_label(entry, "title")),
        thread=number[:200],
        rating=float(stars) if stars in ("1", "2", "3", "4", "5") else None,
    )


def _label(told: Told, name: str) -> str:
    return text(inside(told, name), "label")
