"""Whether an answer helped: what counts as asking again, the share with its interval, and what is suggested for it."""

from datetime import UTC, datetime, timedelta

import pytest

from openroads.analysis.intervals import wilson
from openroads.webcare.happening import Type, happened
from openroads.webcare.help import actions, settling
from openroads.webcare.help.models import Use
from openroads.webcare.help.outcomes import Helped, helped_of
from openroads.webcare.help.queries import helped_before, helped_by
from openroads.webcare.help.suggesting import suggest
from openroads.webcare.models import Contact, Message
from tests.webcare.saying import again, close, ours, theirs

CAME = datetime(2026, 9, 1, 9, tzinfo=UTC)
LATER = CAME + timedelta(days=30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def article(daan):
    made = actions.write_article(by=daan, language="nl", title="Laden", body="Vier uur.")
    actions.publish_article(by=daan, article=made)
    return made


@pytest.fixture
def answered(a_case, daan, article):
    """A case answered with the article and closed after two hours; its use noted."""

    def make(**told):
        case = a_case(
            came=CAME, answered=HOUR, closed=2 * HOUR, by=daan, helped_by=("article 1",), **told
        )
        settling.note_uses(message=Message.objects.get(case=case, kind="ours"))
        return case

    return make


def _again():
    settling.settle_uses(now=LATER)
    return Use.objects.get(article__number=1).asked_again


def test_uses_are_noted_once_a_cycle_and_only_of_what_exists(a_case, daan, article):
    case = a_case(came=CAME)
    message = ours(
        case, CAME + HOUR, by=daan, helped_by=("article 1", "reply 9", "article x", "poem 1")
    )
    assert settling.note_uses(message=message) == 1
    assert settling.note_uses(message=message) == 0
    more = ours(case, CAME + 2 * HOUR, by=daan, helped_by=("article 1",))
    assert settling.note_uses(message=more) == 0, "one cycle counts once"
    again(case, CAME + DAY, post=5)
    assert (
        settling.note_uses(message=ours(case, CAME + DAY, by=daan, helped_by=("article 1",))) == 1
    )


def test_the_hour_gathers_what_has_left_and_nothing_else(a_case, daan, article):
    kept = a_case(came=CAME, answered=HOUR, by=daan, helped_by=("article 1",))
    back = a_case(came=CAME, answered=HOUR, by=daan, helped_by=("article 1",))
    Message.objects.filter(case=back, kind="ours").update(taken_back_at=CAME + HOUR)
    waits = a_case(came=CAME, answered=HOUR, by=daan, helped_by=("article 1",))
    Message.objects.filter(case=waits, kind="ours").update(approval="asked")
    assert settling.gather_uses(now=CAME + DAY) == 1
    assert list(Use.objects.values_list("case", flat=True)) == [kept.pk]


def test_who_stays_quiet_for_fourteen_days_did_not_ask_again(answered):
    case = answered()
    settling.settle_uses(now=CAME + timedelta(days=14))
    assert Use.objects.get().settled_at is None, "two hours too early: it closed at eleven"
    assert _again() is False
    again(case, LATER, post=5)
    assert _again() is False, "later than fourteen days is another question"


def test_who_writes_in_the_same_case_asked_again(answered):
    again(answered(), CAME + 2 * HOUR + timedelta(days=14), post=5)
    assert _again() is True


def test_a_thank_you_is_no_question_but_a_question_with_thanks_is(answered, daan):
    case = answered()
    again(case, CAME + DAY, post=5)
    happened(case, Type.THANKS, by=daan, at=CAME + DAY)
    assert _again() is False
    Use.objects.update(settled_at=None)
    ours(case, CAME + DAY, by=daan)
    assert _again() is True, "we had to answer"


def test_another_case_of_the_same_person_counts_when_it_is_about_the_same(answered, a_case):
    case = answered(topics=("7",))
    a_case(came=CAME + DAY, person=case.identity, topics=("8",))
    assert _again() is False
    Use.objects.update(settled_at=None)
    a_case(came=CAME + DAY, person=case.identity, topics=("7", "8"))
    assert _again() is True


def test_who_is_the_same_person_under_another_name_counts_and_a_stranger_does_not(answered, a_case):
    case = answered(topics=("7",))
    other = a_case(came=CAME + DAY, topics=("7",))
    assert _again() is False
    Use.objects.update(settled_at=None)
    Contact.objects.filter(pk=other.identity.contact_id).update(merged_into=case.identity.contact)
    assert _again() is True


def test_of_a_case_that_became_part_of_another_nothing_is_said(answered, a_case):
    case = answered()
    case.merged_into = a_case()
    case.save()
    settling.settle_uses(now=LATER)
    use = Use.objects.get()
    assert use.asked_again is None and use.settled_at == LATER


def test_what_is_not_closed_is_not_settled(a_case, daan, article):
    case = a_case(came=CAME, answered=HOUR, by=daan, helped_by=("article 1",))
    settling.note_uses(message=Message.objects.get(case=case, kind="ours"))
    settling.settle_uses(now=LATER)
    assert Use.objects.get().settled_at is None
    close(case, CAME + DAY)
    settling.settle_uses(now=LATER)
    assert Use.objects.get().asked_again is False


def test_under_thirty_no_share_is_told_and_from_thirty_it_has_its_interval():
    assert Helped().said == "not used yet"
    assert Helped(3, 0, 0).said == "unknown: nothing is fourteen days old yet"
    assert helped_of([None, True, False, False]).said == "too few to say (2 of 3)"
    # Wilson for 36 of 40: 0.9, 0.7695 to 0.9604
    many = Helped(45, 40, 36)
    assert many.said == "90%, 77 to 96%, n 40"
    assert many.at_least == pytest.approx(float(wilson(36, 40).low))
    assert many.at_least == pytest.approx(0.7695, abs=1e-4)


def test_what_helped_before_for_the_same_topics_comes_first(a_case, daan, article):
    other = actions.write_article(
        by=daan, language="nl", title="Laden in de kou", body="Binnen laden."
    )
    actions.publish_article(by=daan, article=other)
    assert suggest("laden in de kou", "nl", topics=("7",))[0].code == "article 2"
    for _number in range(20):
        case = a_case(came=CAME, topics=("7",))
        message = ours(case, CAME + HOUR, by=daan, helped_by=("article 1",))
        settling.note_uses(message=message)
    Use.objects.update(asked_again=False, settled_at=LATER)
    assert helped_before(("7",))[0][article.pk] == Helped(20, 20, 20)
    assert helped_before(("8",)) == ({}, {})
    best, second = suggest("laden", "nl", topics=("7",))
    assert (best.code, best.used, second.code) == ("article 1", 20, "article 2")
    assert suggest("iets heel anders", "nl", topics=("7",))[0].code == "article 1", "known to help"
    assert suggest("iets heel anders", "nl", topics=("8",)) == []


def test_figures_of_many_articles_are_one_question(
    a_case, daan, article, django_assert_num_queries
):
    case = a_case(came=CAME, topics=("7",))
    settling.note_uses(message=ours(case, CAME + HOUR, by=daan, helped_by=("article 1",)))
    theirs(case, CAME + 2 * HOUR, post=77)
    with django_assert_num_queries(1):
        assert helped_by("article", [article.pk, 99]) == {article.pk: Helped(1, 0, 0)}
