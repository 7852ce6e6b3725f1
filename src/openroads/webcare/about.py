"""What cases are about: the topics the archive files their posts under, kept with the case."""

from collections.abc import Collection, Iterable
from datetime import datetime

from openroads.archive.queries.topics import topics_of_posts
from openroads.directory.conversations import archive
from openroads.webcare.models import Case, Message

AT_ONCE = 500


def note_topics(posts: Collection[int]) -> int:
    """Write down what the cases of these posts are about; gives in how many that is something new."""
    said = Message.objects.filter(kind=Message.Kind.THEIRS, post__in=list(posts))
    return _note(set(said.values_list("case", flat=True)))


def note_topics_since(moment: datetime) -> int:
    """The same for every case with a word since a moment: topics are made and changed later than words."""
    said = Message.objects.filter(kind=Message.Kind.THEIRS, received_at__gte=moment)
    return _note(set(said.values_list("case", flat=True)))


def _note(cases: Iterable[int]) -> int:
    numbers, noted = sorted(cases), 0
    for start in range(0, len(numbers), AT_ONCE):
        noted += _note_some(numbers[start : start + AT_ONCE])
    return noted


def _note_some(numbers: Collection[int]) -> int:
    rows = Message.objects.filter(case__in=numbers, kind=Message.Kind.THEIRS)
    said = [
        (case, post, moment)
        for case, post, moment in rows.values_list("case", "post", "said_at")
        if post is not None
    ]
    filed = topics_of_posts(archive(), [(post, moment) for _case, post, moment in said])
    about: dict[int, set[int]] = {}
    for case, post, _moment in said:
        about.setdefault(case, set()).update(filed.get(post, ()))
    changed: dict[tuple[int, ...], list[int]] = {}
    for case, known in Case.objects.filter(pk__in=numbers).values_list("pk", "topics"):
        topics = sorted(about.get(case, ()))
        if topics != known:
            changed.setdefault(tuple(topics), []).append(case)
    return sum(
        Case.objects.filter(pk__in=cases).update(topics=list(topics))
        for topics, cases in changed.items()
    )
