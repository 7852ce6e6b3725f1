"""The wire under the HTTP client: names resolved once, addresses checked, every read timed."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final

import httpcore2
import httpx2

from openroads.connectors.addresses import AllowList, is_public
from openroads.connectors.sentences import Said, say

PORTS: Final = {"http": 80, "https": 443}

Resolver = Callable[[str, int], list[str]]
"""From host and port to addresses as text; raises socket.gaierror."""


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses the machine knows for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Blocked(Said):
    """An address we do not speak to; `why` is the sentence."""


class Unknown(Exception):
    """A host name nobody answers to."""


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which no read or write outlives the deadline of the whole request.

    TRICKY: time-outs of HTTP libraries are per read. A server that drips a byte of its headers
    every few seconds would hold a thread for ever.
    """

    def __init__(
        self, inner: httpcore2.NetworkStream, deadline: float, said: Callable[[], None]
    ) -> None:
        self._inner = inner
        self._deadline = deadline
        self._said = said

    def _left(self, timeout: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole request took too long")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._said()
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
        return _TimedStream(inner, self._deadline, self._said)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def lasting(self) -> httpcore2.NetworkStream:
        """The connection without the deadline it was opened under; who keeps it watches it."""
        return self._inner


def open_line(
    guard: "Guard", context: ssl.SSLContext, scheme: str, host: str, port: int
) -> httpcore2.NetworkStream:
    """A checked connection that may stay open, encrypted where the scheme is https; opened within the
    guard's deadline."""
    stream = guard.connect_tcp(host, port)
    try:
        if scheme == "https":
            stream = stream.start_tls(context, host)
    except BaseException:
        stream.close()
        raise
    return stream.lasting() if isinstance(stream, _TimedStream) else stream


class Guard(httpcore2.NetworkBackend):
    """Resolves a name once, checks every address it has, and connects to one of those checked."""

    def __init__(
        self,
        allow: AllowList,
        resolve: Resolver,
        deadline: float,
        ports: Collection[int] = tuple(PORTS.values()),
    ) -> None:
        self._allow = allow
        self._resolve = resolve
        self._deadline = deadline
        self._ports = ports
        self._inner = httpcore2.SyncBackend()
        self.has_begun = False
        """Whether a word was said yet, after the handshake: before it nothing can have been done."""

    def _begin(self) -> None:
        self.has_begun = True

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        trouble: Exception | None = None
        for address in self.checked(host, port):
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
            return _TimedStream(stream, self._deadline, self._begin)
        raise trouble or httpcore2.ConnectError(f"no address for {host}")

    def checked(self, host: str, port: int) -> list[str]:
        """The addresses of a host, each of which we may speak to. Raises Blocked and Unknown."""
        addresses = self._look_up(host, port)
        if not addresses:
            raise Unknown
        if self._allow.has_host(host, port):
            return addresses
        for text in addresses:
            try:
                address = ipaddress.ip_address(text)
            except ValueError:
                raise Blocked(
                    say("{host} has an address we do not understand.", host=host)
                ) from None
            if self._allow.has_address(address, port):
                continue
            if not is_public(address):
                raise Blocked(
                    say(
                        "{host} is not on the public internet. If you trust it, put it on the list "
                        "of allowed hosts.",
                        host=host,
                    )
                )
            if port not in self._ports:
                raise Blocked(say("Port {port} is not one Openroads speaks to.", port=str(port)))
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
        raise Unknown


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class Transport(httpx2.BaseTransport):
    """httpx2's requests over httpcore2's pool with our guard as its network."""

    def __init__(self, context: ssl.SSLContext, guard: Guard) -> None:
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
