"""Makes the archive say what people and models in force say of posts; done again it changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from openroads.analysis.learning.applying import Outcome, outcomes
from openroads.analysis.learning.aspects import MOODS
from openroads.analysis.learning.features import Columns
from openroads.analysis.learning.model import Teller
from openroads.archive.corrections import Correction, correct
from openroads.archive.queries.corrections import PostRead, posts_read
from openroads.directory.conversations import archive
from openroads.listening import queries as listening
from openroads.listening.analysing import analyser_for
from openroads.listening.labels import queries
from openroads.listening.labels.models import Aspect, Label

PERSON = "+person"
"""Behind the version of the analyser, when a person said something of the post."""


@dataclass(frozen=True)
class Settled:
    """What came of it, in posts."""

    written: int
    changed: int
    """Of these: whose mood, kind or language is another now."""


def settle(keys: Sequence[tuple[int, datetime]]) -> Settled:
    """Bring the posts with these keys (id, published_at) in line with their labels, and for the rest
    with the models in force."""
    rows = list(posts_read(archive(), keys).values())
    return settle_rows(rows, queries.models_in_force())


def settle_rows(rows: Sequence[PostRead], models: Sequence[Teller]) -> Settled:
    """The same for posts read before."""
    if not rows:
        return Settled(0, 0)
    labels = queries.held_values(row.id for row in rows)
    ended = _languages_taken_back(rows)
    wanted = []
    languages = [_language(row, labels.get(row.id, {}), ended) for row in rows]
    tones = tones_of(rows, languages)
    found = told_now(rows, languages, tones, models)
    changed = 0
    for place, (row, language) in enumerate(zip(rows, languages, strict=True)):
        correction = _wanted(row, language, tones[place], found, place, labels.get(row.id, {}))
        changed += (correction.mood, correction.kind, correction.language) != (
            row.mood,
            row.kind,
            row.language,
        )
        wanted.append(correction)
    return Settled(correct(archive(), wanted), changed)


def told_now(
    rows: Sequence[PostRead],
    languages: Sequence[str],
    tones: Sequence[float],
    models: Sequence[Teller],
) -> Outcome:
    """What analyser and models say of posts, whatever people said."""
    columns = Columns(languages, np.array(tones, np.float32))
    return outcomes([row.whole_text for row in rows], columns, models)


def tones_of(rows: Sequence[PostRead], languages: Sequence[str]) -> list[float]:
    """The tone of posts by the word list of the language they are in; of a post whose language
    changes it is read anew, because the list of another language made the one that stands there."""
    tones = [row.tone for row in rows]
    moved = [place for place, row in enumerate(rows) if row.language != languages[place]]
    if moved:
        texts = [rows[place].whole_text for place in moved]
        told = [languages[place] for place in moved]
        read = analyser_for(listening.reader()).analyse(texts, None, told)
        for place, tone in zip(moved, read.tone.tolist(), strict=True):
            tones[place] = tone
    return tones


def _language(row: PostRead, labels: dict[str, Label], ended: dict[int, str]) -> str:
    """The language by a person; or, when that was taken back, as it was before; or as it stands."""
    label = labels.get(Aspect.LANGUAGE)
    return label.value if label is not None else ended.get(row.id, row.language)


def _languages_taken_back(rows: Sequence[PostRead]) -> dict[int, str]:
    """What the analyser had said of the language of posts that stand in one somebody said and took
    back. A post that was read afresh meanwhile stands in it too, and bears no mark of it."""
    now = {row.id: row.language for row in rows}
    labels = Label.objects.filter(
        post__in=list(now), aspect=Aspect.LANGUAGE, undone_at__isnull=False
    )
    found: dict[int, str] = {}
    for label in labels.order_by("-pk"):
        if label.value == now[label.post]:
            found[label.post] = label.said
    return found


def _wanted(
    row: PostRead,
    language: str,
    read: float,
    found: Outcome,
    place: int,
    labels: dict[str, Label],
) -> Correction:
    tone, kind = labels.get(Aspect.TONE), labels.get(Aspect.KIND)
    return Correction(
        id=row.id,
        published_at=row.published_at,
        analyser=found.analyser[place] + (PERSON if labels else ""),
        mood=MOODS[tone.value] if tone is not None else int(found.mood[place]),
        kind=kind.value if kind is not None else found.kind[place],
        language=language,
        tone=read if language != row.language else None,
    )
