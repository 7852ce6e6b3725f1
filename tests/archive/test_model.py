"""Whatever arrives, in whatever order and batches: the archive equals a plain model in Python."""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.archive.client import Archive
from openroads.archive.ingest import Landed, Origin, post_id, verify_rollups
from openroads.archive.queries import gap, posts
from openroads.archive.queries.totals import totals
from openroads.archive.scope import Scope
from tests.archive.saying import Said, gone, land, said

ORIGIN = Origin(source=1, purpose_voice="customer", own_handles=frozenset({"windmee"}))
START = datetime(2026, 9, 20, tzinfo=UTC)
SCOPE = Scope(date(2026, 9, 1), date(2026, 11, 1))
TEXTS = (
    "accu leeg na een jaar", "rem piept al weken hard", "mooi", "fijne fiets voor elke dag", "",
)  # fmt: skip

# A period of 20 days across a change of month, so that copies always see each other.
POST = st.builds(
    lambda number, text, hours, mood, author, repost, likes, products: said(
        str(number), text, START + timedelta(hours=hours), mood=mood, author=author, repost=repost,
        likes=likes, products=products, brands=(1,) if products else (),
    ),
    st.integers(0, 6), st.sampled_from(TEXTS), st.integers(0, 480), st.sampled_from((-1, 0, 1)),
    st.sampled_from(("ans", "bob", "", "windmee")), st.sampled_from((False, False, True)),
    st.sampled_from((None, 0, 3)), st.sampled_from(((), (4,), (4, 5))),
)  # fmt: skip
STEP = st.tuples(POST, st.sampled_from(("say", "say", "say", "delete")))
BATCHES = st.lists(st.lists(STEP, max_size=6), max_size=6)


@dataclass
class Model:
    """The archive as a dictionary."""

    posts: dict[str, Said]

    def voice(self, post: Said) -> str:
        return "brand" if post.message.author == "windmee" else "customer"

    def counted(self) -> list[Said]:
        """Posts that are neither a repost nor a copy of an earlier one."""
        seen: dict[str, set[str]] = {}
        kept = []
        in_time = sorted(
            self.posts.values(),
            key=lambda post: (post.message.said_at, post_id(1, post.message.native_id)),
        )
        for post in in_time:
            text, voice = post.message.text, self.voice(post)
            if post.message.repost:
                continue
            if len(text.split()) >= 4:
                voices = seen.setdefault(text, set())
                # The brand repeats only itself; a customer repeats anybody.
                if "brand" in voices or (voice == "customer" and voices):
                    continue
                voices.add(voice)
            kept.append(post)
        return kept


def compare(archive: Archive, model: Model) -> None:
    counted = model.counted()
    customers = [post for post in counted if model.voice(post) == "customer"]
    words = Counter(term for post in customers for term in set(post.message.text.split()))
    glad = Counter(
        term for post in customers if post.mood == 1 for term in set(post.message.text.split())
    )
    counts = gap.term_counts(archive, SCOPE)
    keys = {term.id: term.key for term in gap.terms(archive, counts.term.tolist())}
    found = {keys[i]: n for i, n in zip(counts.term.tolist(), counts.docs.tolist(), strict=True)}
    assert found == dict(words)
    up = {keys[i]: n for i, n in zip(counts.term.tolist(), counts.positive.tolist(), strict=True)}
    assert {key: n for key, n in up.items() if n} == dict(glad)
    read = totals(archive, SCOPE)
    everyone = list(model.posts.values())
    assert read.posts == len(customers)
    assert read.own_posts == len(counted) - len(customers)
    assert read.left_out_reposts == sum(
        post.message.repost for post in everyone if model.voice(post) == "customer"
    )
    listed = posts.posts_in_scope(archive, SCOPE, limit=100)
    assert {quote.url: (quote.text, quote.likes) for quote in listed} == {
        post.message.url: (post.message.text, post.message.likes)
        for post in everyone
        if not post.message.repost and model.voice(post) == "customer"
    }
    assert verify_rollups(archive) == []


def copied(archive: Path, folder: str) -> Path:
    return Path(shutil.copytree(archive, Path(folder) / "archive", symlinks=True))


@pytest.mark.slow
@settings(
    max_examples=10, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(batches=BATCHES)
def test_archive_and_sums_equal_the_model(
    empty_archive: Path, batches: list[list[tuple[Said, str]]]
) -> None:
    from openroads.directory.conversations import close_archive

    close_archive()
    model = Model({})
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(copied(empty_archive, folder), author_key=b"test key") as archive,
    ):
        for batch in batches:
            before = set(model.posts)
            rows = []
            for post, deed in batch:
                name = post.message.native_id
                post = post.but(url=name)
                rows.append(gone(post) if deed == "delete" else post)
                if deed == "delete":
                    model.posts.pop(name, None)
                else:
                    model.posts[name] = post
            landed = land(archive, *rows, origin=ORIGIN)
            after = set(model.posts)
            assert (landed.added, landed.deleted) == (len(after - before), len(before - after))
            figures = (landed.added, landed.changed, landed.same, landed.deleted, landed.withheld)
            assert sum(figures) == len(batch)
            compare(archive, model)
        if batches:
            again = land(archive, *model.posts.values(), origin=ORIGIN)
            assert again == Landed(0, 0, len(model.posts), 0)
