"""Answering reviews at Google and Trustpilot, on a server in the shapes of their documentation; neither was
run against the real service."""

import pytest

from openroads.connectors.answering.googlereviews import AnsweringGoogle
from openroads.connectors.answering.trustpilot import AnsweringTrustpilot
from openroads.connectors.failures import Refused, Unsure
from tests.connectors.answered import HANG_UP, Network, draft, network

__all__ = ["network"]
REVIEW = "accounts/1/locations/2/reviews/AbC-9_x"
SAID = "Dag Marloes, dat zoeken we uit."


@pytest.fixture
def google(network: Network, monkeypatch: pytest.MonkeyPatch) -> AnsweringGoogle:
    monkeypatch.setattr(AnsweringGoogle, "api", network.url)
    monkeypatch.setattr(AnsweringGoogle, "sign_in", f"{network.url}/token")
    network.says("POST /token", {"access_token": "for-this-visit"})
    network.says(f"GET /{REVIEW}", {"name": REVIEW})
    return AnsweringGoogle(network.client, {"place": "accounts/1/locations/2", "client": "id", "client_secret": "s", "token": "r"})  # fmt: skip


@pytest.fixture
def trustpilot(network: Network, monkeypatch: pytest.MonkeyPatch) -> AnsweringTrustpilot:
    monkeypatch.setattr(AnsweringTrustpilot, "api", network.url)
    network.says("POST /oauth/oauth-business-users-for-applications/accesstoken", {"access_token": "t"})  # fmt: skip
    network.says("GET /private/reviews/abc123", {"id": "abc123"})
    return AnsweringTrustpilot(network.client, {"key": "k", "secret": "s", "user": "u9"})


def test_a_google_review_is_answered_and_found(network: Network, google: AnsweringGoogle) -> None:
    network.says(f"PUT /{REVIEW}/reply", {"comment": SAID, "updateTime": "2026-11-02T09:00:00Z"})
    assert google.find(draft(reply_to=REVIEW)) is None
    receipt = google.publish(draft(reply_to=REVIEW))
    assert receipt.native_id == f"{REVIEW}/reply" and receipt.sent_at
    (put,) = network.did("PUT")
    assert put.told == {"comment": SAID} and put.headers["authorization"] == "Bearer for-this-visit"
    network.says(f"GET /{REVIEW}", {"name": REVIEW, "reviewReply": {"comment": SAID}})
    found = google.find(draft(reply_to=REVIEW))
    assert found and found.native_id == receipt.native_id


def test_an_answer_of_somebody_else_is_not_written_over(network: Network, google: AnsweringGoogle, trustpilot: AnsweringTrustpilot) -> None:  # fmt: skip
    network.says(f"GET /{REVIEW}", {"reviewReply": {"comment": "Van Noor"}})
    network.says("GET /private/reviews/abc123", {"companyReply": {"text": "Van Noor"}})
    with pytest.raises(Refused, match="another answer"):
        google.publish(draft(reply_to=REVIEW))
    with pytest.raises(Refused, match="another answer"):
        trustpilot.publish(draft(reply_to="abc123"))
    assert network.did("PUT") == [] and network.did("POST", "/private/reviews/abc123/reply") == []


def test_a_broken_line_leaves_doubt(network: Network, google: AnsweringGoogle, trustpilot: AnsweringTrustpilot) -> None:  # fmt: skip
    network.says(f"PUT /{REVIEW}/reply", HANG_UP)
    network.says("POST /private/reviews/abc123/reply", HANG_UP)
    with pytest.raises(Unsure):
        google.publish(draft(reply_to=REVIEW))
    with pytest.raises(Unsure):
        trustpilot.publish(draft(reply_to="abc123"))


def test_a_trustpilot_review_is_answered_and_found(network: Network, trustpilot: AnsweringTrustpilot) -> None:  # fmt: skip
    network.says("POST /private/reviews/abc123/reply", (201, b""))
    receipt = trustpilot.publish(draft(reply_to="abc123"))
    assert receipt.url == "https://www.trustpilot.com/reviews/abc123"
    (post,) = network.did("POST", "/private/reviews/abc123/reply")
    assert post.told == {"authorBusinessUserId": "u9", "message": SAID}
    assert trustpilot.find(draft(reply_to="abc123")) is None
    network.says("GET /private/reviews/abc123", {"companyReply": {"text": SAID}})
    assert trustpilot.find(draft(reply_to="abc123"))


def test_what_is_no_review_becomes_no_address(network: Network, google: AnsweringGoogle, trustpilot: AnsweringTrustpilot) -> None:  # fmt: skip
    for told in ("", "accounts/1/locations/2", f"{REVIEW}/../x", f"{REVIEW}?a=b"):
        with pytest.raises(Refused):
            google.publish(draft(reply_to=told))
    for told in ("", "a/b", "a?b"):
        with pytest.raises(Refused):
            trustpilot.publish(draft(reply_to=told))
    assert network.asked == []


def test_google_counts_bytes() -> None:
    assert AnsweringGoogle.limits.count("é👋") == 6


def test_who_is_not_let_in_is_told_without_the_secret(network: Network, google: AnsweringGoogle, trustpilot: AnsweringTrustpilot) -> None:  # fmt: skip
    network.says("POST /token", (401, {}))
    network.says("POST /oauth/oauth-business-users-for-applications/accesstoken", (401, {}))
    with pytest.raises(Refused, match="refresh token"):
        google.check()
    with pytest.raises(Refused, match="key"):
        trustpilot.check()
