"""Posts about a plug that fall after a day, beside posts that do not: what the tests of changes measure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from openroads.analysis.query.known import Known
from openroads.archive.ingest import Origin
from openroads.archive.queries.choice import Sieve
from openroads.archive.scope import Scope
from openroads.changes.asking import kept
from tests.archive.saying import land, said

LIVE = date(2026, 8, 14)
BRAND = 3
KNOWN = Known(brands={BRAND: "Windmee"})
PLUG = Sieve(Scope(LIVE - timedelta(days=60), LIVE, BRAND))


def plug_sieve() -> dict[str, Any]:
    """The question "plug" about the brand, as evidence keeps it."""
    return kept(PLUG, "plug", KNOWN)


def speak(
    archive: Any, *, before: int = 6, after: int = 2, others: int = 5, days: int = 90,
    more_days: int = 90, others_after: int = 5,
) -> None:  # fmt: skip
    """Each day so many posts about the plug before and after, `others` complaints of something else all
    the time, and twenty posts of nothing in particular."""
    posts = []
    for n in range(-days, more_days):
        on = LIVE + timedelta(days=n)
        for place in range(before if n < 0 else after):
            posts.append(_post(f"p{n}-{place}", f"plug broke {n} {place}", on, "complaint", f"rider{place}"))  # fmt: skip
        for place in range(others if n < 0 else others_after):
            posts.append(_post(f"o{n}-{place}", f"late train {n} {place}", on, "complaint", f"other{place}"))  # fmt: skip
        for place in range(20):
            posts.append(_post(f"t{n}-{place}", f"nice ride {n} {place}", on, "other", f"talker{place}"))  # fmt: skip
    land(archive, *posts, origin=Origin(source=7, purpose_voice="customer", brand=BRAND))


def _post(native: str, text: str, on: date, kind: str, author: str) -> Any:
    at = datetime.combine(on, time(12), UTC)
    return said(native, text, at, kind=kind, brands=(BRAND,), author=author, author_name=author.title())  # fmt: skip
