"""The one HTTP client of the house: public addresses only, everything capped, errors in plain words."""

import json
import re
import ssl
import time
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlencode

import httpcore2
import httpx2

from openroads import __version__
from openroads.connectors.addresses import AllowList
from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.lines import Line
from openroads.connectors.sentences import Sentence, say
from openroads.connectors.socket_line import SocketLine
from openroads.connectors.wire import (
    PORTS,
    Blocked,
    Guard,
    Resolver,
    Transport,
    Unknown,
    open_line,
    system_resolver,
)

USER_AGENT: Final = f"Openroads/{__version__} (+https://github.com/openroads)"
MAX_BYTES: Final = 10_000_000
MAX_REDIRECTS: Final = 3
TIMEOUT: Final = 10.0
_PLAIN_CODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_HOST: Final = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_.])?|[0-9A-Fa-f:.]{2,45}"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: status, the address after redirects, headers in lower case, the body."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def etag(self) -> str:
        """The version mark to send back next time; empty when there is none."""
        return self.headers.get("etag", "")

    @property
    def modified(self) -> str:
        """The date of last change to send back next time; empty when there is none."""
        return self.headers.get("last-modified", "")

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Guarded:
    """The guarded client. `allow` lists hosts and networks outside the public internet.

    It resolves each name once and connects to the address it checked; follows at most three
    redirects, each checked again and without the caller's headers; reads at most `max_bytes` after
    decompression within `timeout` seconds for everything together; uses no proxy, cookie or
    credential from its surroundings. Safe to share between threads.
    """

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        resolve: Resolver = system_resolver,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._allow = AllowList(allow)
        self._resolve = resolve
        self._context = context or httpx2.create_ssl_context(trust_env=False)

    def line_to(
        self, host: str, port: int, *, ports: Collection[int], timeout: float
    ) -> SocketLine:
        """A connection to a server that speaks something else than HTTP, under the same rules; `ports` are
        those its kind of server has. Raises TryLater and Refused as the requests do."""
        if not _HOST.fullmatch(host):
            raise Refused(say("“{host}” is not the name of a server.", host=host[:100]))
        deadline = time.monotonic() + timeout
        guard = Guard(self._allow, self._resolve, deadline, ports)
        try:
            return SocketLine.to(guard, host, port, deadline, self._context)
        except Blocked as blocked:
            raise Refused(blocked.why) from None
        except Unknown:
            raise Refused(say("There is no server called {host}.", host=host)) from None
        except (httpcore2.TimeoutException, httpcore2.NetworkError, OSError):
            raise TryLater(say("{host} cannot be reached now.", host=host)) from None

    def get(
        self,
        url: str,
        *,
        etag: str = "",
        modified: str = "",
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Answer:
        """Fetch an address. Gives answers with a status of 200-299, 304 or one in `also`.

        Everything else is TryLater (time-outs, 429, 5xx) or Refused, each with a sentence.
        `etag` and `modified` of the last answer make an unchanged page a 304 with an empty body.
        `headers` are for the first address only and never follow a redirect.
        """
        deadline = time.monotonic() + timeout
        asked = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        if etag:
            asked["If-None-Match"] = etag
        if modified:
            asked["If-Modified-Since"] = modified
        guard = Guard(self._allow, self._resolve, deadline)
        with Transport(self._context, guard) as transport:
            address = self._address(url)
            for hop in range(MAX_REDIRECTS + 1):
                sent = {**asked, **(headers or {})} if hop == 0 else asked
                answer = self._once(transport, address, sent, max_bytes, timeout)
                if answer.status not in (301, 302, 303, 307, 308):
                    return _judged(answer, also)
                address = self._next(address, answer)
        raise Refused(say("{host} sends on and on to other addresses.", host=address.host))

    def post_form(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,
    ) -> Answer:
        """Send a form to an address. Gives answers with a status of 200-299; everything else is
        TryLater or Refused, a redirect too: what was sent is meant for this address alone."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._post(url, urlencode(fields).encode(), kind, max_bytes, timeout)

    def post_json(
        self,
        url: str,
        told: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,
        also: Container[int] = (),
    ) -> Answer:
        """Send a JSON object to an address, as `post_form` does a form. Answers with a status in `also`
        are given too."""
        kind = {"Content-Type": "application/json", **(headers or {})}
        return self._post(url, json.dumps(told).encode(), kind, max_bytes, timeout, also)

    def post_bytes(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str],
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,
        also: Container[int] = (),
    ) -> Answer:
        """Send these very bytes, for what is signed over them; else as `post_form`. Answers with a
        status in `also` are given too."""
        return self._post(url, body, headers, max_bytes, timeout, also)

    def do(
        self,
        method: str,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str],
        timeout: float = TIMEOUT,
        also: Container[int] = (),
    ) -> Answer:
        """Ask by POST or PUT for a deed that must not be done twice. Gives answers of 200-299 and those
        in `also`. TryLater: it was certainly not done, and may be later. Unsure: nobody knows, because
        the line broke after the first word or the server had trouble. Refused: it will not be done."""
        guard = Guard(self._allow, self._resolve, time.monotonic() + timeout)
        sent = {"User-Agent": USER_AGENT, "Accept": "application/json", **headers}
        with Transport(self._context, guard) as transport:
            address = self._address(url)
            try:
                answer = self._once(transport, address, sent, MAX_BYTES, timeout, body, method)
            except (TryLater, Refused) as problem:
                if guard.has_begun:
                    raise Unsure(problem.why) from None
                raise
        if answer.status >= 500 and answer.status not in also:
            code = str(answer.status)
            raise Unsure(say("{host} has trouble ({code}).", host=address.host, code=code))
        return _judged(answer, also)

    def open_line(self, url: str, *, silence: float, timeout: float = TIMEOUT) -> Line:
        """A connection to the server of an address that stays open: wss:// and ws:// are checked as
        https:// and http:// are, at connect. Nothing is said on it yet. Raises TryLater and Refused."""
        address = self._address(re.sub(r"^ws(?=s?://)", "http", url.strip(), flags=re.IGNORECASE))
        guard = Guard(self._allow, self._resolve, time.monotonic() + timeout)
        port = PORTS[address.scheme] if address.port is None else address.port
        host = address.raw_host.decode("ascii")
        with _plainly(address.host, timeout):
            stream = open_line(guard, self._context, address.scheme, host, port)
        return Line(stream, address.host, silence=silence)

    def _post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        max_bytes: int,
        timeout: float,
        also: Container[int] = (),
    ) -> Answer:
        guard = Guard(self._allow, self._resolve, time.monotonic() + timeout)
        sent = {
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            **headers,
        }
        with Transport(self._context, guard) as transport:
            answer = self._once(transport, self._address(url), sent, max_bytes, timeout, body)
        return _judged(answer, also)

    def _address(self, url: str) -> httpx2.URL:
        if len(url) > 4_000:
            raise Refused(say("The address is too long."))
        try:
            address = httpx2.URL(url.strip())
        except (httpx2.InvalidURL, ValueError, TypeError):
            raise Refused(say("“{url}” is not a web address.", url=url[:100])) from None
        return self._permitted(address)

    def _permitted(self, address: httpx2.URL) -> httpx2.URL:
        if address.scheme not in PORTS:
            raise Refused(say("Only addresses that start with http:// or https:// are read."))
        if not address.host:
            raise Refused(say("The address has no host name."))
        if address.userinfo:
            raise Refused(say("The address has a name or password in it; take that out."))
        if not _HOST.fullmatch(address.raw_host.decode("ascii", "replace")):
            raise Refused(say("“{host}” is not the name of a server.", host=address.host[:100]))
        port = PORTS[address.scheme] if address.port is None else address.port
        if port not in PORTS.values() and not self._allow.has_port(address.host, port):
            raise Refused(say("Port {port} is not one Openroads speaks to.", port=str(port)))
        return address.copy_with(fragment=None)

    def _next(self, address: httpx2.URL, answer: Answer) -> httpx2.URL:
        try:
            onward = address.join(answer.headers.get("location", ""))
        except (httpx2.InvalidURL, ValueError):
            raise Refused(
                say("{host} sends on to something that is no address.", host=address.host)
            ) from None
        if onward == address or not answer.headers.get("location"):
            raise Refused(say("{host} sends on to nowhere.", host=address.host))
        return self._permitted(onward)

    def _once(
        self,
        transport: Transport,
        address: httpx2.URL,
        headers: Mapping[str, str],
        max_bytes: int,
        timeout: float,
        form: bytes | None = None,
        method: str = "",
    ) -> Answer:
        host = address.host
        limits = httpx2.Timeout(timeout).as_dict()
        request = httpx2.Request(
            method or ("GET" if form is None else "POST"),
            address,
            headers=headers,
            content=form,
            extensions={"timeout": limits},
        )
        with _plainly(host, timeout):
            response = transport.handle_request(request)
            try:
                body = _read(response, max_bytes)
            finally:
                response.close()
        kept = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, str(address), kept, body)


@contextmanager
def _plainly(host: str, timeout: float) -> Iterator[None]:
    """Whatever goes wrong on the wire becomes TryLater or Refused, with a sentence."""
    try:
        yield
    except Blocked as blocked:
        raise Refused(blocked.why) from None
    except Unknown:
        raise Refused(say("There is no server called {host}.", host=host)) from None
    except (httpcore2.TimeoutException, httpx2.TimeoutException):
        raise TryLater(
            say(
                "{host} took longer than {seconds} seconds to answer.",
                host=host,
                seconds=float(timeout),
            )
        ) from None
    except httpx2.DecodingError:
        raise Refused(say("{host} sent something that cannot be unpacked.", host=host)) from None
    except (httpcore2.ConnectError, httpx2.ConnectError) as error:
        if "certificate" in str(error).lower():
            raise Refused(
                say("The security certificate of {host} is not valid.", host=host)
            ) from None
        raise TryLater(say("{host} cannot be reached now.", host=host)) from None
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.UnsupportedProtocol,
        httpx2.TransportError,
        httpx2.StreamError,
        OSError,
    ):
        raise TryLater(say("{host} broke off while it answered.", host=host)) from None


def _read(response: httpx2.Response, max_bytes: int) -> bytes:
    """The body, decompressed, never more than `max_bytes` of it in memory."""
    host_said = response.headers.get("content-length", "")
    if _is_number(host_said) and int(host_said) > max_bytes:
        raise Refused(_too_big(max_bytes))
    if response.headers.get("content-encoding", "").strip().lower() not in _PLAIN_CODINGS:
        raise Refused(say("The server packs its answers in a way Openroads does not unpack."))
    if response.status_code in (301, 302, 303, 307, 308, 304):
        return b""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > max_bytes or response.num_bytes_downloaded > max_bytes:
            raise Refused(_too_big(max_bytes))
    return bytes(body)


def _is_number(text: str) -> bool:
    """Whether a header holds a plain number. TRICKY: "²" is a digit to Python, and no number to int()."""
    return text.isascii() and text.isdigit()


def _too_big(max_bytes: int) -> Sentence:
    return say("The answer is larger than {size} MB; it is not read.", size=max_bytes / 1_000_000)


def _judged(answer: Answer, also: Container[int]) -> Answer:
    status = answer.status
    if 200 <= status < 300 or status == 304 or status in also:
        return answer
    host, code = httpx2.URL(answer.url).host, str(status)
    if status in (408, 425, 429) or status >= 500:
        why = say("{host} has trouble ({code}).", host=host, code=code)
        if status == 429:
            why = say("{host} asks us to come back later ({code}).", host=host, code=code)
        raise TryLater(why, _wait(answer.headers.get("retry-after", "")))
    if status in (401, 403):
        raise Refused(
            say("{host} does not let us read this address ({code}).", host=host, code=code)
        )
    if status in (404, 410):
        raise Refused(
            say("There is nothing at this address of {host} ({code}).", host=host, code=code)
        )
    raise Refused(say("{host} refused the request ({code}).", host=host, code=code))


def _wait(retry_after: str) -> float | None:
    """Seconds a Retry-After header asks for, at most a day; None when it says nothing."""
    if not retry_after:
        return None
    if _is_number(retry_after.strip()):
        return min(86_400.0, float(retry_after))
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(86_400.0, max(0.0, (moment - datetime.now(UTC)).total_seconds()))
