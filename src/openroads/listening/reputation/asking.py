"""Asking for a reputation: the address becomes a set of brands and a choice of posts, and these figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.http import QueryDict

from openroads.analysis.shares import Rule
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import DayRow, counted
from openroads.archive.queries.reputation import named_by_day
from openroads.archive.scope import Scope
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries as room
from openroads.listening.explore import asking as exploring
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.explore.reading import key_words
from openroads.listening.explore.sentence import Part
from openroads.listening.filters import offered
from openroads.listening.gap_counting import left_out_terms
from openroads.listening.gap_queries import days_kept
from openroads.listening.remembering import now_at, remembered
from openroads.listening.reputation.carriers import Carriers, read_carriers
from openroads.listening.reputation.effects import Effect, effect_of
from openroads.listening.reputation.models import SteeringAction
from openroads.listening.reputation.reading import Reputation, Tally, read_reputation
from openroads.listening.topics.queries import filed_as


@dataclass(frozen=True)
class AskedReputation:
    """Whose reputation, beside whom, over which posts; and how shares and tone are counted."""

    asked: Asked
    brand: Brand | None
    rivals: Sequence[Brand]
    rule: Rule
    of_rated: bool
    """Net sentiment over positive and negative posts only (NSR) instead of over all (NSS)."""
    first: date | None

    @property
    def filter(self) -> ExploreFilter:
        return self.asked.filter

    @property
    def query(self) -> str:
        return self.filter.query() + _ways(self.rule, self.of_rated)

    @property
    def other_rule(self) -> str:
        """The address with posts that name several counted the other way."""
        other: Rule = "full" if self.rule == "split" else "split"
        return self.filter.query() + _ways(other, self.of_rated)

    @property
    def other_formula(self) -> str:
        """The address with net sentiment by the rival formula."""
        return self.filter.query() + _ways(self.rule, not self.of_rated)


def asked(told: QueryDict, person: Person, *, language: str) -> AskedReputation:
    """Read the address bar. A choice of reputation has brand, languages, days, topics and sources;
    whatever else an address of exploring says is left aside."""
    rule: Rule = "full" if told.get("count") == "full" else "split"
    of_rated = told.get("net") == "nsr"
    plain = QueryDict(mutable=True)
    for name in ("brand", "lang", "since", "until", "topic", "source"):
        if name in told and not (name == "brand" and told.get(name) == "0"):
            plain.setlist(name, told.getlist(name))
    found = exploring.asked(plain, person, language=language)
    brands = room.brands()
    brand = next((each for each in brands if each.pk == found.filter.brand), None)
    rivals = [each for each in offered(brands) if not each.own and each != brand]
    if brand is not None and not brand.own:
        rivals = [*(each for each in offered(brands) if each.own), *rivals]
    return AskedReputation(
        asked=_keeping(found, _ways(rule, of_rated)),
        brand=brand,
        rivals=rivals,
        rule=rule,
        of_rated=of_rated,
        first=days_kept()[0],
    )


def _ways(rule: Rule, of_rated: bool) -> str:
    return ("&count=full" if rule == "full" else "") + ("&net=nsr" if of_rated else "")


def _keeping(found: Asked, ways: str) -> Asked:
    """The same sentence, whose links keep how things are counted, without the parts that are not
    asked here."""

    def part(each: Part) -> Part:
        choices = [replace(c, query=c.query + ways) for c in each.choices]
        if each.name == "brand":
            choices = choices[1:]  # "everything we heard" has no reputation
        return replace(each, choices=choices)

    return replace(
        found,
        parts={name: part(each) for name, each in found.parts.items()},
        more=[part(each) for each in found.more if each.name in ("topic", "source")],
        chips=[replace(chip, query=chip.query + ways) for chip in found.chips],
    )


def reading(told: AskedReputation) -> Reputation:
    """The figures of all brands, kept until the archive changes."""
    brands = [told.brand.pk if told.brand else 0, *(each.pk for each in told.rivals)]
    chosen = replace(told.filter, brand=0)
    question = f"reputation:{told.rule}:{brands}:{chosen.query()}:{filed_as(chosen.topics)}"
    return remembered(
        question,
        lambda: read_reputation(
            archive(), exploring.sieve_of(chosen), brands, rule=told.rule, first=told.first
        ),
    )


def carriers(told: AskedReputation) -> Carriers:
    """Who carries the conversation about our brand; kept without any name."""
    question = f"carriers:{told.filter.query()}:{filed_as(told.filter.topics)}"
    return remembered(question, lambda: _carriers(exploring.sieve_of(told.filter)))


def _carriers(sieve: Sieve) -> Carriers:
    kept = archive()
    posts = sum(row.posts for row in counted(kept, sieve).days)
    names = left_out_terms(kept, room.reader().names)
    words = [word.id for word in key_words(kept, sieve, posts) if word.id not in names] if posts else []  # fmt: skip
    return read_carriers(kept, sieve, words)


def effects(actions: Sequence[SteeringAction]) -> list[tuple[SteeringAction, Effect]]:
    """Every action with what became of it."""
    if not actions:
        return []
    at = now_at()
    kept = days_kept(at)
    rivals = [each.pk for each in offered(room.brands()) if not each.own]
    topics = sorted({action.topic_id for action in actions if action.topic_id})
    filed = filed_as(topics)
    return [(action, _effect(action, kept, rivals, filed, at)) for action in actions]


def _effect(
    action: SteeringAction,
    kept: tuple[date | None, date | None],
    rivals: Sequence[int],
    filed: str,
    at: str,
) -> Effect:
    aim = (action.topic_id, action.product_id, action.brand_id)
    question = f"effect:{action.on}:{action.hope}:{aim}:{filed if action.topic_id else ''}"
    first, last = kept

    def ask(since: date, until: date) -> tuple[dict[date, Tally], dict[date, Tally]]:
        if action.topic_id or action.product_id:
            return _part_and_rest(action, since, until)
        return _us_and_rivals(action.brand_id, rivals, since, until)

    return remembered(
        f"{question}:{rivals}",
        lambda: effect_of(action.on, action.hope, first=first, last=last, ask=ask),
        at=at,
    )


def _part_and_rest(
    action: SteeringAction, since: date, until: date
) -> tuple[dict[date, Tally], dict[date, Tally]]:
    """Posts of the topic or product, and all others about the brand."""
    whole = ExploreFilter(since, until - timedelta(days=1), brand=action.brand_id)
    part = replace(
        whole,
        products=(action.product_id,) if action.product_id else (),
        topics=(action.topic_id,) if action.topic_id else (),
    )
    all_days, aimed = (_tallies(exploring.sieve_of(each)) for each in (whole, part))
    return aimed, {day: _less(tally, aimed.get(day, Tally())) for day, tally in all_days.items()}


def _tallies(sieve: Sieve) -> dict[date, Tally]:
    return {row.day: _tally(row) for row in counted(archive(), sieve).days}


def _tally(row: DayRow) -> Tally:
    return Tally(row.posts, row.positive, row.negative, row.unknown)


def _less(whole: Tally, part: Tally) -> Tally:
    return Tally(
        whole.posts - part.posts,
        whole.positive - part.positive,
        whole.negative - part.negative,
        whole.unknown - part.unknown,
    )


def _us_and_rivals(
    brand: int, rivals: Sequence[int], since: date, until: date
) -> tuple[dict[date, Tally], dict[date, Tally]]:
    """Posts that name us, and those that name a competitor and not us."""
    ours: dict[date, Tally] = {}
    theirs: dict[date, Tally] = {}
    for row in named_by_day(archive(), Sieve(Scope(since, until)), [brand, *rivals]):
        side = ours if brand in row.named else theirs
        held = side.get(row.day, Tally())
        side[row.day] = Tally(
            held.posts + row.posts,
            held.positive + row.positive,
            held.negative + row.negative,
            held.unknown + row.unknown,
        )
    return ours, theirs
