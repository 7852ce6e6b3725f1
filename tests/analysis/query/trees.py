"""Queries for tests: trees of every shape, of words that are apt to be in the posts of tests."""

from datetime import date, timedelta
from typing import get_args

from hypothesis import strategies as st

from openroads.analysis.query.syntax import (
    HAS,
    KINDS,
    TONES,
    About,
    AboutName,
    Days,
    Field,
    Figure,
    FigureName,
    Near,
    Node,
    Phrase,
    Test,
    Word,
    all_of,
    any_of,
    no,
    positive,
)
from openroads.analysis.query.terms import emoji
from openroads.analysis.query.words import BETWEEN, cut, fold

PIECES = (
    "aa ab ba bb abab accu ACCU Accu's café cafe CAFÉ naïve straße STRASSE İstanbul istanbul ISTANBUL "
    "e-mail noor@windmee.nl windmee.nl www.windmee.nl https://windmee.nl/é?q=1 3,5 2026 1.000 zo'n "
    "zo’n foo_bar klan\u00adtenservice klant\u200bdienst klant klantenservice שלום مرحبا שָׁלוֹם "
    "\u202eabc re\u0301sume\u0301 résumé ﬁets fiets Ǆep ǰa ᾳb ŉa ß ẞ ss 日本語 日本 です がか ไทยแลนด์ "
    "한국어 한국 नमस्ते क्‍ष 👍🏽 👍 ❤️ ❤ 👨‍👩‍👧 🇳🇱 1️⃣ #accu #café #Wind_mee @noor @Noor_V #日本 a\u0301a "
    "\u1e9b\u0323b x\u0327\u0301y Ωhm Ωhm kΩ µm ½ m² ⅷ ２６ \ufb1d \u0344 \u1171e \u0897 \ua7cbx \U00016ea0 "
    "\u212aelvin Å \u0130\u0307 ΑΣ ας ΑΣ\u0301 \ufffd \u200e \ufeff \x00 \x1e \x1f | * ** ( ) \" ' \\ % _ "
    "%_ \\% ' ; -- /* */ {q0:String} $1 \\1 ) OR 1=1"
).split(" ")
"""Words and worse, as posts hold them."""

WORDS = sorted({word for piece in PIECES for word in cut(piece) if word != BETWEEN})
NAMES = (
    "noor",
    "Noor de Groot",
    "@noor",
    "NÓÓR",
    "daan%",
    "da_n",
    "da\\n",
    "İlse",
    "日本",
    "",
    "a'b",
)
SITES = ("windmee.nl", "mee.nl", "nl", "forum.windmee.nl", "x", "windmee.n")
LANGUAGES = ("nl", "en", "und", "de")
NETWORKS = ("forum", "bluesky", "x")
FACES = ("👍", "❤", "👨‍👩‍👧", "🇳🇱", "😡")
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """A word with one or two stars, made of a word."""
    word = draw(st.sampled_from([word for word in WORDS if len(word) > 2]))
    cut_at = draw(st.integers(2, len(word)))
    rest = word[cut_at:]
    skipped = draw(st.integers(0, len(rest)))
    end = draw(st.sampled_from(("", rest[skipped:])))
    if draw(st.booleans()) and len(end) > 1:
        end = f"{end[0]}*{end[1:]}"
    return f"{word[:cut_at]}*{end}"


words = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS[:12]), patterns()).map(Word)
phrases = st.lists(words, min_size=2, max_size=4).map(lambda each: Phrase(tuple(each)))
runs = st.one_of(words, words, phrases)
sides = st.lists(runs, min_size=1, max_size=3).map(tuple)
nears = st.builds(Near, sides, sides, st.integers(0, 20), st.booleans())
counts = st.one_of(st.integers(0, 12), st.sampled_from((10**12 - 1, 2**32, 2**32 - 1)))
figures = st.one_of(
    st.builds(
        Figure, st.sampled_from(get_args(FigureName)[:4]), st.sampled_from(get_args(Test)),
        counts.map(float),
    ),
    st.builds(
        Figure, st.just("rating"), st.sampled_from(get_args(Test)),
        st.integers(0, 600).map(lambda each: each / 100),
    ),
)  # fmt: skip


@st.composite
def days(draw: st.DrawFn) -> Days:
    first = FIRST + timedelta(days=draw(st.integers(-3, 183)))
    last = first + timedelta(days=draw(st.integers(1, 60)))
    shape = draw(st.integers(0, 2))
    return (Days(first, last), Days(first, None), Days(None, last))[shape]


def starred(value: str) -> str:
    return f"{value[:2]}*" if len(value) > 3 else value


authors = st.sampled_from([fold(each).lstrip("@") for each in NAMES if each]).flatmap(
    lambda value: st.sampled_from((value, starred(value)))
)
marks = st.sampled_from(("accu", "cafe", "wind_mee", "wi*", "日本", "wind*e")).map(fold)
fields = st.one_of(
    st.builds(Field, st.just("author"), authors),
    st.builds(Field, st.just("site"), st.sampled_from(SITES)),
    st.builds(Field, st.just("lang"), st.sampled_from(LANGUAGES)),
    st.builds(Field, st.just("network"), st.sampled_from(NETWORKS)),
    st.builds(Field, st.just("hashtag"), marks),
    st.builds(Field, st.just("mention"), st.sampled_from(("noor", "noor_v", "no*"))),
    st.builds(Field, st.just("emoji"), st.sampled_from(FACES).map(lambda face: emoji(face)[0])),
    st.builds(Field, st.just("tone"), st.sampled_from(tuple(TONES))),
    st.builds(Field, st.just("kind"), st.sampled_from(KINDS)),
    st.builds(Field, st.just("has"), st.sampled_from(HAS)),
    st.builds(About, st.sampled_from(get_args(AboutName)), st.sampled_from((1, 2, 3, 70_000))),
    figures,
    days(),
)
leaves = st.one_of(words, words, phrases, nears, fields)


def joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda each: all_of(*each)),
        several.map(lambda each: any_of(*each)),
        parts.map(no),
    )


trees: st.SearchStrategy[Node] = st.recursive(leaves, joined, max_leaves=6)
"""Any tree, also such as a person may not write: NOT alone."""

queries = trees.filter(positive)
"""Trees that a text can stand for."""
