"""Who reads an aspect in a language, since when and why: the tests, the switches, the shares corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.learning.weights import BadWeights
from openroads.archive.scope import Scope
from openroads.directory.models import Person
from openroads.listening.gap_queries import days_kept, language_name
from openroads.listening.labels import folders, judging, policy, queries
from openroads.listening.labels.folders import BadFolder
from openroads.listening.labels.judging import MeasuredShares
from openroads.listening.labels.models import Aspect, Decision, LearnedModel
from openroads.listening.labels.queries import Progress
from openroads.listening.labels.words import value_name, verdict, why_not
from openroads.listening.remembering import remembered
from openroads.listening.saying import translated
from openroads.ui.formats import between, day, number, percent, period, signed

DAYS = 28


@dataclass(frozen=True)
class Test:
    """The last test of a candidate against who was in force; scores are macro-F1."""

    at: datetime
    size: str
    old: str
    new: str
    gain: str
    interval: str
    verdict: str
    took_over: bool
    heads: Sequence[str]
    tables: Sequence[tuple[str, Sequence[tuple[str, Sequence[tuple[str, bool]]]]]]
    """Both confusion tables: whose, and per truth the counts told; whether that was right."""


@dataclass(frozen=True)
class Turnover:
    """One decision of the history."""

    at: datetime
    what: str
    by: str
    size: str
    scores: str


@dataclass(frozen=True)
class Earlier:
    """Somebody who can be put back: a model, or (without one) the word lists and rules."""

    key: str
    """The model's number; empty for the lists."""
    name: str


@dataclass(frozen=True)
class ShareRow:
    """One answer: its plain count beside the corrected share."""

    name: str
    raw: str
    corrected: str
    interval: str


@dataclass(frozen=True)
class SharesPart:
    """Shares of the answers in the last days."""

    period: str
    counted: str
    rows: Sequence[ShareRow]
    why: str


@dataclass(frozen=True)
class FolderPart:
    """The model in the house's own folder, for who may have it tested."""

    name: str
    fault: str
    """Why it cannot be tested; empty when it can."""
    progress: Progress | None
    in_force: bool


@dataclass(frozen=True)
class ModelPage:
    """All that the template shows."""

    aspect: str
    language: str
    language_name: str
    finding: str
    standfirst: str
    progress: Progress
    test: Test | None
    history: Sequence[Turnover]
    earlier: Sequence[Earlier]
    shares: SharesPart | None
    folder: FolderPart | None
    may_teach: bool


def model_page(person: Person, aspect: str, language: str) -> ModelPage:
    """Who reads, in the reader's language."""
    decisions = list(queries.decisions_for(person, aspect, language))
    now = queries.in_force(aspect, language)
    since = next((row for row in decisions if row.outcome != Decision.Outcome.KEPT), None)
    tested = next((row for row in decisions if row.size is not None), None)
    told = queries.progress(aspect, language)
    may_teach = policy.may_teach(person)
    return ModelPage(
        aspect,
        language,
        language_name(language),
        _finding(aspect, language, now),
        _standfirst(now, since, told) + _unread(now),
        told,
        _test(aspect, tested) if tested is not None else None,
        [_turnover(row) for row in decisions],
        _earlier(decisions, now) if may_teach else (),
        _shares(aspect, language),
        _folder(aspect, language, now) if may_teach else None,
        may_teach,
    )


def _finding(aspect: str, language: str, now: LearnedModel | None) -> str:
    told = {"language": language_name(language)}
    if now is not None and now.is_brought:
        return _("Tone in %(language)s is read by a model from your own folder") % told
    if aspect == Aspect.KIND:
        said = _("Kind in %(language)s is read by a model learned from you")
        lists = _("Kind in %(language)s is read by word lists and rules")
    else:
        said = _("Tone in %(language)s is read by a model learned from you")
        lists = _("Tone in %(language)s is read by word lists")
    return (said if now is not None else lists) % told


def _standfirst(now: LearnedModel | None, since: Decision | None, told: Progress) -> str:
    labels = ngettext(
        "%(n)s post was labelled, %(random)s at random;", "%(n)s posts were labelled, %(random)s at random;", told.labels,
    ) % {"n": number(told.labels), "random": number(told.random)}  # fmt: skip
    if told.due is None:
        labels += " " + _("the next test is with %(size)s.") % {"size": number(told.next_size)}
    else:
        labels += " " + _("a test with %(size)s is due.") % {"size": number(told.due)}
    if now is None or since is None:
        return labels
    if now.is_brought:
        begun = _("In force since %(day)s; it learned from none of your posts.") % {"day": day(since.at)}  # fmt: skip
        return f"{begun} {labels}"
    begun = _("In force since %(day)s, learned from %(n)s posts.") % {
        "day": day(since.at), "n": number(now.labels),
    }  # fmt: skip
    return f"{begun} {labels}"


def _unread(now: LearnedModel | None) -> str:
    """That a brought model in force does not read, because of its files; empty when it does."""
    if now is None or not now.is_brought:
        return ""
    try:
        queries.loaded(now.pk, now.digest)
    except BadFolder as fault:
        return " " + _("It does not read now, and the word lists do: %(why)s") % {"why": translated(fault.why)}  # fmt: skip
    except BadWeights:
        return " " + _("It does not read now, and the word lists do.")
    return ""


def _folder(aspect: str, language: str, now: LearnedModel | None) -> FolderPart | None:
    folder = settings.OPENROADS.tone_model
    if folder is None or aspect != Aspect.TONE:
        return None
    try:
        digest = folders.digest_of(folder)
    except BadFolder as fault:
        return FolderPart("", translated(fault.why), None, False)
    in_force = now is not None and now.digest == digest
    return FolderPart(digest[:6], "", queries.progress(aspect, language, digest[:10]), in_force)


def _test(aspect: str, row: Decision) -> Test:
    classes = [value_name(aspect, name) for name in row.tables.get("classes", [])]
    whose = [
        (_("Who was there"), row.tables.get("old", [])),
        (_("The candidate: %(name)s") % {"name": _name(row.candidate)}, row.tables.get("new", [])),
    ]
    gain = (row.new_score or 0.0) - (row.old_score or 0.0)
    return Test(
        row.at,
        number(row.size),
        number(row.old_score, 2),
        number(row.new_score, 2),
        signed(gain, 2),
        between(row.low, row.high, 2, sign=True),
        verdict(row.why),
        row.outcome == Decision.Outcome.SWITCHED,
        classes,
        [(name, _cells(classes, table)) for name, table in whose],
    )


def _cells(
    classes: Sequence[str], table: Sequence[Sequence[float]]
) -> list[tuple[str, list[tuple[str, bool]]]]:
    """A confusion table in shares of its posts (each label counts for the posts it stands for)."""
    total = sum(map(sum, table)) or 1.0
    return [
        (name, [(percent(cell / total), at == place) for at, cell in enumerate(row)])
        for place, (name, row) in enumerate(zip(classes, table, strict=True))
    ]


def _turnover(row: Decision) -> Turnover:
    scores = ""
    if row.old_score is not None:
        scores = f"{number(row.old_score, 2)} → {number(row.new_score, 2)}"
    by = "" if row.by.is_system else row.by.name
    what = {
        Decision.Outcome.SWITCHED: _("%(name)s took over") % {"name": _name(row.candidate)}
        if row.candidate is not None and row.candidate.is_brought
        else _("a learned model took over"),
        Decision.Outcome.KEPT: _("a candidate did not take over"),
        Decision.Outcome.BACK: _("put back by hand: %(name)s") % {"name": _name(row.after)},
    }[Decision.Outcome(row.outcome)]
    return Turnover(row.at, what, by, number(row.size) if row.size else "", scores)


def _name(model: LearnedModel | None) -> str:
    if model is None:
        return _("word lists and rules")
    if model.is_brought:
        return _("the model of your folder (%(mark)s)") % {"mark": model.digest[:6]}
    return _("the model of %(day)s") % {"day": day(model.trained_at)}


def _earlier(decisions: Sequence[Decision], now: LearnedModel | None) -> list[Earlier]:
    """Everybody who was in force once and is not now, the last one first."""
    found: dict[int | None, Earlier] = {}
    for row in decisions:
        for model in (row.before, row.after):
            pk = model.pk if model is not None else None
            if row.outcome != Decision.Outcome.KEPT and pk != (now.pk if now else None):
                found.setdefault(pk, Earlier(str(pk or ""), _name(model)))
    return list(found.values())


def _shares(aspect: str, language: str) -> SharesPart | None:
    last = days_kept()[1]
    if last is None:
        return None
    until = min(last, timezone.localdate()) + timedelta(days=1)
    scope = Scope(until - timedelta(days=DAYS), until)
    taught = queries.taught_at(aspect)
    found = remembered(
        f"shares:{aspect}:{language}:{scope.since}:{scope.until}:{taught}",
        lambda: judging.measured_shares(scope, aspect, language),
    )
    return SharesPart(
        period(scope.since, scope.until),
        _counted(found),
        _share_rows(aspect, found),
        why_not(found.shares.why_not),
    )


def _counted(found: MeasuredShares) -> str:
    told = {
        "posts": number(found.posts), "sampled": number(found.sampled), "labels": number(found.labels),
    }  # fmt: skip
    if found.sampled < found.posts:
        return _("%(posts)s posts, of which %(sampled)s were drawn at random; corrected by %(labels)s checked posts") % told  # fmt: skip
    return _("%(posts)s posts; corrected by %(labels)s checked posts") % told


def _share_rows(aspect: str, found: MeasuredShares) -> list[ShareRow]:
    shares = found.shares
    rows = []
    for place, name in enumerate(found.classes):
        low, high = float(shares.low[place]), float(shares.high[place])
        known = low == low and not shares.why_not
        rows.append(
            ShareRow(
                value_name(aspect, name),
                percent(float(shares.raw[place])),
                percent(float(shares.corrected[place])) if known else _("unknown"),
                between(100 * low, 100 * high) if known else "",
            )
        )
    return rows
