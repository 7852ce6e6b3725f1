"""Reading an archive again with a learned model, and what saying what a post is costs.

Run: python -m bench.rescoring [posts] (default 20,000 posts of the demo company). The model is taught
what the word lists say of a thousand posts: how right it is does not matter here, how fast does.
"""

import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

MOODS = {1: "positive", 0: "neutral", -1: "negative"}


def main(posts_wanted: int = 20_000) -> None:
    from openroads.cli import house

    with tempfile.TemporaryDirectory() as name:
        house.settle_state(Path(name))
        from openroads.demo.filling import fill_demo
        from openroads.directory.conversations import archive, close_archive

        fill_demo(today=date(2026, 11, 22), posts=posts_wanted, say=lambda _text: None)
        try:
            _measure(archive())
        finally:
            close_archive()


def _measure(archive: object) -> None:
    import numpy as np

    from openroads.analysis.learning.features import Columns
    from openroads.analysis.learning.training import Labelled, train
    from openroads.analysis.learning.weights import dumped
    from openroads.archive.queries.corrections import sampled
    from openroads.archive.scope import Scope
    from openroads.directory.people import system_person
    from openroads.listening.labels.actions.labelling import label_post
    from openroads.listening.labels.actions.rescoring import rescore
    from openroads.listening.labels.models import Decision, LearnedModel

    today, by = datetime.now(UTC).date(), system_person()
    whole = Scope(date(2020, 1, 1), today + timedelta(days=1), languages=("nl",))
    rows = [row for row in sampled(archive, whole, most=1_000, seed=1) if row.mood in MOODS]
    columns = Columns(["nl"] * len(rows), np.array([row.tone for row in rows], np.float32))
    model = train(
        Labelled([row.whole_text for row in rows], columns, [MOODS[row.mood] for row in rows]),
        "tone",
    )
    took = []
    for row in rows[:20]:
        began = time.perf_counter()
        value = "negative" if row.mood > 0 else "positive"
        label_post(by=by, post=row.id, published_at=row.published_at, aspect="tone", value=value)
        took.append(time.perf_counter() - began)
    print(
        f"saying what a post is, sums included: {1000 * statistics.median(took):.0f} ms at the median of 20 (most {1000 * max(took):.0f})"
    )
    kept = LearnedModel.objects.create(
        aspect="tone", language="nl", version=model.version, digest=model.digest,
        weights=dumped(model), labels=len(rows), audited=0, last_label=0, seconds=0.0, by=by,
    )  # fmt: skip
    Decision.objects.create(aspect="tone", language="nl", outcome="switched", after=kept, by=by)
    wall, cpu = time.perf_counter(), time.process_time()
    done = rescore(language="nl")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{done:,} posts read again and written: {done / wall:,.0f} posts/s by the clock, {done / cpu:,.0f} per second of processor time"
    )


if __name__ == "__main__":
    main(*[int(value.replace("_", "")) for value in sys.argv[1:2]])
