"""You said, we did: only what a person published, in both languages, without a login and without a name."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from openroads.changes.actions import publishing
from openroads.changes.models import PublicWord
from tests.changes.changing import begun, decided, live
from tests.changes.test_insights import opened

pytestmark = pytest.mark.django_db
TEXTS = {
    "said_en": "The plug breaks.", "said_nl": "De stekker breekt.",
    "did_en": "A metal latch.", "did_nl": "Een metalen lipje.",
}  # fmt: skip


def test_the_page_is_open_to_all_and_speaks_both_languages(
    noor: Any, sanne: Any, tom: Any, product: Any
) -> None:
    assert "Nothing to tell yet" in Client().get("/you-said/").content.decode()
    change = live(tom, begun(sanne, tom, product))
    publishing.publish(by=noor, insight=change.insight, kind="did", texts=TEXTS)
    english = Client().get("/you-said/", headers={"accept-language": "en"}).content.decode()
    dutch = Client().get("/you-said/", headers={"accept-language": "nl"}).content.decode()
    assert "A metal latch." in english and "We did" in english and "lipje" not in english
    assert "Een metalen lipje." in dutch and "A metal latch." not in dutch
    for name in ("Tom", "Sanne", "Noor", "Marloes", "C-001", "Bij 2 graden"):
        assert name not in english
    word = PublicWord.objects.get()
    publishing.take_back(by=noor, word=word)
    assert "A metal latch." not in Client().get("/you-said/").content.decode()


def test_only_the_truth_is_published(noor: Any, sanne: Any, tom: Any, product: Any) -> None:
    waits = opened(sanne, product)
    with pytest.raises(ValidationError, match="Nothing is decided"):
        publishing.publish(by=noor, insight=waits, kind="did", texts=TEXTS)
    change = begun(sanne, tom, product)
    for kind in ("did", "did_not"):
        with pytest.raises(ValidationError):
            publishing.publish(by=noor, insight=change.insight, kind=kind, texts=TEXTS)
    publishing.publish(by=noor, insight=change.insight, kind="doing", texts=TEXTS)
    refused = opened(sanne, product)
    decided(tom, refused, "no")
    refused.refresh_from_db()
    with pytest.raises(ValidationError):
        publishing.publish(by=noor, insight=refused, kind="did_not", texts={**TEXTS, "did_nl": " "})
    publishing.publish(by=noor, insight=refused, kind="did_not", texts=TEXTS)
    assert PublicWord.objects.count() == 2


def test_who_leads_and_the_editor_publish_and_nobody_else(
    cast: dict[str, Any], product: Any, signed_in: Any
) -> None:
    insight = opened(cast["sanne"], product)
    decided(cast["tom"], insight, "no")
    insight.refresh_from_db()
    for name in ("daan", "sanne", "tom", "ilse", "omar", "ada"):
        with pytest.raises(PermissionDenied):
            publishing.publish(by=cast[name], insight=insight, kind="did_not", texts=TEXTS)
    page = signed_in(cast["fleur"]).get("/changes/insights/1/publish/").content.decode()
    assert "We did not, because" in page
    answer = signed_in(cast["fleur"]).post("/changes/insights/1/publish/", TEXTS)
    assert answer.headers["Location"] == "/you-said/"
    assert signed_in(cast["noor"]).post("/changes/insights/1/take-back/").status_code == 302
    assert PublicWord.objects.get().ended_at is not None


def test_it_is_followed_as_a_feed_and_stands_in_a_page_of_others(
    noor: Any, sanne: Any, tom: Any, product: Any
) -> None:
    change = live(tom, begun(sanne, tom, product))
    texts = {**TEXTS, "did_en": "A metal latch & <b>more</b>."}
    publishing.publish(by=noor, insight=change.insight, kind="did", texts=texts)
    feed = Client().get("/you-said/en.rss")
    assert feed.headers["Content-Type"].startswith("application/rss+xml")
    (item,) = ElementTree.fromstring(feed.content).iter("item")
    assert item.findtext("title") == "The plug breaks."
    assert item.findtext("description") == "A metal latch & <b>more</b>."
    assert "Een metalen lipje." in Client().get("/you-said/nl.rss").content.decode()
    assert Client().get("/you-said/fr.rss").status_code == 404
    framed = Client().get("/you-said/embedded/?language=nl")
    assert "Een metalen lipje." in framed.content.decode()
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "<script" not in framed.content.decode()
    assert Client().get("/you-said/").headers["X-Frame-Options"] == "DENY"
