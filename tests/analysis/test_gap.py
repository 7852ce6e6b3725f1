"""The gap: three lists that part the words, honest states, and words for a headline."""

from datetime import date

import numpy as np
import pytest

from openroads.analysis import gap_views
from openroads.analysis.divergence import Documents
from openroads.analysis.gap import Gap, TermCounts, Thresholds, Totals, assemble_gap

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
    keys, *figures, languages = zip(*rows, strict=True)
    return TermCounts(
        np.arange(1, len(rows) + 1), keys, keys, languages, *(np.array(f) for f in figures)
    )


def keys(words) -> list[str]:
    return [word.key for word in words]


@pytest.fixture(scope="module")
def gap() -> Gap:
    return assemble_gap(counts(), TOTALS, leave_out={len(ROWS)})


def test_each_list_holds_its_own_words_surest_first(gap):
    assert set(keys(gap.they_say)) == {"winterbereik", "monteur", "wachten", "cold"}
    assert set(keys(gap.we_say)) == {"vrijheid", "design", "made holland"}
    assert keys(gap.contested) == ["actieradius", "app"]
    for words in (gap.they_say, gap.we_say):
        assert [abs(word.z) for word in words] == sorted((abs(w.z) for w in words), reverse=True)


def test_one_spammer_and_rare_words_make_no_gap(gap):
    assert not {"spammer", "zeldzaam"} & set(keys(gap.words))


def test_the_brands_own_name_counts_nowhere(gap):
    assert "windmee" not in keys(gap.words)
    assert "windmee" in keys(assemble_gap(counts(), TOTALS).words)


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


def test_the_shares_of_the_words_are_parts_of_the_whole(gap):
    assert 0.5 < sum(word.share for word in gap.words) <= 1


@pytest.mark.parametrize(
    ("posts", "passages", "shortage"), [(29, 400, "posts"), (5_000, 4, "passages")]
)
def test_too_little_read_says_so_and_gives_no_score(posts, passages, shortage):
    few = Totals(posts, 20, 900, 2, passages, 100)
    gap = assemble_gap(counts(), few)
    assert (gap.shortage, gap.score, gap.they_say, gap.words) == (shortage, None, (), ())


def test_words_on_one_side_only_give_no_score():
    silent = [(row[0], *row[1:5], 0, 0, 0, row[-1]) for row in ROWS]
    gap = assemble_gap(counts(silent), TOTALS)
    assert (gap.shortage, gap.score) == ("passages", None)
    assert assemble_gap(counts([ROWS[0]]).of(np.array([False])), TOTALS).score is None


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
    gap = assemble_gap(counts(), TOTALS, they_sample=they, we_documents=we)
    assert gap.score.method == "documents"
    assert gap.score.beyond_chance
    assert gap.score.interval.low <= gap.score.value <= gap.score.interval.high
    again = assemble_gap(counts(), TOTALS, they_sample=they, we_documents=we)
    assert again == gap


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
    columns = TermCounts(
        np.arange(800), names, names, ["nl"] * 800, a, a // 3, a // 4, a, b, b // 3, b // 4
    )
    totals = Totals(4_000, 4_000, 60_000, 30, 300, 4_500)
    gap = assemble_gap(columns, totals, they_sample=they, we_documents=we)
    assert len(gap.they_say) + len(gap.we_say) <= 3
    assert len(gap.contested) <= 2
    assert not gap.score.beyond_chance


def test_the_rule_of_false_discoveries_can_be_chosen_instead_of_z():
    by_q = assemble_gap(counts(), TOTALS, thresholds=Thresholds(rule="bh"))
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
