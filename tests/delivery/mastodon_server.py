"""A small server that speaks Mastodon's API as far as answering needs it, with faults on request."""

import html
from datetime import UTC, datetime
from typing import Any

from tests.connectors.answered import HANG_UP, Asked, Network

TOKEN = "answers" + "-only-here"
FAULTS = ("none", "busy", "refused", "too often", "lost before", "lost after")


class Statuses:
    """`taken` holds what it published, `fault` what it does wrong, `tried` how often it was asked to."""

    def __init__(self, network: Network) -> None:
        self.network, self.fault, self.tried = network, "none", 0
        self.taken: list[dict[str, Any]] = []
        network.says("GET /api/v1/statuses/7", {"id": "7"})
        network.says("GET /api/v2/instance", {"configuration": {"statuses": {"max_characters": 640}}})  # fmt: skip
        network.routes["GET /api/v1/accounts/verify_credentials"] = self._me
        network.routes["GET /api/v1/accounts/1/statuses"] = lambda _: self.taken[::-1]
        network.routes["POST /api/v1/statuses"] = self._take

    @property
    def told(self) -> dict[str, str]:
        return {"server": self.network.url, "token": TOKEN}

    @property
    def post(self) -> str:
        """The native id of the post that is answered."""
        return f"{self.network.host}/7"

    def texts(self) -> list[str]:
        return [status["status"] for status in self.taken]

    def _me(self, asked: Asked) -> object:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "The access token is invalid"}
        return {"id": "1", "acct": "windmee"}

    def _take(self, asked: Asked) -> object:
        self.tried += 1
        match self.fault:
            case "busy":
                return 503, {"error": "busy"}
            case "refused":
                return 422, {"error": "Text limit exceeded"}
            case "too often":
                return 429, {"error": "Too many requests"}
            case "lost before":
                return HANG_UP
        told, number = asked.told, str(100 + len(self.taken))
        status = {
            "id": number, "url": f"{self.network.url}/@windmee/{number}", "status": told["status"],
            "content": f"<p>{html.escape(told['status'])}</p>", "visibility": told["visibility"],
            "in_reply_to_id": told.get("in_reply_to_id"), "created_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        self.taken.append(status)
        return HANG_UP if self.fault == "lost after" else status
