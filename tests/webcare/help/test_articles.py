"""Articles: written in versions that never change, found by words in any form, published, checked, ended."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from openroads.delivery.models import Notice
from openroads.directory.models import TrailEntry
from openroads.webcare.help import actions, queries
from openroads.webcare.help.body import as_html, begins, blocks_of, differences, slug_of
from openroads.webcare.help.finding import words_of
from openroads.webcare.help.models import Article, ArticleFeedback, FindableText
from openroads.webcare.help.suggesting import suggest
from openroads.webcare.models import Message
from tests.webcare.saying import ours

WINTER = ("Hoe ver kom ik in de winter?", "Bij kou geeft de accu van je fiets minder stroom.\n\nJe bereik is dan een kwart korter.")  # fmt: skip
CHARGING = ("Hoe laad ik op?", "Steek de lader in de accu. Na vier uur is hij vol.")
LOCK = ("Mijn sleutel is kwijt", "Bel ons met het nummer dat op je kaart staat.")


@pytest.fixture
def written(daan):
    made = [
        actions.write_article(by=daan, language="nl", title=title, body=body)
        for title, body in (WINTER, CHARGING, LOCK)
    ]
    for one in made:
        actions.publish_article(by=daan, article=one)
    return made


def test_articles_are_numbered_in_order_and_begin_as_a_draft(daan):
    first = actions.write_article(by=daan, language="nl", title="  Hoe ver\n kom ik? ", body="Ver.")
    second = actions.write_article(by=daan, language="en", title="How far?", body="Far.")
    assert (first.code, second.code) == ("FAQ 1", "FAQ 2")
    assert first.state == Article.State.DRAFT and first.owner == daan
    assert queries.newest(first)["nl"].title == "Hoe ver kom ik?"
    assert not queries.public_articles().exists()


def test_a_version_is_added_and_none_is_changed(daan, noor):
    article = actions.write_article(by=daan, language="nl", title="Laden", body="Vier uur.")
    actions.write_version(by=noor, article=article, language="nl", title="Laden", body="Drie uur.")
    actions.write_version(
        by=noor, article=article, language="en", title="Charging", body="Three hours."
    )
    again = actions.write_version(
        by=noor, article=article, language="nl", title="Laden", body="Drie uur."
    )
    assert again is None, "the same words are no version"
    said = [(one.language, one.number, one.body) for one in article.versions.order_by("pk")]
    assert said == [("nl", 1, "Vier uur."), ("nl", 2, "Drie uur."), ("en", 1, "Three hours.")]
    assert TrailEntry.objects.filter(verb="wrote a version of an article").count() == 2


def test_words_in_another_form_find_the_article(written):
    found = queries.public_found("accu winter bereik", "nl")
    assert [one.version.title for one in found][:2] == [WINTER[0], CHARGING[0]]
    assert queries.public_found("winters", "nl")[0].article == written[0]
    assert queries.public_found("fietsen zonder", "nl")[0].article == written[0]
    assert queries.public_found("vergunning", "nl") == []
    assert queries.public_found("de het een", "nl") == [], "words that say nothing find nothing"


def test_topic_words_find_it_too_and_a_new_version_is_found_by_its_new_words(daan, written):
    lock = written[2]
    assert queries.public_found("slot", "nl") == []
    actions.describe_article(by=daan, article=lock, owner=daan, words="slot, fietsslot,slot")
    assert queries.public_found("slot", "nl")[0].article == lock
    actions.write_version(
        by=daan, article=lock, language="nl", title="Reservesleutel", body="Bestel hem."
    )
    assert queries.public_found("reservesleutel", "nl")[0].article == lock
    assert queries.public_found("kaart", "nl") == []
    assert FindableText.objects.filter(article=lock).count() == 1


def test_an_article_of_the_other_language_is_found_last(daan, written):
    english = actions.write_article(
        by=daan, language="en", title="Insurance against theft", body="Yes."
    )
    actions.publish_article(by=daan, article=english)
    (found,) = queries.public_found("theft insurance", "nl")
    assert found.version.language == "en" and not found.is_translated


def test_who_may_not_write_or_publish_is_refused(daan, sanne, ida, bram):
    with pytest.raises(PermissionDenied):
        actions.write_article(by=sanne, language="nl", title="A", body="B")
    article = actions.write_article(by=bram, language="nl", title="A", body="B")
    with pytest.raises(PermissionDenied):
        actions.publish_article(by=bram, article=article)  # he answers for one desk only
    actions.publish_article(by=daan, article=article)
    assert not queries.articles_for(ida).exists() and queries.articles_for(sanne).exists()


@pytest.mark.parametrize(("told", "field"), [
    ({"title": " "}, "title"), ({"body": "\x00 "}, "body"), ({"language": "de"}, "language"),
])  # fmt: skip
def test_an_article_without_words_is_refused(daan, told, field):
    with pytest.raises(ValidationError) as problem:
        actions.write_article(by=daan, **{"language": "nl", "title": "A", "body": "B", **told})
    assert field in problem.value.message_dict
    assert not Article.objects.exists()


def test_an_ended_article_is_gone_for_readers_and_not_changed_until_it_is_back(daan, written):
    article = written[0]
    actions.end_article(by=daan, article=article)
    assert queries.public_found("winter bereik", "nl") == []
    with pytest.raises(ValidationError):
        actions.write_version(by=daan, article=article, language="nl", title="X", body="Y")
    with pytest.raises(ValidationError):
        actions.check_article(by=daan, article=article)
    actions.publish_article(by=daan, article=article)
    assert queries.public_found("winter bereik", "nl")


def test_what_nobody_looked_at_for_six_months_stands_first_and_its_owner_hears_once(daan, written):
    today = timezone.localdate()
    old, older = written[1], written[2]
    Article.objects.filter(pk=old.pk).update(checked_on=today - timedelta(days=182))
    Article.objects.filter(pk=older.pk).update(checked_on=today - timedelta(days=400))
    order = queries.unchecked_first(queries.articles_for(daan), today)
    assert [one.number for one in order] == [3, 2, 1]
    now = timezone.now()
    assert (actions.tell_unchecked(now=now), actions.tell_unchecked(now=now)) == (2, 0)
    assert Notice.objects.filter(to=daan).count() == 2
    actions.check_article(by=daan, article=Article.objects.get(pk=old.pk))
    assert Article.objects.get(pk=old.pk).checked_on == today


def test_an_answer_becomes_an_article_in_one_step(daan, bram, a_case, signed_in):
    message = ours(
        a_case(), timezone.now(), by=daan, text="Hoi Marloes,\n\nNa vier uur is de accu vol."
    )
    browser = signed_in(daan)
    page = browser.get(f"/answer/articles/add/?message={message.pk}").content.decode()
    assert "Na vier uur is de accu vol." in page and "Hoi Marloes" not in page
    told = {
        "language": "nl",
        "title": "Hoe lang laden?",
        "body": "Na vier uur is de accu vol.",
        "words": "laden",
    }
    answer = browser.post(f"/answer/articles/add/?message={message.pk}", told)
    article = Article.objects.get()
    assert answer.url == f"/answer/articles/{article.number}/"
    assert article.made_from == message and article.state == Article.State.DRAFT
    other = signed_in(bram).get(f"/answer/articles/add/?message={message.pk}").content.decode()
    assert "vier uur" not in other, "a case one does not see opens nothing"


def test_what_they_wrote_becomes_no_article(daan, a_case):
    theirs = Message.objects.get(case=a_case())
    with pytest.raises(ValidationError):
        actions.article_from_answer(by=daan, message=theirs, language="nl", title="A", body="B")
    assert queries.our_answer(daan, str(theirs.pk)) is None
    assert queries.our_answer(daan, "1 OR 1=1") is None


# ------------------------------------------------------------------------------------------ the text
def test_a_text_has_paragraphs_lists_heads_and_links_and_nothing_else():
    html = as_html(
        "Eerst dit.\nNog een regel.\n\n## Zo doe je het\n- een\n  verder\n- twee\n\n1. dan\n2) daarna\n\n"
        "Zie https://www.windmee.example/a?b=1&c=2. Of [hier](https://x.example/y)."
    )
    assert "<p>Eerst dit. Nog een regel.</p>" in html
    assert "<h2>Zo doe je het</h2>\n<ul><li>een verder</li><li>twee</li></ul>" in html
    assert "<ol><li>dan</li><li>daarna</li></ol>" in html
    assert 'href="https://www.windmee.example/a?b=1&amp;c=2"' in html and "c=2</a>. Of" in html
    assert '<a href="https://x.example/y" rel="nofollow noopener">hier</a>' in html


@pytest.mark.parametrize("hostile", [
    "<script>alert(1)</script>", "- <img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
    "[<b>](https://x.example/\"onmouseover=alert(1))", "https://x.example/<svg/onload=alert(1)>",
    "## </h2><script>", "[a](https://x.example/'onclick='alert(1))", "1. <iframe src=//evil>",
])  # fmt: skip
def test_nothing_in_a_text_becomes_markup(hostile):
    import html5lib

    tree = html5lib.parse(as_html(hostile), namespaceHTMLElements=False)
    names = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert names <= {"html", "head", "body", "p", "ul", "ol", "li", "h2", "a"}
    for element in tree.iter("a"):
        assert set(element.attrib) == {"href", "rel"}
        assert element.attrib["href"].startswith("https://")


def test_differences_are_told_word_by_word():
    pieces = differences("Na vier uur vol.", "Na drie uur is hij vol.")
    assert "".join(one.words for one in pieces if one.how != "new") == "Na vier uur vol."
    assert "".join(one.words for one in pieces if one.how != "gone") == "Na drie uur is hij vol."
    assert [one.words for one in pieces if one.how == "gone"] == ["vier"]


def test_small_words_of_a_text():
    assert (
        begins("## Kop\n- a\n\nZie [hier](https://x.example) of https://y.example")
        == "Zie hier of https://y.example"
    )
    assert (
        slug_of("Hoe ver kom ik in de winter?") == "hoe-ver-kom-ik-in-de-winter"
        and slug_of("?!") == "x"
    )
    assert blocks_of("\n\n") == []
    assert words_of("De accu's van mijn fietsen", "nl") == words_of("accu fiets", "nl")


# ------------------------------------------------------------------------------------------ suggesting
def test_three_fitting_answers_are_suggested_with_what_to_insert(daan, written):
    found = suggest("mijn accu is leeg in de winter", "nl")
    assert [one.code for one in found] == ["article 1", "article 2"]
    assert found[0].title == WINTER[0] and found[0].insert.startswith("Bij kou geeft de accu")
    assert found[0].url.endswith("/help/1-hoe-ver-kom-ik-in-de-winter/?language=nl")
    assert found[0].url in found[0].insert and found[0].checked_on == timezone.localdate()
    assert found[0].helped.said == "not used yet"


def test_a_draft_and_an_ended_article_are_not_suggested(daan, written):
    actions.end_article(by=daan, article=written[0])
    actions.write_article(by=daan, language="nl", title="Accu in de winter", body="Binnen laden.")
    assert [one.code for one in suggest("accu in de winter", "nl")] == ["article 2"]


def test_words_of_readers_are_forgotten_after_a_year_and_their_yes_stays(written):
    article = written[0]
    version = queries.newest(article)["nl"]
    for number, at in ((1, timezone.now() - timedelta(days=366)), (2, timezone.now())):
        assert actions.take_feedback(
            article=article, version=version, helped=True, words="top\x00", slip=str(number)
        )
        ArticleFeedback.objects.filter(slip=str(number)).update(at=at)
    assert not actions.take_feedback(
        article=article, version=version, helped=False, words="", slip="2"
    )
    assert actions.forget_words(now=timezone.now()) == 1
    assert [one.words for one in queries.words_of_readers(article)] == ["top"]
    assert queries.readers_said([article.pk]) == {article.pk: (2, 0)}
    assert date.today() >= article.checked_on
