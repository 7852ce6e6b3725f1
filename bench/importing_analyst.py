"""The outputs of an import as an analyst would script them with the usual packages; nothing is stored.

`python bench/importing_analyst.py POSTS.csv NAMES.json NL-POLARITY.csv`

Per post: language, tone (vaderSentiment in English, the mean of the same open word list in Dutch), mood,
brands and products by their spellings, hashtags, mentions, emoji, exact copies. Per week: posts and
tone per language, and in how many posts each lemma and each pair of lemmas stands. It leaves out what
no package gives: kind of post, negation in Dutch, near-copies, terms with a preposition.
"""

import csv
import json
import re
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import simplemma
import stopwordsiso
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

LANGUAGES = ["nl", "en", "de", "fr", "es", "it", "pt"]
LEMMAS = {"nl", "en"}
WORD = re.compile(r"https?://\S+|[^\W\d_]+(?:['-][^\W\d_]+)*|[.!?,;:]")
HASHTAG = re.compile(r"#(\w+)")
MENTION = re.compile(r"@(\w+)")
EMOJI = re.compile("[\u2600-\u27bf\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]")

Names = list[tuple[str, str, "re.Pattern[str]"]]


def names_in(path: str) -> Names:
    """Each name, a piece of text all its spellings have, and a pattern of these spellings."""
    found = []
    for name, forms in json.loads(Path(path).read_text()).items():
        lowered = sorted({form.lower() for form in forms}, key=len, reverse=True)
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, lowered))})(?!\w)")
        found.append((name, name.lower(), pattern))
    return found


def polarity_in(path: str) -> dict[str, float]:
    """The mean polarity of each form of the Dutch word list."""
    senses: dict[str, list[float]] = {}
    with Path(path).open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            senses.setdefault(row["form"].lower(), []).append(float(row["polarity"]))
    return {form: sum(values) / len(values) for form, values in senses.items()}


def main(posts: str, names: str, dutch: str) -> None:
    """Print how much was found."""
    frame = pd.read_csv(posts, dtype=str, keep_default_na=False)
    when = pd.to_datetime(frame["created_at"], utc=True, format="ISO8601")
    frame["week"] = when.dt.strftime("%G-%V")
    frame["lowered"] = frame["text"].str.lower()
    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(LANGUAGES)
    frame["language"] = [detector.classify(text)[0] for text in frame["text"]]
    stop = {language: frozenset(stopwordsiso.stopwords(language)) for language in LANGUAGES}

    @cache
    def lemma(word: str, language: str) -> str | None:
        """None for a stopword."""
        if len(word) < 2 or not word[0].isalpha() or word in stop[language] or "://" in word:
            return None
        return simplemma.lemmatize(word, lang=language) if language in LEMMAS else word

    vader = SentimentIntensityAnalyzer()
    polarity = polarity_in(dutch)
    terms: dict[str, Counter[str]] = {}
    tones = []
    for text, lowered, language, week in zip(
        frame["text"], frame["lowered"], frame["language"], frame["week"], strict=True
    ):
        words = WORD.findall(lowered)
        lemmas = [lemma(word, language) for word in words]
        said = {one for one in lemmas if one}
        said.update(f"{one} {two}" for one, two in pairwise(lemmas) if one and two)
        terms.setdefault(week, Counter()).update(said)
        tone = float("nan")
        if language == "en":
            tone = vader.polarity_scores(text)["compound"]
        elif language == "nl":
            felt = [polarity[word] for word in words if word in polarity]
            tone = sum(felt) / len(felt) if felt else 0.0
        tones.append(tone)
    frame["tone"] = tones
    frame["mood"] = pd.cut(frame["tone"], [-2, -0.05, 0.05, 2], labels=[-1, 0, 1])
    for name, piece, pattern in names_in(names):
        frame[name] = [
            piece in lowered and pattern.search(lowered) is not None for lowered in frame["lowered"]
        ]
    frame["hashtags"] = [HASHTAG.findall(text) if "#" in text else [] for text in frame["lowered"]]
    frame["mentions"] = [MENTION.findall(text) if "@" in text else [] for text in frame["lowered"]]
    frame["emoji"] = [[] if text.isascii() else EMOJI.findall(text) for text in frame["text"]]
    frame["copy"] = frame["lowered"].str.replace(r"\W+", " ", regex=True).duplicated()
    weekly = frame.groupby(["week", "language"])["tone"].agg(["size", "mean"])
    told = {
        "posts": len(frame),
        "weeks": len(terms),
        "rows per week": len(weekly),
        "terms": len(set().union(*terms.values())),
        "languages": frame["language"].value_counts().to_dict(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
