"""What the front page of a listener says of patterns: the one that stands out most."""

from django.utils.translation import gettext as _

from openroads.directory.models import Person
from openroads.listening.patterns import queries, saying
from openroads.listening.patterns.exhibit import Exhibit, exhibit_of
from openroads.listening.patterns.looking import heard_now
from openroads.listening.patterns.models import Pattern


def loudest(person: Person, customers: str) -> Exhibit | None:
    """The open pattern that stands out most, told as what `customers` talk about; None when nothing
    does. Found afterwards in an old file it is no news, and stands on its own page only."""
    rows = [row for row in queries.open_patterns(person) if row.in_time]
    louder = [row for row in rows if row.side == Pattern.Side.LOUDER]
    if not louder:
        return None
    first = louder[0]
    finding = ""
    if first.what in ("topic", "product", "brand"):
        finding = _("“%(name)s” is what %(customers)s talk about now") % {
            "name": saying.about_pattern(first), "customers": customers,
        }  # fmt: skip
    return exhibit_of(person, first, heard_now(), finding=finding)
