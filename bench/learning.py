"""Learning from labels, on labelled tweets beside the project; the texts are read, never copied."""

import csv
import re
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np

from openroads.analysis.learning.features import Columns
from openroads.analysis.learning.quantifying import corrected_shares
from openroads.analysis.learning.sampling import in_proportion
from openroads.analysis.learning.scores import confusion, macro_f1
from openroads.analysis.learning.switching import compare
from openroads.analysis.learning.training import (
    Labelled,
    Lessons,
    learned,
    lessons,
    out_of_fold,
    train,
)
from openroads.analysis.learning.weights import dumped
from openroads.analysis.learning.wordbook import _mine
from openroads.analysis.pipeline import Analyser
from openroads.analysis.tone import mood

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
CLASSES = ("negative", "neutral", "positive")
CUTS = (0.25, 0.4, 0.55, 0.7)


class Tweets:
    """The tweets in order of time, each id once, with what the word lists say of them."""

    def __init__(self) -> None:
        with (SHARED / "airline-tweets.csv").open(encoding="utf-8", newline="") as file:
            rows = {row["tweet_id"]: row for row in csv.DictReader(file)}
        ordered = sorted(rows.values(), key=lambda row: (_moment(row), int(row["tweet_id"])))
        self.texts = [row["text"] for row in ordered]
        self.values = [row["airline_sentiment"] for row in ordered]
        found = Analyser(languages=("en",)).analyse(self.texts)
        # All of them are English; two were taken for another language.
        self.columns = Columns(["en"] * len(self.texts), np.nan_to_num(found.tone))
        self.taught = lessons(Labelled(self.texts, self.columns, self.values), "tone")
        self.truth = self.taught.truth
        self.by_lists = np.array([mood(float(t), "en") + 1 for t in self.columns.tone], np.int8)
        self._same = [re.sub(r"\s+", " ", text.lower()) for text in self.texts]

    def __len__(self) -> int:
        return len(self.truth)

    def later(self, since: int, shown: np.ndarray) -> np.ndarray:
        """Places from `since` on whose text is not among those shown."""
        known = {self._same[place] for place in shown}
        return np.array([p for p in range(since, len(self)) if self._same[p] not in known])


def _moment(row: dict[str, str]) -> datetime:
    return datetime.strptime(row["tweet_created"], "%m/%d/%Y %H:%M")


def f1(truth: np.ndarray, told: np.ndarray) -> float:
    return float(macro_f1(confusion(truth, told, 3)))


def told_by(taught: Lessons, tweets: Tweets, places: np.ndarray) -> np.ndarray:
    """What a model of these lessons says of other tweets."""
    features = tweets.taught.features.take(places)
    return learned(taught).predict_features(features, ["en"] * len(places)).probabilities


def in_time(tweets: Tweets, size: int) -> Iterator[tuple[str, np.ndarray, int]]:
    """Labels that all lie before the tweets they are tried on: how chosen, places, first tried."""
    for cut in CUTS:
        until = int(len(tweets) * cut)
        if size <= until:
            yield "the last before", np.arange(until - size, until), until
            for seed in range(3):
                drawn = np.random.default_rng(seed).choice(until, size, replace=False)
                yield "drawn from before", np.sort(drawn), until
    yield "the very first", np.arange(size), size


def learning(tweets: Tweets) -> None:
    print(f"word lists alone: macro-F1 {f1(tweets.truth, tweets.by_lists):.3f} on all tweets")
    for size in (50, 100, 200, 500, 1000, 2000, 4000):
        found: dict[str, list[float]] = {}
        for how, places, since in in_time(tweets, size):
            later = tweets.later(since, places)
            told = told_by(tweets.taught.take(places), tweets, later).argmax(axis=1)
            found.setdefault(how, []).append(f1(tweets.truth[later], told.astype(np.int8)))
        every = [score for scores in found.values() for score in scores]
        print(
            f"{size:5} labels, time-ordered: macro-F1 {np.mean(every):.3f} (least {min(every):.3f}; "
            + ", ".join(f"{how} {np.mean(scores):.3f}" for how, scores in found.items())
            + ")"
        )


def speed(tweets: Tweets) -> None:
    for size in (200, 1000, 5000):
        columns = Columns(["en"] * size, tweets.columns.tone[:size])
        labelled = Labelled(tweets.texts[:size], columns, tweets.values[:size])
        began = time.process_time()
        model = train(labelled, "tone")
        took = time.process_time() - began
        print(
            f"{size:5} labels: trained with five folds in {took:.1f} s of processor time, {len(dumped(model)) / 1e6:.2f} MB"
        )
    rest = tweets.texts[5000:]
    columns = Columns(["en"] * len(rest), tweets.columns.tone[5000:])
    for state in ("new words", "known words"):
        if state == "new words":
            _mine.book = None
        began = time.process_time()
        model.predict(rest, columns)
        print(
            f"predicting, {state}: {len(rest) / (time.process_time() - began):,.0f} posts/s on one core"
        )


def switching(tweets: Tweets) -> None:
    """Thirty lives: labels drawn at random, tests at 200, 400 and 800; the truth is what all the
    other tweets say."""
    rivals = {
        "the word lists": None,
        "a model of 200 other labels": 200,
        "a model of 800 other labels": 800,
    }
    for name, own in rivals.items():
        wrong = wrong_runs = no_better = 0
        switched = dict.fromkeys((200, 400, 800), 0)
        for seed in range(30):
            drawn = np.random.default_rng(1000 + seed).permutation(len(tweets))
            stock, others = drawn[:800], drawn[800 : 800 + (own or 0)]
            rest = np.sort(drawn[800 + (own or 0) :])
            if own is None:
                old_there = tweets.by_lists
            else:
                rival = tweets.taught.take(np.sort(others))
                old_there = told_by(rival, tweets, np.arange(len(tweets))).argmax(1).astype(np.int8)
            old_score = f1(tweets.truth[rest], old_there[rest])
            erred = False
            for size in (200, 400, 800):
                places = np.sort(stock[:size])
                taught = tweets.taught.take(places)
                tried = out_of_fold(taught).argmax(axis=1).astype(np.int8)
                verdict = compare(taught.truth, old_there[places], tried, 3)
                new = told_by(taught, tweets, rest).argmax(axis=1).astype(np.int8)
                worse = f1(tweets.truth[rest], new) <= old_score
                no_better += worse
                switched[size] += verdict.switches
                wrong += worse and verdict.switches
                erred = erred or (worse and verdict.switches)
                if verdict.switches:
                    break
            wrong_runs += erred
        print(
            f"switch rule against {name}: wrong in {wrong_runs} of 30 runs ({wrong} of {no_better} looks "
            f"at a model no better); switched at 200/400/800: {'/'.join(map(str, switched.values()))}"
        )


def corrections(tweets: Tweets) -> None:
    """Labels that are only the analyser's mistakes, and the same put in proportion."""
    half = len(tweets) // 2
    mistakes = np.flatnonzero(tweets.truth[:half] != tweets.by_lists[:half])
    for size in (200, 1000):
        rows: dict[str, list[float]] = {}
        for seed in range(3):
            dice = np.random.default_rng(seed)
            audit = np.sort(dice.choice(half, 200, replace=False))
            wrong = np.setdiff1d(dice.permutation(mistakes)[:size], audit)
            both = np.union1d(audit, wrong)
            random = np.isin(both, audit)
            later = tweets.later(half, both)
            weights = in_proportion(tweets.truth[both], tweets.by_lists[both], random, 3)
            tries = {
                "mistakes only": tweets.taught.take(wrong),
                "200 drawn at random": tweets.taught.take(audit),
                "both as they come": tweets.taught.take(both),
                "both in proportion": tweets.taught.take(both, weights),
            }
            for name, taught in tries.items():
                told = told_by(taught, tweets, later).argmax(axis=1).astype(np.int8)
                rows.setdefault(name, []).append(f1(tweets.truth[later], told))
        print(
            f"{size} corrected mistakes: "
            + ", ".join(f"{name} {np.mean(scores):.3f}" for name, scores in rows.items())
        )


def shares(tweets: Tweets) -> None:
    """Samples of tweets made 20% to 80% negative; the mean error of a class's share. Once with
    labels of the same days, once with labels of the days before."""
    half = len(tweets) // 2
    for when in ("the same days", "the days before"):
        for size in (200, 1000, 4000):
            errors: dict[str, list[float]] = {
                "word lists counted": [],
                "counted": [],
                "corrected": [],
            }
            inside = []
            for seed in range(6):
                dice = np.random.default_rng(seed)
                order = dice.permutation(len(tweets) if when == "the same days" else half)
                places = np.sort(order[:size])
                if when == "the same days":
                    later = np.sort(order[size:])
                else:
                    later = tweets.later(half, places)
                taught = tweets.taught.take(places)
                tried = out_of_fold(taught)
                told = told_by(taught, tweets, later)
                truth = tweets.truth[later]
                for negative in (0.2, 0.35, 0.5, 0.65, 0.8):
                    rows = _resampled(truth, negative, dice)
                    real = np.bincount(truth[rows], minlength=3) / len(rows)
                    found = corrected_shares(told[rows], tried, taught.truth)
                    lists = np.bincount(tweets.by_lists[later][rows], minlength=3) / len(rows)
                    errors["word lists counted"].append(float(np.abs(lists - real).mean()))
                    errors["counted"].append(float(np.abs(found.raw - real).mean()))
                    errors["corrected"].append(float(np.abs(found.corrected - real).mean()))
                    inside += ((found.low <= real) & (real <= found.high)).tolist()
            print(
                f"{size:5} labels of {when}, mean error of a share: "
                + ", ".join(f"{name} {np.mean(values):.3f}" for name, values in errors.items())
                + f"; the 95% interval held the truth in {100 * np.mean(inside):.0f}%"
            )


def _resampled(truth: np.ndarray, negative: float, dice: np.random.Generator) -> np.ndarray:
    """2,000 places, this share of them negative and the rest as it comes."""
    bad, other = np.flatnonzero(truth == 0), np.flatnonzero(truth != 0)
    number = int(2000 * negative)
    return np.concatenate((dice.choice(bad, number), dice.choice(other, 2000 - number)))


def dutch() -> None:
    """Book reviews, good or bad: the only labelled Dutch beside the project."""
    with (SHARED / "bol-reviews-nl.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["text"] for row in rows]
    tone = np.nan_to_num(Analyser(languages=("nl",)).analyse(texts).tone)
    values = ["positive" if int(row["label"]) > 0 else "negative" for row in rows]
    taught = lessons(Labelled(texts, Columns(["nl"] * len(texts), tone), values), "tone")
    lists = np.mean((tone > 0) == (taught.truth == 2))
    for size in (200, 1000):
        right = []
        for seed in range(5):
            drawn = np.random.default_rng(seed).permutation(len(texts))
            shown, held = np.sort(drawn[:size]), np.sort(drawn[size:])
            features = taught.features.take(held)
            told = learned(taught.take(shown)).predict_features(features, ["nl"] * len(held))
            best = np.where(told.probabilities[:, 2] > told.probabilities[:, 0], 2, 0)
            right.append(np.mean(best == taught.truth[held]))
        print(
            f"Dutch book reviews, {size} labels: accuracy {np.mean(right):.3f} (word lists {lists:.3f})"
        )


def main() -> None:
    if not SHARED.is_dir():
        print(f"left out: no labelled corpora in {SHARED}")
        return
    tweets = Tweets()
    print(f"{len(tweets)} tweets to airlines")
    for part in (learning, speed, switching, corrections, shares):
        part(tweets)
    dutch()


if __name__ == "__main__":
    main()
