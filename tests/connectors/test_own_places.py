"""Our own pages and reviews, asked over real HTTP. Shapes come from the vendors' documentation: none of them
was run against the real service."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.archive.message import Message
from openroads.connectors import appstore, facebook, googlereviews, instagram, trustpilot
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.hooked import UNSUPPORTED, Hooked
from openroads.connectors.http import Guarded
from openroads.connectors.port import Page
from openroads.connectors.searching import Searched
from tests.connectors.conftest import Server

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def at(**before: float) -> datetime:
    return NOW - timedelta(**before)


def graph_time(when: datetime) -> str:
    """As Meta writes moments."""
    return when.strftime("%Y-%m-%dT%H:%M:%S+0000")


class Facebook(facebook.Facebook):
    """The same, at the address of a test."""


class Instagram(instagram.Instagram):
    """The same, at the address of a test."""


class Google(googlereviews.GoogleReviews):
    """The same, at the address of a test."""


class Trustpilot(trustpilot.Trustpilot):
    """The same, at the address of a test."""


class AppStore(appstore.AppStore):
    """The same, at the address of a test."""


META = {"token": "page-token", "app_secret": "app-secret", "version": "v25.0"}


def reader(kind: type[Searched], server: Server, **told: str) -> Any:
    kind.api = server.url  # type: ignore[attr-defined]
    return kind(Guarded([f"127.0.0.1:{server.port}"]), told, NOW, lambda _: None)


def visit(kind: type[Searched], server: Server, cursor: str = "", **told: str) -> list[Page]:
    return list(reader(kind, server, **told).read(told["topic"], cursor))


def heard(pages: list[Page]) -> list[Message]:
    return [message for page in pages for message in page.messages]


def says(server: Server, path: str, told: Any, status: int = 200, **headers: str) -> None:
    server.says(path, json.dumps(told), kind="application/json", status=status, **headers)


def asked(server: Server, path: str) -> dict[str, str]:
    """The parameters of the last question at a path."""
    found = [each for each, _ in server.asked if urlsplit(each).path == path]
    return {name: values[0] for name, values in parse_qs(urlsplit(found[-1]).query).items()}


# ---------------------------------------------------------------------------------------------- Facebook


def comment(number: str, words: str = "Mijn accu is leeg", **more: Any) -> dict[str, Any]:
    return {
        "id": number, "message": words, "created_time": graph_time(at(days=1)),
        "from": {"id": "77", "name": "Marloes de Groot"}, "like_count": 3, "comment_count": 0, **more,
    }  # fmt: skip


def post(number: str, comments: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": number, "message": "Onze nieuwe Kade", "created_time": graph_time(at(days=20)),
        "from": {"id": "1", "name": "Windmee"}, "comments": {"data": comments}, **more,
    }  # fmt: skip


def page_of_ours(server: Server, *posts: dict[str, Any]) -> None:
    says(server, "/v25.0/1/feed", {"data": list(posts)})
    says(server, "/v25.0/1/tagged", {"data": []})


def test_a_page_gives_what_others_say_on_it_and_not_what_it_says_itself(server: Server) -> None:
    own = comment("1_2", "Wat vervelend!", **{"from": {"id": "1", "name": "Windmee"}})
    answer = comment("1_3", "En nu?", parent={"id": "1_1"})
    guest = post(
        "1_20", [], **{"from": {"id": "78", "name": "Ida"}}, message="Waar koop ik er een?"
    )
    page_of_ours(server, post("1_10", [comment("1_1"), own, answer]), guest)
    first, second, third = heard(visit(Facebook, server, topic="1", **META))
    assert (first.native_id, first.author, first.author_name) == ("1_1", "77", "Marloes de Groot")
    assert (first.reply_to, first.thread, first.likes, first.replies) == ("1_10", "1_10", 3, 0)
    assert (second.text, second.reply_to) == ("En nu?", "1_1")
    assert (third.native_id, third.thread, third.likes) == ("1_20", "1_20", None)


def test_questions_to_meta_prove_our_app_and_keep_the_token_out_of_the_address(
    server: Server,
) -> None:
    page_of_ours(server)
    visit(Facebook, server, topic="1", **META)
    told = asked(server, "/v25.0/1/feed")
    # printf page-token | openssl dgst -sha256 -hmac app-secret
    right = hmac.new(b"app-secret", b"page-token", "sha256").hexdigest()
    assert told["appsecret_proof"] == right and "access_token" not in told
    assert {headers["authorization"] for _, headers in server.asked} == {"Bearer page-token"}


def test_a_comment_under_an_old_post_is_heard_and_comes_once_more_only_while_it_is_young(
    server: Server,
) -> None:
    page_of_ours(server, post("1_10", [comment("1_1")]))
    cursor = visit(Facebook, server, topic="1", **META)[-1].cursor
    late = comment("1_9", "Alsnog", created_time=graph_time(at(minutes=1)))
    page_of_ours(server, post("1_10", [late, comment("1_1", created_time=graph_time(at(days=3)))]))
    assert [each.native_id for each in heard(visit(Facebook, server, cursor, topic="1", **META))] == ["1_9"]  # fmt: skip


def test_every_comment_of_a_lively_post_is_read_page_by_page(server: Server) -> None:
    paging = {"cursors": {"after": "more"}, "next": "https://graph.facebook.com/x"}
    lively = post("1_10", [])
    lively["comments"] = {"data": [comment("1_1")], "paging": paging}
    page_of_ours(server, lively)
    says(server, "/v25.0/1_10/comments", {"data": [comment("1_2")]})
    assert {each.native_id for each in heard(visit(Facebook, server, topic="1", **META))} == {"1_1", "1_2"}  # fmt: skip
    assert asked(server, "/v25.0/1_10/comments")["after"] == "more"


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 190, Refused),
        (400, 4, TryLater),
        (400, 32, TryLater),
        (400, 80001, TryLater),
        (500, 2, TryLater),
        (400, 10, Refused),
        (400, 100, Refused),
        (403, 200, Refused),
    ],
)
def test_what_meta_will_not_tell_is_a_sentence(
    server: Server, status: int, code: int, error: type[Exception]
) -> None:
    fault = {"error": {"code": code, "message": "Session <b>has</b> expired"}}
    says(server, "/v25.0/1/feed", fault, status)
    with pytest.raises(error) as told:
        visit(Facebook, server, topic="1", **META)
    assert "page-token" not in str(told.value) and "<b>" not in str(told.value)


def test_a_visit_stops_by_itself_before_meta_shuts_the_app_out(server: Server) -> None:
    usage = json.dumps({"1": [{"call_count": 97, "total_time": 12, "type": "pages"}]})
    says(server, "/v25.0/1/feed", {"data": []}, X_Business_Use_Case_Usage=usage)
    with pytest.raises(TryLater):
        visit(Facebook, server, topic="1", **META)


def change(field: str, value: dict[str, Any], page: str = "1", kind: str = "page") -> bytes:
    entry = {
        "id": page,
        "time": int(NOW.timestamp()),
        "changes": [{"field": field, "value": value}],
    }
    return json.dumps({"object": kind, "entry": [entry]}).encode()


def told_by_hook(kind: type[Hooked], server: Server, body: bytes, **told: str) -> list[Message]:
    return heard(list(reader(kind, server, topic="1", **META, **told).hear(body)))


COMMENTED = {
    "item": "comment", "verb": "add", "comment_id": "10_5", "post_id": "1_10", "parent_id": "1_10",
    "from": {"id": "77", "name": "Marloes"}, "message": "Mijn accu is leeg", "created_time": 1793530000,
}  # fmt: skip


def test_meta_sends_a_comment_its_edit_and_its_end(server: Server) -> None:
    (said,) = told_by_hook(Facebook, server, change("feed", COMMENTED))
    assert (said.native_id, said.text, said.reply_to, said.thread) == ("10_5", "Mijn accu is leeg", "1_10", "1_10")  # fmt: skip
    assert said.said_at == datetime.fromtimestamp(1793530000, UTC)
    edited = {**COMMENTED, "verb": "edited", "message": "Mijn accu was leeg"}
    (again,) = told_by_hook(Facebook, server, change("feed", edited))
    assert (again.native_id, again.text) == (said.native_id, "Mijn accu was leeg")
    (gone,) = told_by_hook(Facebook, server, change("feed", {**COMMENTED, "verb": "remove"}))
    assert (gone.native_id, gone.op) == (said.native_id, "delete")


def test_what_nobody_knows_is_kept_with_its_place_and_a_reaction_is_no_message(
    server: Server,
) -> None:
    odd = {"item": "hologram", "verb": "add", "post_id": "1_88", "from": {"id": "77"}}
    (said,) = told_by_hook(Facebook, server, change("feed", odd))
    assert (said.text, said.native_id) == (UNSUPPORTED, "1_88")
    assert said.url == "https://www.facebook.com/1_88"
    (nameless,) = told_by_hook(Facebook, server, change("feed", {"item": "x"}))
    assert nameless.native_id.startswith("unread-")
    reaction = {"item": "reaction", "verb": "add", "post_id": "1_88", "reaction_type": "like"}
    assert told_by_hook(Facebook, server, change("feed", reaction)) == []
    assert told_by_hook(Facebook, server, change("feed", COMMENTED, page="2")) == []


def test_a_mention_of_which_only_the_number_comes_is_asked_for(server: Server) -> None:
    says(server, "/v25.0/9_1", {"id": "9_1", "message": "Wij rijden Windmee", "created_time": graph_time(at(days=1)), "from": {"id": "9"}})  # fmt: skip
    value = {"item": "post", "verb": "add", "post_id": "9_1", "sender_name": "Fietsclub"}
    (said,) = told_by_hook(Facebook, server, change("mention", value))
    assert said.text == "Wij rijden Windmee"
    says(server, "/v25.0/9_1", {"error": {"code": 10, "message": "no"}}, 403)
    (hidden,) = told_by_hook(Facebook, server, change("mention", value))
    assert (hidden.native_id, hidden.text) == ("9_1", UNSUPPORTED)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["item", "verb", "comment_id", "post_id", "from", "id", "message", "text", "media", "created_time", "changes", "entry", "value", "field"]),
        inner, max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("kind", [facebook.Facebook, instagram.Instagram])
@given(value=VALUES, field=st.sampled_from(["feed", "comments", "mention", "x", ""]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_meta_sends_makes_the_reader_fall(kind: Any, value: Any, field: str) -> None:
    class Dumb(kind):
        def graph(self, what: str, /, **params: Any) -> Any:
            raise Refused("no")

    told = reader_of(Dumb)
    for sort in ("page", "instagram"):
        body = json.dumps({"object": sort, "entry": [{"id": "1", "time": 0, "changes": [{"field": field, "value": value}]}]})  # fmt: skip
        for message in heard(list(told.hear(body.encode()))):
            assert message.native_id and (message.text or message.op == "delete")
    for odd in (value, {"object": "page", "entry": value}):
        try:
            list(told.hear(json.dumps(odd).encode()))
        except Refused:
            pass


def reader_of(kind: Any) -> Any:
    return kind(Guarded(), {"topic": "1", **META}, NOW, lambda _: None)


# --------------------------------------------------------------------------------------------- Instagram


def media(number: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "caption": "Kade in de regen", "timestamp": graph_time(at(days=2)), "username": "windmee",
        "permalink": f"https://www.instagram.com/p/{number}/", "like_count": 7, "comments_count": 1, **more,
    }  # fmt: skip


def test_an_account_gives_comments_tags_and_hashtags_without_names(server: Server) -> None:
    reply = {"id": "c2", "text": "Ik ook", "timestamp": graph_time(at(hours=1)), "username": "ida"}
    said = {"id": "c1", "text": "Mooi!", "timestamp": graph_time(at(hours=2)), "username": "marloes", "like_count": 1, "replies": {"data": [reply]}}  # fmt: skip
    own = {"id": "c3", "text": "Dank", "timestamp": graph_time(at(hours=1)), "username": "windmee"}
    says(server, "/v25.0/1/media", {"data": [media("m1", comments={"data": [said, own]})]})
    says(server, "/v25.0/1/tags", {"data": [media("m2", username="fietsclub")]})
    says(server, "/v25.0/ig_hashtag_search", {"data": [{"id": "555"}]})
    nameless = media("m3")
    del nameless["username"]
    says(server, "/v25.0/555/recent_media", {"data": [nameless]})
    found = heard(visit(Instagram, server, topic="1", hashtags="#WindMee", **META))
    assert [each.native_id for each in found] == ["c1", "c2", "m2", "m3"]
    assert (found[0].thread, found[0].reply_to, found[0].author) == ("m1", "m1", "marloes")
    assert (found[1].reply_to, found[3].author) == ("c1", "")
    assert asked(server, "/v25.0/ig_hashtag_search")["q"] == "windmee"
    assert asked(server, "/v25.0/555/recent_media")["user_id"] == "1"


def test_a_hashtag_that_is_none_is_said_on_the_form() -> None:
    assert instagram.tags_in("windmee, #Kade_2") == ("#windmee", "#kade_2")
    for wrong in ("#a b", "wind-mee", "#"):
        with pytest.raises(Refused):
            instagram.tags_in(wrong)


def test_instagram_sends_comments_and_the_numbers_of_mentions(server: Server) -> None:
    value = {"id": "c9", "text": "Waar te koop?", "from": {"id": "5", "username": "ida"}, "media": {"id": "m1"}}  # fmt: skip
    (said,) = told_by_hook(Instagram, server, change("comments", value, kind="instagram"))
    assert (said.native_id, said.author, said.thread, said.said_at) == ("c9", "ida", "m1", NOW)
    says(server, "/v25.0/1", {"mentioned_comment": {"id": "77", "text": "@windmee top", "timestamp": graph_time(at(days=1))}})  # fmt: skip
    mention = change("mentions", {"comment_id": "77", "media_id": "m7"}, kind="instagram")
    (told,) = told_by_hook(Instagram, server, mention)
    assert (told.text, told.thread) == ("@windmee top", "m7")
    assert asked(server, "/v25.0/1")["fields"].startswith("mentioned_comment.comment_id(77)")
    says(server, "/v25.0/1", {"error": {"code": 10, "message": "no"}}, 403)
    (hidden,) = told_by_hook(Instagram, server, mention)
    assert (hidden.native_id, hidden.text) == ("77", UNSUPPORTED)


# ------------------------------------------------------------------------------------------------ reviews

PLACE = "accounts/1/locations/2"
GOOGLE = {"topic": PLACE, "client": "c", "client_secret": "s", "token": "t"}


def review(number: str = "r1", **more: Any) -> dict[str, Any]:
    return {
        "name": f"{PLACE}/reviews/{number}", "starRating": "TWO", "comment": "Lang gewacht",
        "reviewer": {"displayName": "Marloes"}, "createTime": "2026-10-30T10:00:00.123456Z",
        "updateTime": "2026-10-30T10:00:00.123456Z", **more,
    }  # fmt: skip


def google(server: Server) -> Any:
    Google.sign_in = f"{server.url}/token"

    def token(handler: BaseHTTPRequestHandler) -> None:
        sent = parse_qs(handler.rfile.read(int(handler.headers["Content-Length"])).decode())
        good = sent["refresh_token"] == ["t"] and sent["grant_type"] == ["refresh_token"]
        body = json.dumps(
            {"access_token": "fresh"} if good else {"error": "invalid_grant"}
        ).encode()
        handler.send_response(200 if good else 400)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.takes_forms(token)
    return Google


def test_google_gives_reviews_with_stars_in_their_own_words(server: Server) -> None:
    google(server)
    both = "(Translated by Google) Long wait\n\n(Original)\nLang gewacht"
    hidden = {"isAnonymous": True, "displayName": "A Google User"}
    found = [review(), review("r2", comment=both, reviewer=hidden), review("r3", comment="", starRating="FIVE"), {"name": "x"}]  # fmt: skip
    says(server, f"/{PLACE}/reviews", {"reviews": found})
    first, second, third = heard(visit(Google, server, **GOOGLE))
    assert (first.rating, first.text, first.author) == (2.0, "Lang gewacht", "Marloes")
    assert (second.text, second.author) == ("Lang gewacht", "")
    assert (third.text, third.rating) == ("", 5.0)
    assert server.asked[0][1]["authorization"] == "Bearer fresh"
    assert asked(server, f"/{PLACE}/reviews")["orderBy"] == "updateTime desc"


def test_an_old_review_that_was_changed_is_heard_again(server: Server) -> None:
    google(server)
    says(server, f"/{PLACE}/reviews", {"reviews": [review()]})
    cursor = visit(Google, server, **GOOGLE)[-1].cursor
    edited = review(comment="Toch goed geholpen", starRating="FOUR", updateTime="2026-11-01T11:00:00Z")  # fmt: skip
    says(server, f"/{PLACE}/reviews", {"reviews": [edited]})
    (said,) = heard(visit(Google, server, cursor, **GOOGLE))
    assert (said.native_id, said.text, said.rating) == (f"{PLACE}/reviews/r1", "Toch goed geholpen", 4.0)  # fmt: skip


def test_a_review_google_does_not_have_any_more_is_deleted(server: Server) -> None:
    google(server)
    says(server, f"/{PLACE}/reviews/r1", review())
    there = reader(Google, server, **GOOGLE)
    kept, gone = there.refresh([f"{PLACE}/reviews/r1", f"{PLACE}/reviews/r2"])
    assert (kept.op, gone.op, gone.native_id) == ("upsert", "delete", f"{PLACE}/reviews/r2")


def test_a_refresh_token_google_ended_is_a_sentence(server: Server) -> None:
    google(server)
    with pytest.raises(Refused, match="refresh token"):
        visit(Google, server, **{**GOOGLE, "token": "ended"})


def test_a_place_is_numbered_as_google_does(server: Server) -> None:
    for wrong in ("locations/2", "accounts/x/locations/2", "accounts/1/locations/2/../../3"):
        with pytest.raises(Refused):
            visit(Google, server, **{**GOOGLE, "topic": wrong})
    assert server.asked == []


def service_review(number: str = "53bf", **more: Any) -> dict[str, Any]:
    return {
        "id": number, "stars": 1, "title": "Matig", "text": "Accu leeg", "language": "nl",
        "createdAt": "2026-10-30T10:00:00Z", "consumer": {"id": "u1", "displayName": "Marloes"}, **more,
    }  # fmt: skip


TRUST = {"topic": "windmee.example", "key": "api-key"}


def test_trustpilot_gives_reviews_of_our_company(server: Server) -> None:
    says(server, "/business-units/find", {"id": "abc1"})
    found = [service_review(), service_review("old", createdAt="2020-01-01T00:00:00Z")]
    says(server, "/business-units/abc1/reviews", {"reviews": found})
    (said,) = heard(visit(Trustpilot, server, **TRUST))
    assert (said.native_id, said.rating, said.title, said.language) == ("53bf", 1.0, "Matig", "nl")
    assert said.url == "https://www.trustpilot.com/reviews/53bf"
    assert server.asked[0][1]["apikey"] == "api-key"
    assert asked(server, "/business-units/find") == {"name": "windmee.example"}


def event(name: str, number: str) -> dict[str, Any]:
    return {"eventName": name, "version": "1", "eventData": {"id": number, "text": "made up"}}


def test_what_trustpilot_sends_is_looked_up_before_it_counts(server: Server) -> None:
    says(server, "/business-units/find", {"id": "abc1"})
    says(server, "/reviews/53bf", service_review(businessUnit={"id": "abc1"}))
    says(server, "/reviews/77", service_review("77", businessUnit={"id": "other"}))
    events = [
        event("service-review-updated", "53bf"), event("service-review-deleted", "99"),
        event("service-review-created", "77"), event("service-review-created", "../x"), event("y", "5"),
    ]  # fmt: skip
    there = reader(Trustpilot, server, **TRUST)
    (page,) = there.hear(json.dumps({"events": events}).encode())
    kept, gone = page.messages
    assert (kept.text, gone.native_id, gone.op) == ("Accu leeg", "99", "delete")
    assert len(page.rejected) == 2


def app_review(number: str, **more: Any) -> dict[str, Any]:
    told = {"id": number, "title": "Handig", "content": "Werkt goed", "updated": "2026-10-30T10:00:00-07:00", "im:rating": "4"}  # fmt: skip
    labels = {name: {"label": value} for name, value in {**told, **more}.items()}
    return {**labels, "author": {"name": {"label": "ilse"}, "uri": {"label": "https://itunes.apple.com/nl/reviews/id123"}}}  # fmt: skip


def test_the_app_store_gives_reviews_country_by_country(server: Server) -> None:
    the_app = {"id": {"label": "app"}, "title": {"label": "Windmee"}}
    first, second = "/nl/rss/customerreviews/page=1", "/be/rss/customerreviews/page=1"
    rest = "/id=42/sortby=mostrecent/json"
    says(server, first + rest, {"feed": {"entry": [the_app, app_review("1"), app_review("2")]}})
    says(server, "/nl/rss/customerreviews/page=2" + rest, {"feed": {}})
    says(server, second + rest, {"feed": {"entry": app_review("3", **{"im:rating": "9"})}})
    says(server, "/be/rss/customerreviews/page=2" + rest, {"feed": {"entry": []}})
    found = heard(visit(AppStore, server, topic="42", countries="nl, BE"))
    assert [each.native_id for each in found] == ["1", "2", "3"]
    assert (found[0].rating, found[0].title, found[0].text) == (4.0, "Handig", "Werkt goed")
    assert (found[0].author, found[2].rating) == ("123", None)
    assert found[0].said_at == datetime(2026, 10, 30, 17, tzinfo=UTC)


def test_who_changes_a_review_of_an_app_keeps_its_number() -> None:
    before = appstore.as_message(app_review("1"), "nl", "42", NOW)
    after = appstore.as_message(app_review("1", content="Toch niet", **{"im:rating": "1"}), "nl", "42", NOW)  # fmt: skip
    assert before and after and (before.native_id, after.rating) == (after.native_id, 1.0)


@pytest.mark.parametrize("told", [{"topic": "id42"}, {"topic": "42", "countries": "nederland"}])
def test_what_apple_cannot_be_asked_is_a_sentence(server: Server, told: dict[str, str]) -> None:
    with pytest.raises(Refused):
        visit(AppStore, server, **told)
