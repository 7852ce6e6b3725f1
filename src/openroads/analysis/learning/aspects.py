"""What can be learned of a post: its tone or its kind, and the answers each of them has."""

from typing import Literal

from openroads.analysis.intent import COMPLAINT, OTHER, PRAISE, QUESTION
from openroads.analysis.tone import NEGATIVE, NEUTRAL, POSITIVE

Aspect = Literal["tone", "kind"]

CLASSES: dict[Aspect, tuple[str, ...]] = {
    "tone": ("negative", "neutral", "positive"),
    "kind": (QUESTION, COMPLAINT, PRAISE, OTHER),
}
"""The answers in the order in which probabilities stand."""

MOODS = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}
"""The answers to "tone" as the archive writes them."""

MOOD_NAMES = {mood: name for name, mood in MOODS.items()}
