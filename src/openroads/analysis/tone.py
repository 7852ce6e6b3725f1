"""From a tone to a mood, with the thresholds of each language."""

POSITIVE, NEUTRAL, NEGATIVE, UNKNOWN = 1, 0, -1, -128

THRESHOLDS = {"en": (-0.05, 0.05), "nl": (-0.1, 0.1), "und": (-0.1, 0.1)}
"""Per language the tone down to which a post is negative and up from which it is positive."""


def mood(tone: float, language: str) -> int:
    """1 positive, -1 negative, 0 neutral; -128 when the tone is not a number, because the
    language has no word list.
    """
    if tone != tone:
        return UNKNOWN
    down, up = THRESHOLDS.get(language, THRESHOLDS["und"])
    return POSITIVE if tone >= up else NEGATIVE if tone <= down else NEUTRAL
