"""What stands beside a case: answers that fit what was said, put into one's own answer with a click or a short code."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from openroads.webcare.approach.actions.rows import add_approach
from openroads.webcare.help import actions
from openroads.webcare.models import Draft
from openroads.webcare.saved.actions import approve_reply, propose_reply

pytestmark = pytest.mark.slow


@pytest.fixture
def written(daan: Any, merel: Any, noor: Any) -> Any:
    article = actions.write_article(
        by=daan,
        language="nl",
        title="Hoe ver kom ik in de winter?",
        body="Bij kou is je bereik een kwart korter.",
        words="accu, graden, km",
    )
    actions.publish_article(by=daan, article=article)
    reply = propose_reply(
        by=daan, title="Accu nakijken", code="accu", language="nl", text="Hoi {name}, we kijken je accu na. {our_name}",
        expires_on=timezone.localdate() + timedelta(days=90),
    )  # fmt: skip
    approve_reply(by=merel, reply=reply)
    add_approach(
        by=noor,
        told={
            "name": "Bereik",
            "people": "klanten",
            "words": "accu, graden",
            "steps": "Vraag de fiets",
        },
    )
    return reply


def test_answers_that_fit_stand_beside_a_case_with_its_approach(case, daan, written, signed_in):
    browser = signed_in(daan)
    page = browser.get(f"/answer/cases/{case.pk}/beside/").content.decode()
    assert (
        "Hoe ver kom ik in de winter?" in page
        and "Accu nakijken" in page
        and "Vraag de fiets" in page
    )
    assert "<!doctype html>" in page
    piece = browser.get(
        f"/answer/cases/{case.pk}/beside/", headers={"HX-Request": "true"}
    ).content.decode()
    assert "Accu nakijken" in piece and "<!doctype" not in piece
    assert (
        f"/answer/cases/{case.pk}/beside/"
        in browser.get(f"/answer/cases/{case.pk}/").content.decode()
    )


def test_an_answer_is_put_behind_what_one_was_writing(case, daan, written, signed_in):
    browser = signed_in(daan)
    browser.post(f"/answer/cases/{case.pk}/use/", {"code": "article 1"})
    draft = Draft.objects.get(case=case, by=daan)
    assert (
        draft.text.startswith("Bij kou is je bereik een kwart korter.\n")
        and "/help/1-hoe-ver" in draft.text
    )
    browser.post(f"/answer/cases/{case.pk}/use/", {"code": "/accu"})
    draft.refresh_from_db()
    assert draft.text.endswith("Hoi Marloes, we kijken je accu na. Daan")
    assert draft.helped_by == ["article 1", f"reply {written.pk}"]
    assert "Hoi Marloes" in browser.get(f"/answer/cases/{case.pk}/").content.decode()


def test_what_is_not_in_use_is_put_nowhere(case, daan, bram, written, signed_in):
    browser = signed_in(daan)
    for code in ("article 9", "reply x", "/nope", "", "poem 1"):
        browser.post(f"/answer/cases/{case.pk}/use/", {"code": code})
    assert not Draft.objects.exists()
    assert (
        signed_in(bram).post(f"/answer/cases/{case.pk}/use/", {"code": "article 1"}).status_code
        == 404
    )
