"""The shortest script for one half of the question: pandas, vaderSentiment on every text whatever its
language, words counted per week as they are written. `python bench/importing_naive.py POSTS.csv`
"""

import json
import re
import sys
from collections import Counter

import pandas as pd
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

WORD = re.compile(r"[#@]?[^\W\d_][\w'-]+")


def main(path: str) -> None:
    """Print how much was counted."""
    frame = pd.read_csv(path, dtype=str)
    when = pd.to_datetime(frame["created_at"], utc=True, format="ISO8601")
    week = when.dt.strftime("%G-%V")
    analyser = SentimentIntensityAnalyzer()
    words: dict[str, Counter[str]] = {}
    tones = []
    for text, key in zip(frame["text"], week, strict=True):
        words.setdefault(key, Counter()).update(set(WORD.findall(text.lower())))
        tones.append(analyser.polarity_scores(text)["compound"])
    frame["tone"] = tones
    frame.groupby(week)["tone"].mean()
    print(json.dumps({"posts": len(frame), "weeks": len(words)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
