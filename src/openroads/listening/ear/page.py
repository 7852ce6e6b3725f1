"""The state of the ear in words: a sentence first, what is worst above, and one source on its own page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.listening.ear.state import Ear, Health
from openroads.listening.ear.words import span
from openroads.ui.formats import day, listed, moment, number


@dataclass(frozen=True)
class EarRow:
    """A source with its state in words. `urgency` is "late", "soon" or nothing."""

    ear: Ear
    state: str
    told: str
    urgency: str


def ear_row(ear: Ear) -> EarRow:
    """One source in words."""
    state, urgency = _states()[ear.health]
    return EarRow(ear, state, " ".join(_told(ear)), urgency)


def ears_finding(ears: Sequence[Ear]) -> str:
    """The headline: how many are deaf, stale or silent; that all hear is said only when all do."""
    if not ears:
        return _("No source yet")
    listening = [ear for ear in ears if ear.health < Health.PAUSED]
    of = number(len(listening))
    parts = []
    for health, words in _counted().items():
        n = sum(ear.health == health for ear in listening)
        if n:
            parts.append(words(n))
    if not listening:
        return _("No source is visited; files and texts come by themselves")
    if not parts:
        return ngettext("The one ear hears", "All %(n)s ears hear", len(listening)) % {"n": of}
    return ngettext(
        "Of %(of)s ear %(parts)s", "Of %(of)s ears %(parts)s", len(listening)
    ) % {"of": of, "parts": listed(parts)}  # fmt: skip


def _counted() -> dict[Health, Callable[[int], str]]:
    return {
        Health.DEAF: lambda n: ngettext("%(n)s is deaf", "%(n)s are deaf", n) % {"n": number(n)},
        Health.STALE: lambda n: ngettext("of %(n)s nothing is known", "of %(n)s nothing is known", n) % {"n": number(n)},
        Health.SILENT: lambda n: ngettext("%(n)s is unusually silent", "%(n)s are unusually silent", n) % {"n": number(n)},
        Health.UNKNOWN: lambda n: ngettext("%(n)s was never heard", "%(n)s were never heard", n) % {"n": number(n)},
    }  # fmt: skip


def _states() -> dict[Health, tuple[str, str]]:
    return {
        Health.DEAF: (_("deaf"), "late"),
        Health.STALE: (_("unknown"), "late"),
        Health.SILENT: (_("silent"), "soon"),
        Health.UNKNOWN: (_("not heard yet"), "soon"),
        Health.HEARS: (_("hears"), ""),
        Health.PAUSED: (_("paused"), ""),
        Health.BY_ITSELF: (_("comes by itself"), ""),
    }


def _told(ear: Ear) -> list[str]:
    """Why it is said to be so, and what else somebody should know."""
    source, told = ear.source, []
    if ear.health == Health.DEAF:
        told.append(source.last_error or (ear.hole.why if ear.hole else ""))
        if ear.failed > 1:
            told.append(ngettext("%(n)s visit failed in a row.", "%(n)s visits failed in a row.", ear.failed) % {"n": number(ear.failed)})  # fmt: skip
    elif ear.health == Health.STALE:
        told.append(_("Nobody has visited it since %(when)s; whether it hears is unknown.") % {"when": moment(source.last_ok_at)})  # fmt: skip
    elif ear.health == Health.SILENT:
        told.append(_("Nothing for %(span)s; up to %(usual)s is usual here.") % {"span": span(ear.silent_for), "usual": span(ear.usual_silence)})  # fmt: skip
    elif ear.health == Health.UNKNOWN:
        told.append(_("No visit has been made yet.") if source.last_ok_at is None else _("It was visited and brought nothing yet."))  # fmt: skip
    if ear.hole is not None and ear.hole.heard_at is not None:
        told.append(_("What was said between %(since)s and %(until)s may be missing.") % {"since": moment(ear.hole.hole_from), "until": moment(ear.hole.heard_at)})  # fmt: skip
    elif ear.hole is not None and ear.hole.hole_from is not None:
        told.append(_("The hole is open since %(since)s.") % {"since": moment(ear.hole.hole_from)})
    if ear.expires_soon:
        told.append(_("Its key expires on %(day)s.") % {"day": day(source.expires_on)})
    return told
