"""Steering actions as a reader reads them: what was hoped for, what came of it, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.explore.models import Event
from openroads.listening.reputation.effects import WEEKS, Effect
from openroads.listening.reputation.models import SteeringAction
from openroads.listening.reputation.reading import Tally, net_of
from openroads.ui.formats import between, day, listed, number, signed


@dataclass(frozen=True)
class Sides:
    """What was aimed at, or the rest: its figure before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ActionRow:
    """One action with its verdict in words; `change` is empty where nothing was measured."""

    action: SteeringAction
    when: str
    aim: str
    verdict: str
    key: str
    change: str
    why: str
    sides: Sequence[Sides]
    others: str
    explore: str


def action_row(action: SteeringAction, effect: Effect, others: Sequence[Event] = ()) -> ActionRow:
    """An action in the reader's language."""
    measured = effect.change is not None
    tone = action.hope == "warmer"
    return ActionRow(
        action,
        day(action.on),
        _aim(action),
        verdict_words(effect),
        effect.verdict,
        change_words(effect, tone=tone) if measured else "",
        _why(effect, tone=tone),
        _sides(effect, action, tone=tone) if measured or effect.verdict == "few" else (),
        _("Also marked in these weeks: %(what)s.") % {"what": listed(event.marked for event in others)}
        if others
        else "",
        _explore(action),
    )  # fmt: skip


def verdict_words(effect: Effect) -> str:
    """What it came to. "Too early" and "not proven" are whole answers."""
    return {
        "early": _("too early to say"),
        "few": _("too few posts to say"),
        "worked": _("as hoped"),
        "against": _("the other way"),
        "moving": _("not proven: it was moving already"),
        "unproven": _("not proven"),
        "unknown": _("unknown: the archive does not reach back"),
    }[effect.verdict]


def change_words(effect: Effect, *, tone: bool) -> str:
    """The change beyond the control, with its interval."""
    assert effect.change is not None
    return _change(effect.change.effect, tone=tone)


def _change(estimate: object, *, tone: bool) -> str:
    value, low, high = (float(getattr(estimate, name)) for name in ("value", "low", "high"))
    if tone:
        told = {"change": signed(value), "ends": between(low, high, sign=True)}
        return _("%(change)s points of net sentiment (%(ends)s)") % told
    told = {"change": signed(100 * value), "ends": between(100 * low, 100 * high, sign=True)}
    return _("%(change)s%% posts (%(ends)s)") % told


def _why(effect: Effect, *, tone: bool) -> str:
    if effect.verdict == "early":
        return _("It takes %(n)s whole weeks after it; from %(day)s on it is measured.") % {
            "n": WEEKS, "day": day(effect.measured_on),
        }  # fmt: skip
    if effect.verdict == "unknown":
        return _("Before it there must be %(n)s weeks with posts.") % {"n": WEEKS}
    if effect.verdict == "few":
        return _("Each side needs ten posts before and after; for tone twenty whose tone is known.")
    if effect.verdict == "moving" and effect.trend is not None:
        return _("In the weeks before, when nothing had been done, it changed as well: %(change)s.") % {
            "change": _change(effect.trend.effect, tone=tone)
        }  # fmt: skip
    if effect.verdict == "unproven":
        return _("The interval holds no change at all.")
    return ""


def _aim(action: SteeringAction) -> str:
    hope = str(action.get_hope_display())
    if action.topic_id:
        return _("topic “%(name)s”: %(hope)s") % {"name": action.topic, "hope": hope}
    if action.product_id:
        return _("product %(name)s: %(hope)s") % {"name": action.product, "hope": hope}
    return _("%(name)s as a whole: %(hope)s") % {"name": action.brand, "hope": hope}


def _sides(effect: Effect, action: SteeringAction, *, tone: bool) -> list[Sides]:
    whole = not (action.topic_id or action.product_id)
    rest = _("its competitors") if whole else _("the rest of the conversation")
    named = [(pgettext("aimed at", "it"), effect.aimed), (rest, effect.rest)]
    return [Sides(name, _said(sides[0], tone=tone), _said(sides[1], tone=tone)) for name, sides in named]  # fmt: skip


def _said(tally: Tally, *, tone: bool) -> str:
    if not tone:
        return number(tally.posts)
    if not tally.rated:
        return _("unknown")
    return _("%(net)s of %(n)s posts") % {
        "net": signed(float(net_of(tally).value)), "n": number(tally.rated),
    }  # fmt: skip


def _explore(action: SteeringAction) -> str:
    span = timedelta(weeks=WEEKS)
    chosen = ExploreFilter(
        action.on - span, action.on + span - timedelta(days=1), brand=action.brand_id,
        products=(action.product_id,) if action.product_id else (),
        topics=(action.topic_id,) if action.topic_id else (),
    )  # fmt: skip
    return chosen.query()
