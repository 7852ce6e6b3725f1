"""How allauth speaks to the issuer: through the guarded client of the house, and nothing else."""

import json
from base64 import b64encode
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Answer, Guarded

MOST = 1_000_000
"""Bytes of an answer: a discovery document, keys, or a few claims."""


class IssuerAnswer:
    """An answer in the shape allauth reads."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.content = answer.body
        self.headers = {"content-type": answer.headers.get("content-type", "")}

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The JSON in it; raises OAuth2Error when there is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise OAuth2Error("The issuer sent something that is no JSON.") from None

    def raise_for_status(self) -> None:
        """Nothing: what is no success was raised as OAuth2Error when it came."""


class IssuerSession:
    """A session as allauth uses one. The issuer's own host may be inside the company's network,
    because its administrator named it; every other host must be public or allow-listed."""

    def __init__(self) -> None:
        issuer = urlsplit(settings.OPENROADS.oidc_issuer)
        own = f"[{issuer.hostname}]" if ":" in (issuer.hostname or "") else issuer.hostname
        port = issuer.port or (80 if issuer.scheme == "http" else 443)
        allowed = (f"{own}:{port}",) if own else ()
        self._client = Guarded((*settings.OPENROADS.http_allow, *allowed))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> IssuerAnswer:
        """Fetch an address. Raises OAuth2Error for everything that is no success."""
        try:
            return IssuerAnswer(self._client.get(url, headers=headers, max_bytes=MOST))
        except (Refused, TryLater) as problem:
            raise OAuth2Error(str(problem.why)) from None

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Any = None,
    ) -> IssuerAnswer:
        """What allauth's OAuth client asks: a form posted to the token address."""
        sent = dict(headers or {})
        if auth is not None:
            word = b64encode(f"{auth.username}:{auth.password}".encode()).decode()
            sent["Authorization"] = f"Basic {word}"
        if method != "POST":
            return self.get(f"{url}?{urlencode(params)}" if params else url, sent)
        try:
            answer = self._client.post_form(url, dict(data or {}), headers=sent, max_bytes=MOST)
        except (Refused, TryLater) as problem:
            raise OAuth2Error(str(problem.why)) from None
        return IssuerAnswer(answer)
