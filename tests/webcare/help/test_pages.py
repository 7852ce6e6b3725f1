"""The help centre as everybody sees it, and articles as colleagues work on them."""

import re

import pytest
from django.test import Client

from openroads.webcare.help import actions, queries
from openroads.webcare.help.models import Article, ArticleFeedback

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def article(daan):
    made = actions.write_article(
        by=daan,
        language="nl",
        title="Hoe ver kom ik?",
        body=f"Een kwart korter.\n\n{HOSTILE}",
        words="bereik",
    )
    actions.publish_article(by=daan, article=made)
    return made


def slip_in(page: str) -> str:
    found = re.search(r'name="slip" value="([^"]+)"', page)
    assert found, "the page has no slip"
    return found[1]


def test_anybody_finds_and_reads_an_article_without_signing_in(article):
    browser = Client()
    page = browser.get("/help/?q=bereik&language=nl")
    assert "1 antwoord op “bereik”" in page.content.decode()
    read = browser.get("/help/1-hoe-ver-kom-ik/?language=nl").content.decode()
    assert "<p>Een kwart korter.</p>" in read and HOSTILE not in read and "&lt;script&gt;" in read
    assert '<article lang="nl">' in read and 'rel="canonical"' in read
    assert "Was dit nuttig?" in read


def test_another_slug_leads_to_the_right_one_and_what_is_no_article_is_not_found(daan, article):
    browser = Client()
    assert browser.get("/help/1-anders/?language=nl").url == "/help/1-hoe-ver-kom-ik/?language=nl"
    assert browser.get("/help/2-x/").status_code == 404
    draft = actions.write_article(by=daan, language="en", title="Draft", body="Secret.")
    assert browser.get(f"/help/{draft.number}-draft/").status_code == 404
    assert "Draft" not in browser.get("/help/").content.decode()


def test_both_languages_lead_to_each_other(daan, article):
    actions.write_version(
        by=daan, article=article, language="en", title="How far?", body="A quarter less."
    )
    read = Client().get("/help/1-how-far/?language=en").content.decode()
    assert "A quarter less." in read and 'hreflang="nl"' in read and "Was this useful?" in read
    assert Client().get("/help/1-hoe-ver-kom-ik/?language=en").status_code == 200


def test_words_of_a_searcher_are_shown_as_words(article):
    page = Client().get("/help/", {"q": HOSTILE}).content.decode()
    assert HOSTILE not in page and "&lt;script&gt;" in page


def test_a_shown_page_gives_one_answer_however_often_it_is_sent(article):
    browser = Client()
    slip = slip_in(browser.get("/help/1-hoe-ver-kom-ik/?language=nl").content.decode())
    told = {"slip": slip, "helped": "no", "words": f"mist de Polder {HOSTILE}"}
    sent = browser.post("/help/1/feedback/", told)
    assert sent.url.endswith("said=1#useful")
    assert "Dankjewel" in browser.get(sent.url).content.decode()
    browser.post("/help/1/feedback/", told | {"helped": "yes"})
    kept = ArticleFeedback.objects.get()
    assert not kept.helped and kept.words == told["words"] and kept.version.language == "nl"


@pytest.mark.parametrize("told", [
    {"slip": "made-up", "helped": "yes"}, {"helped": "yes"}, {"helped": "maybe"}, {"website": "x"},
])  # fmt: skip
def test_what_no_reader_sends_is_not_kept(article, told):
    browser = Client()
    slip = slip_in(browser.get("/help/1-hoe-ver-kom-ik/").content.decode())
    sent = {"slip": slip, "helped": "yes", "words": ""} | told
    if len(told) == 1 and "helped" in told and told["helped"] == "yes":
        del sent["slip"]
    answer = browser.post("/help/1/feedback/", sent)
    assert answer.status_code in (302, 400)
    assert not ArticleFeedback.objects.exists()


def test_a_slip_of_another_article_says_nothing_of_this_one(daan, article):
    other = actions.write_article(by=daan, language="nl", title="Slot", body="Op slot.")
    actions.publish_article(by=daan, article=other)
    browser = Client()
    slip = slip_in(browser.get("/help/2-slot/").content.decode())
    assert browser.post("/help/1/feedback/", {"slip": slip, "helped": "yes"}).status_code == 400


def test_too_many_answers_of_one_address_are_refused(article):
    browser = Client()
    statuses = []
    for _number in range(21):
        slip = slip_in(browser.get("/help/1-hoe-ver-kom-ik/").content.decode())
        statuses.append(
            browser.post("/help/1/feedback/", {"slip": slip, "helped": "yes"}).status_code
        )
    assert statuses == [302] * 20 + [429]
    assert ArticleFeedback.objects.count() == 20


def test_the_house_can_keep_search_engines_out(noor, daan, article, signed_in):
    found = Client().get("/help/")
    assert "X-Robots-Tag" not in found and "noindex" not in found.content.decode()
    assert "Allow: /help/" in Client().get("/robots.txt").content.decode()
    assert signed_in(daan).get("/answer/articles/centre/").status_code == 403
    signed_in(noor).post("/answer/articles/centre/", {})
    hidden = Client().get("/help/1-hoe-ver-kom-ik/")
    assert hidden["X-Robots-Tag"] == "noindex" and 'content="noindex"' in hidden.content.decode()


def test_a_colleague_looks_at_it_first_and_then_saves_a_version(daan, article, signed_in):
    browser = signed_in(daan)
    told = {"title": "Hoe ver kom ik?", "body": "- een\n- twee", "preview": "1"}
    shown = browser.post("/answer/articles/1/write/nl/", told).content.decode()
    assert "<ul><li>een</li><li>twee</li></ul>" in shown and "- een" in shown
    assert article.versions.count() == 1
    del told["preview"]
    browser.post("/answer/articles/1/write/nl/", told)
    newest = queries.newest(Article.objects.get())["nl"]
    assert newest.number == 2
    page = browser.get(f"/answer/articles/1/?version={newest.pk}").content.decode()
    assert "<ins>" in page and "<del>" in page and HOSTILE not in page
    assert browser.get("/answer/articles/1/write/de/").status_code == 404


def test_the_list_finds_by_number_and_by_words_and_says_how_each_did(daan, article, signed_in):
    browser = signed_in(daan)
    page = browser.get("/answer/articles/").content.decode()
    assert "1 answer is written once" in page and "not used yet" in page
    assert "Hoe ver kom ik?" in browser.get("/answer/articles/?q=FAQ+1").content.decode()
    assert "Hoe ver kom ik?" in browser.get("/answer/articles/?q=bereik").content.decode()
    assert (
        "No article holds these words"
        in browser.get("/answer/articles/?q=zeppelin").content.decode()
    )


def test_publishing_checking_and_ending_by_the_page(daan, sanne, article, signed_in):
    browser = signed_in(daan)
    browser.post("/answer/articles/1/end/")
    assert Article.objects.get().state == "ended"
    assert "has ended" in browser.post("/answer/articles/1/check/", follow=True).content.decode()
    browser.post("/answer/articles/1/publish/")
    browser.post("/answer/articles/1/describe/", {"owner": daan.pk, "words": "afstand"})
    assert Article.objects.get().words == "afstand" and Article.objects.get().is_public
    reader = signed_in(sanne)
    assert "Write a new version" not in reader.get("/answer/articles/1/").content.decode()
    assert reader.post("/answer/articles/1/end/").status_code == 403


def test_what_a_reader_added_is_shown_as_words(daan, article, signed_in):
    version = queries.newest(Article.objects.get())["nl"]
    actions.take_feedback(article=article, version=version, helped=False, words=HOSTILE, slip="a")
    page = signed_in(daan).get("/answer/articles/1/").content.decode()
    assert HOSTILE not in page and "&lt;script&gt;" in page and "0 yes, 1 no" in page


def test_a_version_of_five_thousand_figures_is_no_version(daan, article, signed_in):
    for told in ("9" * 5_000, "-1", "١", "x"):
        assert signed_in(daan).get(f"/answer/articles/{article.number}/?version={told}").status_code == 200  # fmt: skip
