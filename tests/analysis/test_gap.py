"""The gap: three lists that part the words, honest states, and words for a headline."""

import math
from datetime import date

import numpy as np
import pytest

from openroads.analysis import gap_views
from openroads.analysis.divergence import Documents
from openroads.analysis.gap import Gap, TermCounts, TermDetails, Thresholds, Totals, assemble_gap
from openroads.analysis.gap_words import candidates, doubtful, tell_apart
from openroads.analysis.keyness import balanced_log_odds

TOTALS = Totals(
    posts=5_000, people=3_100, they_words=100_000, texts=60, passages=400, we_words=16_000
)

#       key            they: docs pos neg people   we: docs pos neg   language
ROWS = [
    ("winterbereik", 580, 60, 400, 410, 2, 2, 0, "nl"),
    ("monteur", 460, 80, 250, 300, 3, 2, 0, "nl"),
    ("wachten", 410, 10, 350, 280, 0, 0, 0, "nl"),
    ("cold", 200, 20, 120, 150, 0, 0, 0, "en"),
    ("spammer", 300, 0, 300, 2, 0, 0, 0, "nl"),
    ("zeldzaam", 9, 0, 3, 9, 0, 0, 0, "nl"),
    ("actieradius", 600, 80, 330, 400, 96, 70, 2, "nl"),
    ("app", 700, 300, 310, 500, 110, 62, 8, "nl"),
    ("fiets", 2_000, 600, 580, 1_500, 320, 98, 90, "nl"),
    ("vrijheid", 30, 12, 8, 25, 83, 80, 0, "nl"),
    ("design", 50, 20, 10, 44, 70, 60, 0, "nl"),
    ("made holland", 0, 0, 0, 0, 34, 30, 0, "nl"),
    ("holland", 3, 0, 0, 3, 36, 30, 0, "nl"),
    ("windmee", 900, 200, 300, 700, 300, 200, 10, "nl"),
]


def counts(rows=ROWS) -> TermCounts:
    they, we = (np.array([row[place] for row in rows]) for place in (1, 5))
    return TermCounts(np.arange(1, len(rows) + 1), they, we)


def details(rows=ROWS, **changed) -> TermDetails:
    """Every tone is known unless `changed` says otherwise."""
    keys, they, up, down, people, we, we_up, we_down, languages = zip(*rows, strict=True)
    columns = {
        "they_people": people, "they_rated": they, "they_positive": up, "they_negative": down,
        "we_rated": we, "we_positive": we_up, "we_negative": we_down,
    } | changed  # fmt: skip
    arrays = {name: np.array(column) for name, column in columns.items()}
    return TermDetails(np.arange(1, len(rows) + 1), keys, keys, languages, **arrays)


def gap_of_rows(rows=ROWS, **more) -> Gap:
    return assemble_gap(counts(rows), details(rows), TOTALS, **more)


def keys(words) -> list[str]:
    return [word.key for word in words]


@pytest.fixture(scope="module")
def gap() -> Gap:
    return gap_of_rows(leave_out={len(ROWS)})


def test_each_list_holds_its_own_words_the_furthest_apart_for_sure_first(gap):
    assert set(keys(gap.they_say)) == {"winterbereik", "monteur", "wachten", "cold"}
    assert set(keys(gap.we_say)) == {"vrijheid", "design", "made holland"}
    assert keys(gap.contested) == ["actieradius", "app"]
    for words in (gap.they_say, gap.we_say):
        assert [word.times for word in words] == sorted((w.times for w in words), reverse=True)
        assert all(word.times > 1 for word in words)


def test_a_word_of_one_side_alone_stands_above_one_both_say_however_sure_that_is():
    counted = TermCounts(np.arange(3), np.array([600, 390, 9_000]), np.array([24, 0, 2_500]))
    apart = tell_apart(counted)
    assert apart.z[0] > apart.z[1] > 3.3
    assert apart.times[1] > 1.5 * apart.times[0]


def test_the_ratio_is_the_lower_end_of_the_interval_of_the_log_odds():
    counted = TermCounts(np.arange(2), np.array([40, 960]), np.array([5, 995]))
    odds = balanced_log_odds([40, 960], [5, 995])
    low = odds.delta[0] - 1.959964 * odds.variance[0] ** 0.5
    assert tell_apart(counted).times[0] == pytest.approx(math.exp(low))


def test_one_spammer_and_rare_words_make_no_gap(gap):
    assert not {"spammer", "zeldzaam"} & set(keys(gap.words))


def test_the_brands_own_name_counts_nowhere(gap):
    assert "windmee" not in keys(gap.words)
    assert "windmee" in keys(gap_of_rows().words)


def test_a_pair_that_carries_nearly_all_of_a_word_replaces_it(gap):
    assert "holland" not in keys(gap.words)


def test_both_sides_using_a_word_alike_is_no_gap(gap):
    word = next(word for word in gap.words if word.key == "fiets")
    assert (word.side, word.contested) == ("both", False)


def test_rates_are_documents_per_ten_thousand_words(gap):
    word = next(word for word in gap.words if word.key == "winterbereik")
    assert (word.they_rate, word.we_rate) == pytest.approx((58.0, 1.25))
    assert word.they_feel.value == pytest.approx(100 * (60 - 400) / 580)
    assert word.we_feel.value == 100
    assert word.place < 0
    alone = next(word for word in gap.words if word.key == "wachten")
    assert alone.we_feel is None and alone.feel_gap is None


def test_net_sentiment_is_of_the_posts_whose_tone_is_known():
    rated = [100 if row[0] == "monteur" else row[1] for row in ROWS]
    halves = {"they_positive": [80 if row[0] == "monteur" else row[2] for row in ROWS],
              "they_negative": [20 if row[0] == "monteur" else row[3] for row in ROWS]}  # fmt: skip
    found = assemble_gap(counts(), details(they_rated=rated, **halves), TOTALS)
    feel = next(word for word in found.words if word.key == "monteur").they_feel
    assert (feel.value, feel.n) == (pytest.approx(60), 100)


def test_a_word_whose_tone_nobody_knows_has_no_feeling_and_is_not_contested(gap):
    rated = [0 if row[0] == "app" else row[1] for row in ROWS]
    nothing = {"they_positive": [0 if row[0] == "app" else row[2] for row in ROWS],
               "they_negative": [0 if row[0] == "app" else row[3] for row in ROWS]}  # fmt: skip
    found = assemble_gap(
        counts(), details(they_rated=rated, **nothing), TOTALS, leave_out={len(ROWS)}
    )
    assert keys(found.contested) == ["actieradius"] and "app" in keys(gap.contested)
    app = next(word for word in found.words if word.key == "app")
    assert app.they_feel is None and app.feel_gap is None and app.we_feel.n == 110


def test_only_words_that_may_be_shown_are_looked_at_closely():
    kept = counts()
    asked = set(candidates(kept, tell_apart(kept), Thresholds()).tolist())
    named = {row[0] for place, row in enumerate(ROWS, 1) if place in asked}
    assert named == {row[0] for row in ROWS} - {"zeldzaam"}
    few = candidates(kept, tell_apart(kept), Thresholds(), most=2)
    assert {ROWS[one - 1][0] for one in few.tolist()} == {
        "winterbereik", "monteur", "windmee", "vrijheid", "fiets",
    }  # fmt: skip


def test_people_are_asked_for_where_they_decide():
    kept, apart = counts(), tell_apart(counts())
    unknown = details(they_people=[0] * len(ROWS))
    asked = set(doubtful(kept, apart, unknown, TOTALS, Thresholds()).tolist())
    named = {ROWS[place - 1][0] for place in asked}
    # Words of ours need no people behind them, unless the feelings about them are contested.
    assert named >= {"winterbereik", "monteur", "wachten", "cold", "spammer", "app"}
    assert not named & {"vrijheid", "design", "made holland", "zeldzaam", "fiets"}
    told = unknown.with_people(np.array(sorted(asked)), np.full(len(asked), 5))
    assert len(doubtful(kept, apart, told, TOTALS, Thresholds())) == 0


def test_the_shares_of_the_words_are_parts_of_the_whole(gap):
    assert 0.5 < sum(word.share for word in gap.words) <= 1


@pytest.mark.parametrize(
    ("posts", "passages", "shortage"), [(29, 400, "posts"), (5_000, 4, "passages")]
)
def test_too_little_read_says_so_and_gives_no_score(posts, passages, shortage):
    few = Totals(posts, 20, 900, 2, passages, 100)
    gap = assemble_gap(counts(), details(), few)
    assert (gap.shortage, gap.score, gap.they_say, gap.words) == (shortage, None, (), ())


def test_words_on_one_side_only_give_no_score():
    silent = [(row[0], *row[1:5], 0, 0, 0, row[-1]) for row in ROWS]
    gap = gap_of_rows(silent)
    assert (gap.shortage, gap.score) == ("passages", None)
    nothing = counts([ROWS[0]]).of(np.array([False]))
    assert assemble_gap(nothing, details(), TOTALS).score is None


def scattered(random, docs, documents) -> Documents:
    """Documents in which each term stands as often as its count says, at random places."""
    held = np.zeros((documents, len(docs)), dtype=bool)
    for term, count in enumerate(docs):
        held[random.choice(documents, count, replace=False), term] = True
    return Documents.of([np.flatnonzero(row).tolist() for row in held])


def test_the_score_comes_from_documents_when_they_are_given():
    random = np.random.default_rng(2)
    they = scattered(random, counts().they_docs, 5_000)
    we = scattered(random, counts().we_docs, 400)
    gap = gap_of_rows(they_sample=they, we_documents=we)
    assert gap.score.method == "documents"
    assert gap.score.beyond_chance
    assert gap.score.interval.low <= gap.score.value <= gap.score.interval.high
    assert gap_of_rows(they_sample=they, we_documents=we) == gap


def test_a_null_archive_gives_few_words_and_no_gap_beyond_chance():
    random = np.random.default_rng(4)
    shares = 1 / np.arange(1, 801)
    shares /= shares.sum()

    def documents(n):
        return Documents.of(
            [np.unique(random.choice(800, 12, p=shares)).tolist() for _ in range(n)]
        )

    they, we = documents(4_000), documents(300)
    a, b = they.counts(800).astype(int), we.counts(800).astype(int)
    names = [f"w{place}" for place in range(800)]
    ids = np.arange(800)
    known = TermDetails(ids, names, names, ["nl"] * 800, a, a, a // 3, a // 4, b, b // 3, b // 4)
    totals = Totals(4_000, 4_000, 60_000, 30, 300, 4_500)
    gap = assemble_gap(TermCounts(ids, a, b), known, totals, they_sample=they, we_documents=we)
    assert len(gap.they_say) + len(gap.we_say) <= 3
    assert len(gap.contested) <= 2
    assert not gap.score.beyond_chance


def test_the_rule_of_false_discoveries_can_be_chosen_instead_of_z():
    by_q = gap_of_rows(thresholds=Thresholds(rule="bh"))
    for word in by_q.words:
        assert word.sure == (word.q < 0.05)


def test_the_headline_takes_words_of_its_language_first(gap):
    nl = gap_views.headline(gap, language="nl")
    assert len(nl.we) == 2 and len(nl.they) == 3
    assert all(word.language == "nl" for word in nl.they)
    assert keys(gap_views.headline(gap, language="en").they)[0] == "cold"
    assert gap_views.headline(Gap(TOTALS, Thresholds(), "posts", None)).they == ()


def test_the_axis_takes_from_every_group_and_never_too_many(gap):
    few = gap_views.axis_words(gap, most=6)
    assert len(few) == 6
    assert {word.side for word in few} >= {"they", "we"}
    assert len(gap_views.axis_words(gap)) == len(gap.words)


def months(n):
    return [date(2026, month, 1) for month in range(1, n + 1)]


def series_of(weights, volume=None):
    """Months in which the brand's words move towards the customers' by `weights`."""
    random = np.random.default_rng(1)
    shares = 1 / np.arange(1, 201)
    shares /= shares.sum()
    volume = volume or [4_000] * len(weights)
    they = np.array([random.poisson(shares * n * 10) for n in volume])
    we = np.array(
        [random.poisson((w * shares + (1 - w) * np.roll(shares, 40)) * 3_000) for w in weights]
    )
    return gap_views.gap_series(months(len(weights)), they, we, volume, [300] * len(weights))


def test_twelve_months_tell_a_narrowing_gap_from_a_still_one():
    narrowing = series_of(np.linspace(0.2, 0.6, 12))
    assert gap_views.course(narrowing) == "narrowing"
    assert gap_views.course(narrowing[::-1]) == "widening"
    assert gap_views.course(series_of([0.4] * 12)) == "none"


def test_a_month_with_too_few_posts_has_no_score():
    series = series_of([0.3, 0.3, 0.3], [4_000, 29, 4_000])
    assert [point.score is None for point in series] == [False, True, False]
    assert gap_views.course(series) == "unknown"


def test_falling_volume_alone_is_no_widening_gap():
    shrinking = series_of([1.0] * 12, [4_000 // (1 + month) for month in range(12)])
    values = [point.score.value for point in shrinking]
    assert values[-1] > values[0]
    assert gap_views.course(shrinking) != "widening"
