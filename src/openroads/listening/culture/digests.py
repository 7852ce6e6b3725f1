"""A digest: people's words first, then what changed against the usual, then words that are new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.intervals import net_sentiment
from openroads.analysis.usual import Usual, usual_range
from openroads.archive.queries import explore as archive_questions
from openroads.archive.queries import gap as term_questions
from openroads.archive.queries.posts import Quote
from openroads.directory.conversations import archive
from openroads.listening.authors import people_words
from openroads.listening.culture.following import Followed
from openroads.listening.culture.freezing import samples_of
from openroads.listening.explore import asking
from openroads.listening.explore.reading import SURE, odds_within
from openroads.listening.gap_queries import days_kept
from openroads.listening.sight.seeing import unnamed
from openroads.ui.formats import between, day, listed, number, period, signed

QUOTES = 3
CUTS_AT = 280
"""Characters of a quote in a digest."""
BEFORE = 8
"""Periods before that say what is usual."""
LEAST_NEW = 3
"""Posts that must use a word before it is called new."""
NEW_WORDS = 5
FEW = 30


@dataclass(frozen=True)
class Said:
    """A quote: the words, cut where they are long, and where and when; nobody's name."""

    text: str
    language: str
    network: str
    when: date


@dataclass(frozen=True)
class DigestText:
    """A digest in the reader's language. `posts` 0: a message that nobody said anything."""

    subject: str
    quotes: Sequence[Said]
    counted: str
    usual: str
    tone: str
    words: str
    days: str
    posts: int
    query: str


def digest_of(name: str, choice: Followed, *, rhythm: str) -> DigestText:
    """The digest of a choice over its days, in the active language."""
    over = choice.over(choice.since, choice.until)
    reading = asking.reading(over, choice.condition, words=False)
    posts = reading.posts
    sieve = choice.sieve(choice.since, choice.until)
    quotes = [said(post) for post in samples_of(archive(), sieve, QUOTES)] if posts else []
    people = people_words(reading.people.people, reading.people.nameless)
    return DigestText(
        subject=_subject(name, posts, choice, rhythm),
        quotes=quotes,
        counted=(
            ngettext("%(n)s post by %(people)s.", "%(n)s posts by %(people)s.", posts)
            % {"n": number(posts), "people": people}
            if posts
            else _("Nobody said anything about it.")
        ),
        usual=_usual_words(posts, usual_before(choice)),
        tone=_tone_words(reading.positive, reading.negative, reading.rated),
        words=_new_words(choice) if posts else "",
        days=period(choice.since, choice.until),
        posts=posts,
        query=over.query(),
    )


def at_once_of(name: str, choice: Followed, posts: Sequence[Quote]) -> DigestText:
    """The message that somebody said something just now."""
    n = len(posts)
    told = {"n": number(n), "name": name}
    return DigestText(
        subject=ngettext("%(n)s new post: %(name)s", "%(n)s new posts: %(name)s", n) % told,
        quotes=[said(post) for post in unnamed().posts(posts[:QUOTES])],
        counted=ngettext("%(n)s post came in since the last message.", "%(n)s posts came in since the last message.", n) % told,
        usual="",
        tone="",
        words="",
        days=period(choice.since, choice.until),
        posts=n,
        query=choice.query,
    )  # fmt: skip


def said(post: Quote) -> Said:
    """A post as a digest quotes it."""
    text = " ".join(f"{post.title} {post.text}".split())
    if len(text) > CUTS_AT:
        text = text[:CUTS_AT].rsplit(" ", 1)[0] + "…"
    language = post.language if post.language not in ("", "und") else ""
    return Said(text, language, post.network, post.published_at.date())


def usual_before(choice: Followed) -> Usual | None:
    """What was usual in the eight periods before that are as long and begin on the same weekday;
    days from before anything was collected count for nothing."""
    long = choice.until - choice.since
    step = max(long, timedelta(days=7))
    first, _last = days_kept()
    if first is None:
        return None
    starts = [choice.since - step * n for n in range(BEFORE, 0, -1)]
    starts = [start for start in starts if start >= first]
    if not starts:
        return None
    rows = archive_questions.posts_by_day(archive(), choice.sieve(starts[0], choice.since))
    counts = {row.day: row.posts for row in rows}
    days = range(long.days)
    return usual_range(
        [sum(counts.get(start + timedelta(days=n), 0) for n in days) for start in starts]
    )


def new_words(choice: Followed) -> list[str]:
    """Words that are surely said more than in the four weeks before (log-odds z, as on the gap
    page), surest first."""
    ours = archive_questions.terms_in(archive(), choice.sieve(choice.since, choice.until)).docs()
    before = choice.sieve(choice.since - timedelta(days=28), choice.since)
    theirs = archive_questions.terms_in(archive(), before).docs()
    ids = ours.at_least(LEAST_NEW).ids
    sizes = float(ours.docs.sum()), float(theirs.docs.sum())
    if not len(ids) or sizes[1] <= 0:
        return []
    here = ours.of(ids).astype(np.float64)
    z = odds_within(here, theirs.of(ids).astype(np.float64), sizes)
    first = [int(place) for place in np.argsort(-z, kind="stable") if z[place] >= SURE][:NEW_WORDS]
    called = {term.id: term.shown for term in term_questions.terms(archive(), ids[first].tolist())}
    return [called[int(ids[place])] for place in first if int(ids[place]) in called]


def _subject(name: str, posts: int, choice: Followed, rhythm: str) -> str:
    days = period(choice.since, choice.until)
    if not posts:
        return _("%(name)s: nobody said anything, %(days)s") % {"name": name, "days": days}
    counted = ngettext("%(n)s post", "%(n)s posts", posts) % {"n": number(posts)}
    if rhythm == "daily":
        days = day(choice.since)
    return _("%(name)s: %(posts)s, %(days)s") % {"name": name, "posts": counted, "days": days}


def _usual_words(posts: int, usual: Usual | None) -> str:
    if usual is None:
        return _("What is usual is not known yet: fewer than four such periods were collected.")
    told = {
        "middle": number(usual.middle),
        "range": between(round(usual.low), round(usual.high)),
    }
    sentences = {
        1: _("More than usual: %(middle)s on average in the periods before; %(range)s was to be expected."),
        0: _("As usual: %(middle)s on average in the periods before; %(range)s was to be expected."),
        -1: _("Fewer than usual: %(middle)s on average in the periods before; %(range)s was to be expected."),
    }  # fmt: skip
    return sentences[usual.says(posts)] % told


def _tone_words(positive: int, negative: int, rated: int) -> str:
    if rated < FEW:
        return ""
    known = net_sentiment(positive, negative, rated)
    return _("Net sentiment %(net)s (%(interval)s), of %(n)s posts of known tone.") % {
        "net": signed(float(known.value)),
        "interval": between(float(known.low), float(known.high), sign=True),
        "n": number(rated),
    }


def _new_words(choice: Followed) -> str:
    found = new_words(choice)
    if not found:
        return ""
    return _("Said more than in the four weeks before: %(words)s.") % {
        "words": listed(f"“{word}”" for word in found)
    }
