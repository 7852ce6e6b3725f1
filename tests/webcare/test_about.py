"""What a case is about: the topics its posts are filed under, also those that were made later."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

pytestmark = pytest.mark.django_db

SHOP = (7, "winkel")
BATTERY = (3, "accu")


def _file(*topics: tuple[int, str]) -> None:
    """File every post of the cases under these topics (number, query)."""
    from openroads.analysis.query.parse import parse
    from openroads.archive.filing import Standing, file_posts
    from openroads.directory.conversations import archive
    from openroads.webcare.models import Message

    standing = []
    for number, text in topics:
        query = parse(text).query
        assert query is not None
        standing.append(Standing(number, number, query))
    said = Message.objects.filter(kind=Message.Kind.THEIRS, post__isnull=False)
    file_posts(archive(), standing, list(said.values_list("post", "said_at")))


def test_a_case_is_about_the_topics_of_all_that_was_said_in_it(lands: Any, case: Any) -> None:
    from openroads.webcare.about import note_topics_since
    from openroads.webcare.actions.taking_in import take_in

    lands("@windmee en in de winkel wisten ze het niet?", reply_to="winter", native="more")
    take_in()
    assert case.messages.count() == 2
    hour_ago = timezone.now() - timedelta(hours=1)
    assert note_topics_since(hour_ago) == 0, "no topic was made yet"
    _file(BATTERY, SHOP)
    assert note_topics_since(hour_ago) == 1
    case.refresh_from_db()
    assert case.topics == [3, 7]
    assert note_topics_since(hour_ago) == 0, "nothing new"


def test_what_comes_in_is_noted_with_the_case_at_once(lands: Any, case: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in

    _file(BATTERY)
    lands("@windmee iemand?", reply_to="winter", native="more")
    assert take_in().went_on == 1
    case.refresh_from_db()
    assert case.topics == [3]


def test_who_asks_again_in_another_case_of_the_same_topic_asked_again(
    lands: Any, case: Any, daan: Any
) -> None:
    from openroads.webcare.about import note_topics_since
    from openroads.webcare.actions.moving import needs_no_answer
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.help.settling import asked_again
    from openroads.webcare.models import Case

    closed = timezone.now() - timedelta(minutes=4)
    needs_no_answer(by=daan, case=case)
    lands("@windmee nog steeds: is mijn accu stuk?", native="again", ago=timedelta(minutes=1))
    take_in()
    assert Case.objects.count() == 2
    case.refresh_from_db()
    assert not asked_again(case, case.cycle, closed), "what it is about is not known yet"
    _file(BATTERY)
    note_topics_since(timezone.now() - timedelta(hours=1))
    case.refresh_from_db()
    assert asked_again(case, case.cycle, closed)
