"""How the trail is said to a reader: deeds, things and facts in words of their own language."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openroads.directory.models import TrailEntry
from openroads.directory.roles import Role

FACTS = {
    "name": _("name"),
    "size": _("size"),
    "role": _("role"),
    "roles": _("roles"),
    "department": _("department"),
    "team": _("team"),
    "since": _("from"),
    "until": _("until"),
    "person": _("person"),
    "head": _("head"),
    "brand": _("brand"),
    "own": _("ours"),
    "forms": _("spellings"),
    "handle": _("handle"),
    "network": _("network"),
    "address": _("address"),
    "url": _("address"),
    "title": _("title"),
    "languages": _("languages"),
    "customers_en": _("word for customers, English"),
    "customers_nl": _("word for customers, Dutch"),
    "accent": _("colour"),
    "owner": _("owner"),
    "backup": _("stand-in"),
    "purpose": _("purpose"),
    "voice": _("tone of voice"),
    "new": _("new"),
    "changed": _("changed"),
    "same": _("unchanged"),
    "posts": _("posts"),
    "number": _("number"),
    "entries": _("entries"),
    "key": _("key"),
    "aspect": _("what was judged"),
    "value": _("judged as"),
    "said": _("read as"),
    "why": _("reason"),
    "language": _("language"),
    "outcome": _("outcome"),
    "old": _("before"),
    "low": _("at least"),
    "model": _("version"),
    "months": _("months"),
    "made": _("made at"),
    "version": _("version"),
    "holds": _("what is in it"),
    "events": _("what it is told"),
    "kind": _("kind"),
    "description": _("what it is about"),
    "topic": _("topic"),
    "belongs": _("belongs in it"),
    "series": _("what is watched"),
    "stage": _("what was told"),
    "least": _("from so many posts"),
    "found": _("found by the query"),
    "basis": _("legal basis"),
    "names": _("names masked"),
    "on": _("day"),
    "cleared": _("emptied"),
    "reason": _("reason"),
    "a_month": _("expected a month"),
    "budget": _("budget a month"),
    "what": _("what is asked"),
    "month": _("month"),
    "right": _("found right"),
    "at": _("where it runs"),
    "filled": _("hole filled"),
    "checked": _("looked up"),
    "deleted": _("deleted"),
    "ceiling": _("may cost at most"),
    "proof": _("proof"),
    "cost": _("cost"),
    "products": _("products"),
    "ratio": _("after as a part of before"),
    "brings": _("brings a month"),
    "level": _("how it is known"),
    "forgotten": _("let go of"),
    "people": _("of whom"),
    "steps": _("steps"),
    "tone": _("tone of voice"),
    "legal": _("legal notes"),
    "target": _("target"),
    "minutes": _("minutes"),
    "intent": _("kind of post"),
    "words": _("words it is known by"),
    "findable": _("search engines may find it"),
    "reads": _("is read"),
    "tell": _("who may hear of it"),
    "names_seen": _("with words and names"),
}
"""What the keys of facts are called; a key that is not here is shown as it is kept."""


def deed_words(deed: str) -> str:
    """A deed as its reader says it; it is kept in English."""
    return gettext(deed) if deed else ""


def thing_words(entry: TrailEntry) -> str:
    """What it was done to: "person 12"."""
    if not entry.kind:
        return ""
    try:
        kind = str(apps.get_model(entry.kind)._meta.verbose_name)
    except (LookupError, ValueError):  # a room that is no more
        kind = entry.kind
    return f"{kind} {entry.thing}".strip()


def facts_words(entry: TrailEntry) -> list[tuple[str, str]]:
    """Pairs of what a fact is called and what it says; empty ones are left out."""
    return [
        (str(FACTS.get(name, name)), _fact(name, fact))
        for name, fact in entry.facts.items()
        if fact is not None and fact not in ("", [])
    ]


def _fact(name: str, fact: Any) -> str:
    if isinstance(fact, dict) and set(fact) == {"was", "now"}:
        was, now = (_fact(name, fact[key]) or gettext("nothing") for key in ("was", "now"))
        return gettext("%(was)s became %(now)s") % {"was": was, "now": now}
    if isinstance(fact, bool):
        return gettext("yes") if fact else gettext("no")
    if name == "role" and fact in Role.values:
        return str(Role(fact).label)
    if isinstance(fact, list):
        return ", ".join(map(str, fact))
    return "" if fact is None else str(fact)
