"""The pages of labels as people use them: with and without a script, one key an answer, and who may what."""

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openroads.archive.queries.corrections import PostRead
from openroads.listening.gap_queries import mark_of
from openroads.listening.labels import queries
from openroads.listening.labels.actions import auditing, learning, rescoring
from openroads.listening.labels.models import AuditItem, AuditSample, Decision, Label, Rescoring
from openroads.listening.labels.surety import surety
from tests.listening.labels.conftest import every_post, posts_csv
from tests.listening.labels.test_labelling import now, say
from tests.listening.labels.test_learning import check, draw

POSTS = "?" + urlencode({"since": "2026-06-01", "until": "2026-06-30"})


@pytest.fixture
def riders(brought: Any, windmee: Any) -> list[PostRead]:
    """Sixty posts about the brand."""
    from openroads.listening.labels import schedule  # noqa: F401 (declares the jobs of learning)

    brought(posts_csv(60), brand=windmee)
    return every_post()


@pytest.fixture
def post(riders: list[PostRead]) -> PostRead:
    """The newest that the word lists take for neutral."""
    return max((row for row in riders if row.mood == 0), key=lambda row: row.published_at)


def mark(post: PostRead) -> str:
    return mark_of(post)  # type: ignore[arg-type]


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_every_card_of_explore_and_of_the_posts_behind_the_gap_can_be_corrected(
    post: PostRead, sanne: Any, omar: Any, signed_in: Any
) -> None:
    for name in ("listening:explore", "listening:explore_posts", "listening:posts"):
        page = text_of(signed_in(sanne).get(reverse(name) + POSTS))
        assert page.count("data-card") >= 4, name
        assert 'value="tone:negative" data-key="1"' in page
        assert 'value="language:en" data-key="9" aria-pressed="true"' in page
        assert "data-card" not in text_of(signed_in(omar).get(reverse(name) + POSTS)), name


def test_without_a_script_an_answer_leads_back_and_says_what_happened(
    post: PostRead, sanne: Any, signed_in: Any
) -> None:
    browser: Client = signed_in(sanne)
    back = reverse("listening:explore_posts") + POSTS
    answer = browser.post(
        reverse("labels:say", args=(mark(post),)), {"says": "tone:negative", "next": back}, follow=True
    )  # fmt: skip
    assert answer.redirect_chain == [(back, 302)]
    assert "Tone is negative now" in text_of(answer)
    assert "You: negative" in text_of(answer)
    assert now(post).mood == -1
    answer = browser.post(
        reverse("labels:take_back", args=(mark(post),)), {"next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == reverse("labels:post", args=(mark(post),))
    assert now(post).mood == 0


def test_with_a_script_the_card_comes_back_as_it_is_now(post: PostRead, sanne: Any, signed_in: Any) -> None:  # fmt: skip
    browser: Client = signed_in(sanne)
    told = {"headers": {"HX-Request": "true"}}
    address = reverse("labels:say", args=(mark(post),))
    card = text_of(browser.post(address, {"says": "right"}, **told))
    assert "data-say>Confirmed: tone and kind were read right" in card
    assert "<html" not in card
    assert {(label.aspect, label.why) for label in Label.objects.all()} == {("tone", "confirmation"), ("kind", "confirmation")}  # fmt: skip
    card = text_of(browser.post(reverse("labels:take_back", args=(mark(post),)), **told))
    assert "data-say>Taken back" in card
    assert not Label.objects.filter(undone_at=None).exists(), "both, because they were said at once"
    assert "not one of the answers" in text_of(browser.post(address, {"says": "tone:sad"}, **told))
    assert browser.post(reverse("labels:say", args=("nonsense",)), {"says": "right"}).status_code == 404  # fmt: skip


def test_the_page_of_a_post_says_who_said_what_and_takes_it_back(
    post: PostRead, sanne: Any, daan: Any, omar: Any, signed_in: Any
) -> None:
    label = say(sanne, post, "negative")
    say(daan, post, "question", "kind")
    address = reverse("labels:post", args=(mark(post),))
    page = text_of(signed_in(daan).get(address))
    assert "Read as negative, question, English" in page
    assert "read by word lists and rules (version 1)" in page
    assert "Sanne de Wit" in page
    assert reverse("labels:undo", args=(label.pk,)) not in page, "an agent takes back his own only"
    assert signed_in(daan).post(reverse("labels:undo", args=(label.pk,))).status_code == 403
    signed_in(sanne).post(reverse("labels:undo", args=(label.pk,)))
    page = text_of(signed_in(sanne).get(address))
    assert "Read as neutral, question, English" in page
    assert "ended today" in page
    assert "Sanne" not in text_of(signed_in(omar).get(address)).split("<main")[1]
    browser = signed_in(sanne)
    browser.post(reverse("labels:say", args=(mark(post),)), {"language": "de"})
    assert now(post).language == "de"
    elsewhere = mark(post).replace(str(post.id), "17")
    assert browser.get(reverse("labels:post", args=(elsewhere,))).status_code == 404


def read_one(browser: Client, **told: Any) -> str:
    page = browser.get(reverse("labels:read"))
    item = page.context["turn"].item
    answer = browser.post(reverse("labels:read"), {"aspect": "tone", "item": item.pk} | told, follow=True)  # fmt: skip
    return text_of(answer)


def test_a_sample_is_read_one_by_one_without_the_machines_answer(
    riders: list[PostRead], sanne: Any, signed_in: Any
) -> None:
    sample = draw(sanne, 6)
    browser: Client = signed_in(sanne)
    page = browser.get(reverse("labels:read"))
    shown = text_of(page).split("<main")[1]
    turn = page.context["turn"]
    assert (turn.read, turn.of) == (0, 6)
    assert turn.post.text in shown.replace("&#x27;", "'")
    assert "Read as" not in shown
    assert 'class="feel"' not in shown, "no tone beside the words"
    page_after = read_one(browser, says="tone:positive")
    assert "Post 2 of 6" in page_after
    assert "you said positive" in page_after
    label = Label.objects.get()
    assert (label.why, label.item) == ("audit", turn.item)
    assert "Post 2 of 5" in read_one(browser, leave="1"), "what one cannot say is not asked again"
    browser.post(reverse("labels:read"), {"aspect": "tone", "undo": label.pk})
    assert not Label.objects.filter(undone_at=None).exists()
    for _n in range(5):
        last = read_one(browser, says="tone:neutral")
    assert "You read 5 posts today. Nothing is left to read." in last
    assert queries.items_to_read(sanne, "kind").count() == 6
    assert AuditSample.objects.get() == sample


def test_one_in_four_goes_to_a_second_reader_and_none_to_a_third(
    riders: list[PostRead], sanne: Any, noor: Any, daan: Any, ilse: Any
) -> None:
    draw(sanne, 8)
    for item in AuditItem.objects.all():
        Label.objects.create(
            post=item.post, published_at=item.published_at, source=1, language="en", aspect="tone",
            value="neutral", said="neutral", said_by="1", why="audit", item=item, by=sanne,
            at=item.published_at,
        )  # fmt: skip
    assert [item.place for item in queries.items_to_read(noor, "tone")] == [0, 4]
    first = queries.items_to_read(noor, "tone")[0]
    Label.objects.create(
        post=first.post, published_at=first.published_at, source=1, language="en", aspect="tone",
        value="negative", said="neutral", said_by="1", why="audit", item=first, by=noor,
        at=first.published_at,
    )  # fmt: skip
    assert [item.place for item in queries.items_to_read(daan, "tone")] == [4]
    assert not queries.items_to_read(sanne, "tone").exists()
    assert not queries.items_to_read(ilse, "tone").exists()


def test_whoever_teaches_draws_and_whoever_does_not_may_not(
    riders: list[PostRead], sanne: Any, daan: Any, signed_in: Any
) -> None:
    asked = {"days": "28", "size": "20"}
    assert signed_in(daan).post(reverse("labels:draw"), asked).status_code == 403
    answer = signed_in(sanne).post(reverse("labels:draw"), asked, follow=True)
    assert "20 posts drawn at random" in text_of(answer)
    sample = AuditSample.objects.get()
    assert (sample.until - sample.since).days == 28
    assert auditing.draw_last_days(by=sanne, days=28, size=20) == sample

    home = reverse("web:home")
    assert "Read for five minutes" not in text_of(signed_in(sanne).get(home)).split("<main")[1]
    AuditSample.objects.update(since=timezone.localdate() - timedelta(days=1))
    assert "Read for five minutes" in text_of(signed_in(sanne).get(home)), (
        "yesterday's sample waits"
    )


def test_how_sure_we_are_stands_beside_tone_wherever_it_is_shown(
    riders: list[PostRead], sanne: Any, omar: Any, signed_in: Any
) -> None:
    pages = [reverse(f"listening:{name}") + POSTS for name in ("explore", "compare")]
    for address in pages:
        page = text_of(signed_in(sanne).get(address))
        assert "How well tone is read is not yet measured." in page, address
        assert "Read 20 posts" in page
        assert "Read 20 posts" not in text_of(signed_in(omar).get(address)), "he may not label"
    check(sanne, draw(sanne, 24), 24)
    found = surety("tone")
    right = sum(each.value == each.said for each in queries.answers("tone"))
    assert (found.n, found.accuracy) == (24, pytest.approx(right / 24))
    for address in pages:
        told = f"Tone is read right in {100 * right / 24:.0f}% of posts"
        assert told in text_of(signed_in(omar).get(address)), address


def test_the_report_has_figures_intervals_and_tables_to_take_along(
    riders: list[PostRead], sanne: Any, omar: Any, ida: Any, signed_in: Any
) -> None:
    browser: Client = signed_in(omar)
    assert "not yet measured" in text_of(browser.get(reverse("labels:report")))
    check(sanne, draw(sanne, 30), 30)
    page = browser.get(reverse("labels:report"))
    shown = page.context["page"]
    right = sum(each.value == each.said for each in queries.answers("tone"))
    assert shown.finding == f"Tone is read right {100 * right / 30:.0f} times in a hundred"
    assert shown.accuracy.interval
    assert "30 posts drawn at random were read by 1 person" in shown.standfirst
    assert [(line.name, line.n) for line in shown.languages] == [("English", "30")]
    assert shown.readers == [("Sanne de Wit", "30")]
    rows = list(csv.DictReader(io.StringIO(_csv(browser, "table"))))
    everything = [row for row in rows if row["of what"] == "everything"]
    assert sum(int(row["posts"]) for row in everything) == 30
    assert sum(int(row["posts"]) for row in everything if row["people said"] == row["the analyser said"]) == right  # fmt: skip
    parts = list(csv.DictReader(io.StringIO(_csv(browser, "parts"))))
    assert [row["which"] for row in parts[:2]] == ["", "en"]
    assert float(parts[0]["accuracy"]) == pytest.approx(right / 30, abs=1e-3)
    assert browser.get(reverse("labels:table", args=("tone", "nothing"))).status_code == 404
    for aspect in ("kind", "language", "nonsense"):
        assert browser.get(reverse("labels:report"), {"aspect": aspect}).status_code == 200
    assert signed_in(ida).get(reverse("labels:report")).status_code == 403


def _csv(browser: Client, what: str) -> str:
    answer = browser.get(reverse("labels:table", args=("tone", what)))
    return b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_a_model_that_took_over_is_shown_put_back_stopped_and_taken_up_again(
    riders: list[PostRead], brought: Any, sanne: Any, daan: Any, signed_in: Any
) -> None:
    brought(posts_csv(200, seed=5))
    check(sanne, draw(sanne, 210), 210)
    browser: Client = signed_in(sanne)
    address = reverse("labels:model", args=("tone", "en"))
    assert "a test with 200 is due" in text_of(browser.get(address))
    assert signed_in(daan).post(reverse("labels:learn", args=("tone", "en"))).status_code == 403
    decision = learning.learn(by=sanne, aspect="tone", language="en")
    assert decision is not None
    assert decision.outcome == "switched"
    sure = surety("tone")
    assert (sure.n, round(sure.accuracy, 2) > 0.8) == (200, True), "by its test, until it is read"

    page = text_of(browser.get(address))
    assert "Tone in English is read by a model learned from you" in page
    assert "It took over. Surely better" in page
    assert "It waits for its turn" in page
    browser.post(reverse("labels:stop", args=("tone", "en")))
    assert Rescoring.objects.get().state == "stopped"
    assert rescoring.rescore_what_came(by=sanne) == 0, "what was stopped stays so"
    browser.post(reverse("labels:stop", args=("tone", "en")), {"on": "1"})
    assert rescoring.rescore(language="en") == len(every_post())
    part = text_of(browser.get(address, headers={"HX-Request": "true"}))
    assert "hx-trigger" not in part, "done is done"

    report = browser.get(reverse("labels:report")).context["page"]
    assert [(line.n, line.read_by) for line in report.languages] == [("200", "a learned model, by its test")]  # fmt: skip
    assert signed_in(daan).post(reverse("labels:put_back", args=("tone", "en"))).status_code == 403
    assert "Put back: word lists and rules" in page
    browser.post(reverse("labels:put_back", args=("tone", "en")))
    assert queries.in_force("tone", "en") is None
    model = decision.candidate_id
    assert f'name="model" value="{model}"' in text_of(browser.get(address))
    browser.post(reverse("labels:put_back", args=("tone", "en")), {"model": model})
    assert queries.in_force("tone", "en") == decision.candidate
    assert Decision.objects.count() == 3
    assert browser.post(reverse("labels:put_back", args=("tone", "en")), {"model": "999"}).status_code == 404  # fmt: skip
    assert browser.get(reverse("labels:model", args=("language", "en"))).status_code == 404
