"""Patterns in words: what they are about, how loud they are, and what may explain them."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openroads.listening.explore.models import Event
from openroads.listening.patterns.models import Pattern
from openroads.ui.formats import between, day, number, period
from openroads.ui.networks import network_word

HOLIDAYS: Mapping[str, str | Promise] = {
    "new_year": gettext_lazy("New Year"),
    "good_friday": gettext_lazy("Good Friday"),
    "easter": gettext_lazy("Easter"),
    "easter_monday": gettext_lazy("Easter Monday"),
    "kings_day": gettext_lazy("King’s Day"),
    "labour_day": gettext_lazy("Labour Day"),
    "liberation_day": gettext_lazy("Liberation Day"),
    "ascension": gettext_lazy("Ascension Day"),
    "whit_sunday": gettext_lazy("Whit Sunday"),
    "whit_monday": gettext_lazy("Whit Monday"),
    "national_day": gettext_lazy("Belgium’s national day"),
    "assumption": gettext_lazy("Assumption Day"),
    "all_saints": gettext_lazy("All Saints’ Day"),
    "armistice": gettext_lazy("Armistice Day"),
    "christmas": gettext_lazy("Christmas"),
    "second_christmas_day": gettext_lazy("Boxing Day"),
    "new_years_eve": gettext_lazy("New Year’s Eve"),
}
MANY_BY_ONE = 0.4
"""With a larger share by one author it is one person's story."""
MANY_COPIES = 0.4
"""The same of copies in nearly the same words."""


def about(what: str, name: str) -> str:
    """What a series is about, as a subject: "Battery in winter", "Complaints about Windmee"."""
    told = {"name": network_word(name) if what == "network" else name}
    if what == "all":
        return _("Everything we heard")
    if what == "negative":
        return _("Negative posts about %(name)s") % told
    if what == "complaint":
        return _("Complaints about %(name)s") % told
    if what == "network":
        return _("What is said on %(name)s") % told
    if what == "word":
        return _("“%(name)s”") % told
    return told["name"]


def about_pattern(pattern: Pattern) -> str:
    """What a pattern is about."""
    return about(pattern.what, pattern.shown)


def finding(pattern: Pattern) -> str:
    """Its headline."""
    told = {"about": about_pattern(pattern)}
    if pattern.what == "word":
        if pattern.mean < 1:
            return _("%(about)s is a new word") % told
        return _("%(about)s is said far more than before") % told
    if pattern.side == Pattern.Side.QUIETER:
        return (
            _("%(about)s: quieter than expected") % told
            if pattern.is_open
            else _("%(about)s: was quieter than expected") % told
        )
    return (
        _("%(about)s: louder than expected") % told
        if pattern.is_open
        else _("%(about)s: was louder than expected") % told
    )


def posts_words(n: int) -> str:
    return ngettext("%(n)s post", "%(n)s posts", n) % {"n": number(n)}


def expected_words(pattern: Pattern) -> str:
    """What was to be expected, with its interval."""
    return _("expected %(range)s") % {"range": between(pattern.low, pattern.high)}


def since_words(pattern: Pattern) -> str:
    """From when to when."""
    if pattern.is_open:
        return _("since %(day)s") % {"day": day(pattern.since)}
    return _("%(first)s to %(last)s") % {
        "first": day(pattern.since),
        "last": day(last_day(pattern)),
    }


def last_day(pattern: Pattern) -> date:
    """The last day (UTC) it was loud on."""
    from_midnight = pattern.until.hour == pattern.until.minute == pattern.until.second == 0
    return date.fromordinal(pattern.until.date().toordinal() - from_midnight)


def chance_words(pattern: Pattern) -> str:
    """How sure it is: how often as odd a moment comes when nothing is the matter."""
    if pattern.chance <= 0 or pattern.chance < 1e-6:
        return _("less than one in a million")
    return _("one in %(n)s") % {"n": number(_round(1 / pattern.chance))}


def _round(value: float) -> float:
    """Two digits are all that such a figure can bear."""
    digits = max(len(str(int(value))) - 2, 0)
    return float(round(value / 10**digits) * 10**digits)


def reason(why: Mapping[str, str]) -> str:
    """One thing that may explain it, in a sentence."""
    on = day(date.fromisoformat(why["on"])) if why.get("on") else ""
    told = {"what": why.get("told", ""), "day": on}
    kind = why.get("kind")
    if kind == "event":
        return _event(why)
    if kind == "own":
        n = int(why["told"])
        return ngettext(
            "You posted %(n)s time yourselves on %(day)s, at least twice the usual.",
            "You posted %(n)s times yourselves on %(day)s, at least twice the usual.",
            n,
        ) % {"n": number(n), "day": on}
    if kind == "holiday":
        return _("%(day)s was a holiday: %(name)s.") % {"day": on, "name": HOLIDAYS.get(why["told"], why["told"])}  # fmt: skip
    if kind == "import":
        return _("The file %(what)s was read on %(day)s and brought posts.") % told
    if on:
        return _("%(what)s was deaf from %(day)s on; what it missed is not counted.") % told
    return _("%(what)s is deaf; what it misses is not counted.") % told


def _event(why: Mapping[str, str]) -> str:
    """ "It began during the campaign “Spring sale” (3 to 20 November)"; what was kept before events had
    kinds says no more than that it was marked."""
    told = {"what": why.get("told", ""), "day": day(date.fromisoformat(why["on"]))}
    if "when" not in why:
        return _("“%(what)s” was marked on %(day)s.") % told
    first, last = date.fromisoformat(why["on"]), date.fromisoformat(why["until"])
    things = {
        Event.Kind.CAMPAIGN: _("the campaign “%(what)s”"),
        Event.Kind.OWN: _("your own news “%(what)s”"),
        Event.Kind.OUTAGE: _("the outage “%(what)s”"),
        Event.Kind.HOLIDAY: _("the holiday “%(what)s”"),
    }
    thing = things.get(Event.Kind(why["sort"]), _("“%(what)s”")) % told
    said = {"thing": thing, "days": period(first, last + timedelta(days=1))}
    if why["when"] == "during":
        return _("It began during %(thing)s (%(days)s).") % said
    if why["when"] == "after":
        return _("It began shortly after %(thing)s (%(days)s).") % said
    return _("While it lasted came %(thing)s (%(days)s).") % said


def mark_of(why: Mapping[str, str]) -> tuple[date, str] | None:
    """The same as a mark on the line: its day and a few words; None for what is one already, or has no
    day."""
    kind, told = why.get("kind"), why.get("told", "")
    if kind == "event" or not why.get("on"):
        return None
    words = {
        "own": _("%(n)s own posts") % {"n": told},
        "holiday": str(HOLIDAYS.get(told, told)),
        "import": _("file read"),
        "deaf": _("%(what)s deaf") % {"what": told},
    }
    return date.fromisoformat(why["on"]), words.get(str(kind), told)


def cautions(pattern: Pattern) -> list[str]:
    """What speaks against many people being behind it."""
    found = []
    if pattern.posts and pattern.by_one > MANY_BY_ONE * pattern.posts:
        found.append(
            _("One author wrote %(n)s of the %(posts)s posts.")
            % {"n": number(pattern.by_one), "posts": number(pattern.posts)}
        )
    if pattern.copies > MANY_COPIES * max(pattern.posts, 1):
        found.append(
            ngettext(
                "%(n)s more post says nearly the same words; it is not counted.",
                "%(n)s more posts say nearly the same words; these are not counted.",
                pattern.copies,
            )
            % {"n": number(pattern.copies)}
        )
    if not pattern.in_time:
        found.append(_("It was found in posts that came in afterwards, so nobody was alerted."))
    return found
