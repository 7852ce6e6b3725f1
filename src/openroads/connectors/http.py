"""The one HTTP client of the house: public addresses only, everything capped, errors in plain words."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpcore2
import httpx2

from openroads import __version__
from openroads.connectors.addresses import AllowList, is_public
from openroads.connectors.port import Refused, TryLater

USER_AGENT: Final = f"Openroads/{__version__} (+https://github.com/openroads)"
MAX_BYTES: Final = 10_000_000
MAX_REDIRECTS: Final = 3
TIMEOUT: Final = 10.0
_PORTS: Final = {"http": 80, "https": 443}
_PLAIN_CODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})

Resolver = Callable[[str, int], list[str]]
"""From host and port to addresses as text; raises socket.gaierror."""


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


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses the machine knows for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Blocked(Exception):
    """An address we do not speak to; the text is the sentence."""


class _Unknown(Exception):
    """A host name nobody answers to."""


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which no read or write outlives the deadline of the whole request.

    TRICKY: time-outs of HTTP libraries are per read. A server that drips a byte of its headers
    every few seconds would hold a thread for ever.
    """

    def __init__(self, inner: httpcore2.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def _left(self, timeout: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole request took too long")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Guard(httpcore2.NetworkBackend):
    """Resolves a name once, checks every address it has, and connects to one of those checked."""

    def __init__(self, allow: AllowList, resolve: Resolver, deadline: float) -> None:
        self._allow = allow
        self._resolve = resolve
        self._deadline = deadline
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        trouble: Exception | None = None
        for address in self._checked(host, port):
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise httpcore2.ConnectTimeout("the whole request took too long")
            try:
                # The address, never the name: a second look-up could answer something else.
                stream = self._inner.connect_tcp(
                    address, port, min(left, timeout or left), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                trouble = error
                continue
            return _TimedStream(stream, self._deadline)
        raise trouble or httpcore2.ConnectError(f"no address for {host}")

    def _checked(self, host: str, port: int) -> list[str]:
        addresses = self._look_up(host, port)
        if not addresses:
            raise _Unknown
        if self._allow.has_host(host, port):
            return addresses
        for text in addresses:
            try:
                address = ipaddress.ip_address(text)
            except ValueError:
                raise _Blocked(f"{host} has an address we do not understand.") from None
            if self._allow.has_address(address, port):
                continue
            if not is_public(address):
                raise _Blocked(
                    f"{host} is not on the public internet. If you trust it, put it on the list of "
                    "allowed hosts."
                )
            if port not in _PORTS.values():
                raise _Blocked(f"Port {port} is not one Openroads speaks to.")
        return addresses

    def _look_up(self, host: str, port: int) -> list[str]:
        """Resolve within the deadline; the system's resolver has no time-out of its own."""
        found: list[list[str]] = []
        trouble: list[OSError] = []

        def ask() -> None:
            try:
                found.append(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                trouble.append(error if isinstance(error, OSError) else OSError(str(error)))

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(max(0.0, self._deadline - time.monotonic()))
        if found:
            return found[0]
        if not trouble:
            raise httpcore2.ConnectTimeout("the name could not be looked up in time")
        if getattr(trouble[0], "errno", None) == socket.EAI_AGAIN:
            raise httpcore2.ConnectError("the name could not be looked up")
        raise _Unknown


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class _Transport(httpx2.BaseTransport):
    """httpx2's requests over httpcore2's pool with our guard as its network."""

    def __init__(self, context: ssl.SSLContext, guard: _Guard) -> None:
        self._pool = httpcore2.ConnectionPool(ssl_context=context, network_backend=guard)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        if not isinstance(answer.stream, Iterable):
            raise httpcore2.ProtocolError("the body cannot be read")
        return httpx2.Response(
            status_code=answer.status, headers=answer.headers, stream=_Body(answer.stream)
        )

    def close(self) -> None:
        self._pool.close()


class Guarded:
    """The guarded client. `allow` lists hosts and networks outside the public internet.

    It resolves each name once and connects to the address it checked; follows at most three
    redirects, each checked again and without the caller's headers; reads at most `max_bytes` after
    decompression within `timeout` seconds for everything together; uses no proxy, cookie or
    credential from its surroundings. Safe to share between threads.
    """

    def __init__(self, allow: Iterable[str] = (), *, resolve: Resolver = system_resolver) -> None:
        self._allow = AllowList(allow)
        self._resolve = resolve
        self._context = httpx2.create_ssl_context(trust_env=False)

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
        guard = _Guard(self._allow, self._resolve, deadline)
        with _Transport(self._context, guard) as transport:
            address = self._address(url)
            for hop in range(MAX_REDIRECTS + 1):
                sent = {**asked, **(headers or {})} if hop == 0 else asked
                answer = self._once(transport, address, sent, max_bytes, timeout)
                if answer.status not in (301, 302, 303, 307, 308):
                    return _judged(answer, also)
                address = self._next(address, answer)
        raise Refused(f"{address.host} sends on and on to other addresses.")

    def _address(self, url: str) -> httpx2.URL:
        if len(url) > 4_000:
            raise Refused("The address is too long.")
        try:
            address = httpx2.URL(url.strip())
        except (httpx2.InvalidURL, ValueError, TypeError):
            raise Refused(f"“{url[:100]}” is not a web address.") from None
        return self._permitted(address)

    def _permitted(self, address: httpx2.URL) -> httpx2.URL:
        if address.scheme not in _PORTS:
            raise Refused("Only addresses that start with http:// or https:// are read.")
        if not address.host:
            raise Refused("The address has no host name.")
        if address.userinfo:
            raise Refused("The address has a name or password in it; take that out.")
        port = address.port or _PORTS[address.scheme]
        if port not in _PORTS.values() and not self._allow.has_port(address.host, port):
            raise Refused(f"Port {port} is not one Openroads speaks to.")
        return address.copy_with(fragment=None)

    def _next(self, address: httpx2.URL, answer: Answer) -> httpx2.URL:
        try:
            onward = address.join(answer.headers.get("location", ""))
        except (httpx2.InvalidURL, ValueError):
            raise Refused(f"{address.host} sends on to something that is no address.") from None
        if onward == address or not answer.headers.get("location"):
            raise Refused(f"{address.host} sends on to nowhere.")
        return self._permitted(onward)

    def _once(
        self,
        transport: _Transport,
        address: httpx2.URL,
        headers: Mapping[str, str],
        max_bytes: int,
        timeout: float,
    ) -> Answer:
        host = address.host
        limits = httpx2.Timeout(timeout).as_dict()
        request = httpx2.Request("GET", address, headers=headers, extensions={"timeout": limits})
        try:
            response = transport.handle_request(request)
            try:
                body = _read(response, max_bytes)
            finally:
                response.close()
        except _Blocked as blocked:
            raise Refused(str(blocked)) from None
        except _Unknown:
            raise Refused(f"There is no server called {host}.") from None
        except (httpcore2.TimeoutException, httpx2.TimeoutException):
            raise TryLater(f"{host} took longer than {timeout:g} seconds to answer.") from None
        except httpx2.DecodingError:
            raise Refused(f"{host} sent something that cannot be unpacked.") from None
        except (httpcore2.ConnectError, httpx2.ConnectError) as error:
            if "certificate" in str(error).lower():
                raise Refused(f"The security certificate of {host} is not valid.") from None
            raise TryLater(f"{host} cannot be reached now.") from None
        except (
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpcore2.UnsupportedProtocol,
            httpx2.TransportError,
            httpx2.StreamError,
            OSError,
        ):
            raise TryLater(f"{host} broke off while it answered.") from None
        kept = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, str(address), kept, body)


def _read(response: httpx2.Response, max_bytes: int) -> bytes:
    """The body, decompressed, never more than `max_bytes` of it in memory."""
    host_said = response.headers.get("content-length", "")
    if host_said.isdigit() and int(host_said) > max_bytes:
        raise Refused(_too_big(max_bytes))
    if response.headers.get("content-encoding", "").strip().lower() not in _PLAIN_CODINGS:
        raise Refused("The server packs its answers in a way Openroads does not unpack.")
    if response.status_code in (301, 302, 303, 307, 308, 304):
        return b""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > max_bytes or response.num_bytes_downloaded > max_bytes:
            raise Refused(_too_big(max_bytes))
    return bytes(body)


def _too_big(max_bytes: int) -> str:
    return f"The answer is larger than {max_bytes / 1_000_000:g} MB; it is not read."


def _judged(answer: Answer, also: Container[int]) -> Answer:
    status = answer.status
    if 200 <= status < 300 or status == 304 or status in also:
        return answer
    host = httpx2.URL(answer.url).host
    if status in (408, 425, 429) or status >= 500:
        said = "asks us to come back later" if status == 429 else "has trouble"
        raise TryLater(f"{host} {said} ({status}).", _wait(answer.headers.get("retry-after", "")))
    if status in (401, 403):
        raise Refused(f"{host} does not let us read this address ({status}).")
    if status in (404, 410):
        raise Refused(f"There is nothing at this address of {host} ({status}).")
    raise Refused(f"{host} refused the request ({status}).")


def _wait(retry_after: str) -> float | None:
    """Seconds a Retry-After header asks for, at most a day; None when it says nothing."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return min(86_400.0, float(retry_after))
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(86_400.0, max(0.0, (moment - datetime.now(UTC)).total_seconds()))
