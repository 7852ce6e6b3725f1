"""Tone against labelled corpora beside the project; the texts are read, never copied."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
MENTION = re.compile(r"@\w+")


def macro_f1(gold: Sequence[str], told: Sequence[str]) -> float:
    """Mean of the F1 of each class in `gold`."""
    scores = []
    for label in sorted(set(gold)):
        hit = sum(g == t == label for g, t in zip(gold, told, strict=True))
        said, real = sum(t == label for t in told), sum(g == label for g in gold)
        scores.append(2 * hit / (said + real) if said + real else 0.0)
    return sum(scores) / len(scores)


def best_accuracy(gold: Sequence[int], tone: Sequence[float]) -> tuple[float, float]:
    """The accuracy of two classes at the best threshold, and that threshold."""
    found = (0.0, 0.0)
    for step in range(-100, 101):
        edge = step / 100
        right = sum((value > edge) == (label > 0) for value, label in zip(tone, gold, strict=True))
        found = max(found, (right / len(gold), edge))
    return found


def main() -> None:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    from openroads.analysis.pipeline import Analyser

    if not SHARED.is_dir():
        print(f"left out: no labelled corpora in {SHARED}")
        return
    rows = list(csv.DictReader((SHARED / "airline-tweets.csv").open(encoding="utf-8")))
    texts = [MENTION.sub("@x", row["text"]) for row in rows]
    gold = [row["airline_sentiment"] for row in rows]
    words = {1: "positive", 0: "neutral", -1: "negative", -128: "neutral"}
    told = [words[int(mood)] for mood in Analyser(languages=("en",)).analyse(texts).mood]
    rival = SentimentIntensityAnalyzer()
    theirs = []
    for text in texts:
        compound = rival.polarity_scores(text.replace("@x", ""))["compound"]
        theirs.append(
            "positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral"
        )
    print(
        f"English, {len(rows)} tweets, macro-F1: ours {macro_f1(gold, told):.3f}, vaderSentiment {macro_f1(gold, theirs):.3f}"
    )
    rows = list(csv.DictReader((SHARED / "bol-reviews-nl.csv").open(encoding="utf-8")))
    tone = Analyser(languages=("nl",)).analyse([row["text"] for row in rows]).tone
    share, edge = best_accuracy(
        [int(row["label"]) for row in rows], [float(v) if v == v else 0.0 for v in tone]
    )
    print(f"Dutch, {len(rows)} reviews, accuracy {share:.3f} at the best threshold {edge:.2f}")
