"""The guarded client: public addresses only, on a real wire, whatever the server does."""

import gzip
import ipaddress
import socket
import threading
import time
import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors.addresses import AllowList, is_public
from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from tests.connectors.conftest import Server

HOSTILE = [
    "http://127.0.0.1/", "http://localhost/", "http://LOCALHOST./", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://017700000001/",
    "http://0177.0.0.1/", "http://127.1/", "http://0/", "http://0.0.0.0/", "http://[::]/",
    "http://169.254.169.254/latest/meta-data/", "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::a9fe:a9fe]/", "http://[2002:7f00:1::]/", "http://[2001:0:1::1]/",
    "http://[fec0::1]/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[ff02::1]/",
    "http://[2001:db8::1]/", "http://[3fff::1]/", "http://10.0.0.1/", "http://172.16.0.1/",
    "http://192.168.1.1/", "http://100.64.0.1/", "http://192.0.0.8/", "http://192.0.2.1/",
    "http://198.18.0.1/", "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/",
    "http://192.88.99.1/", "http://127。0。0。1/",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_addresses_inside_the_house_are_refused(url: str) -> None:
    with pytest.raises(
        Refused
    ):  # never TryLater: nobody was called, so nothing could take too long
        Guarded().get(url, timeout=60)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/",
        "javascript:alert(1)", "", "http://", "http:///pad", "http://exa mple.com/",
        "http://user:secret@example.com/", "http://93.184.216.34:22/", "http://93.184.216.34:0/",
        "https://93.184.216.34:6379/", "http://[::1", "http://example.com:99999/", "x" * 5_000,
        "http://exa\nmple.com/", "http://１２７.0.0.1/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused_before_any_look_up(url: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(f"looked up {host}")

    with pytest.raises(Refused):
        Guarded(resolve=never).get(url, timeout=2)


@given(st.ip_addresses())
def test_public_is_never_wider_than_the_standard_library_says(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_public(address) and getattr(address, "ipv4_mapped", None) is None:
        assert address.is_global and not address.is_multicast and not address.is_private


@given(st.ip_addresses(v=4))
def test_mapped_addresses_are_judged_by_what_is_inside(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert is_public(mapped) == is_public(address)


def test_known_public_addresses_are_public() -> None:
    for text in ("93.184.216.34", "8.8.8.8", "2606:4700::1111", "2a00:1450:400e::1"):
        assert is_public(ipaddress.ip_address(text))


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    client = Guarded(resolve=lambda host, port: ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(Refused, match="not on the public internet"):
        client.get("http://half.example/", timeout=2)


def test_a_rebinding_name_is_looked_up_once_and_the_checked_address_is_used(server: Server) -> None:
    server.says("/", "geheim")
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["198.51.100.7"] if len(asked) == 1 else ["127.0.0.1"]

    client = Guarded(allow=["198.51.100.0/24"], resolve=rebinding)
    with pytest.raises((Refused, TryLater)):
        client.get(f"http://wissel.example:{server.port}/", timeout=0.5)
    assert asked == ["wissel.example"]
    assert server.asked == []


def test_an_allowed_host_is_read_with_our_name_on_the_request(server: Server) -> None:
    server.says("/", "welkom", ETag='"1"')
    for entry in (f"127.0.0.1:{server.port}", "127.0.0.0/8", "127.0.0.1"):
        answer = Guarded(allow=[entry]).get(server.url + "/#stuk")
        assert (answer.status, answer.body, answer.etag) == (200, b"welkom", '"1"')
    path, headers = server.asked[0]
    assert path == "/"
    assert headers["user-agent"].startswith("Openroads/")
    assert "cookie" not in headers and "authorization" not in headers


def test_the_host_header_keeps_the_name(server: Server) -> None:
    server.says("/", "ok")
    client = Guarded(allow=["intranet.example"], resolve=lambda host, port: ["127.0.0.1"])
    client.get(f"http://intranet.example:{server.port}/")
    assert server.asked[0][1]["host"] == f"intranet.example:{server.port}"


def test_an_allowed_port_does_not_open_other_ports(server: Server) -> None:
    with pytest.raises(Refused):
        Guarded(allow=[f"127.0.0.1:{server.port + 1}"]).get(server.url, timeout=2)
    with pytest.raises(ValueError, match="niet geldig!"):
        AllowList(["niet geldig!"])


def test_proxies_of_the_surroundings_are_not_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("ALL_PROXY", server.url)
    with pytest.raises((Refused, TryLater)):
        Guarded(resolve=lambda host, port: ["127.0.0.1"]).get("http://buiten.example/", timeout=2)
    assert server.asked == []


def client_for(server: Server) -> Guarded:
    """A client that may speak to this server's port, and to nothing else inside."""
    return Guarded(allow=[f"127.0.0.1:{server.port}"])


def test_redirects_are_followed_three_times_without_the_callers_headers(server: Server) -> None:
    server.sends_on("/1", "/2", 301)
    server.sends_on("/2", f"{server.url}/3", 307)
    server.sends_on("/3", "4")
    server.says("/4", "er")
    answer = client_for(server).get(f"{server.url}/1", headers={"Authorization": "Bearer geheim"})
    assert (answer.body, answer.url) == (b"er", f"{server.url}/4")
    assert [("authorization" in headers) for _, headers in server.asked] == [True] + [False] * 3
    server.sends_on("/0", "/1")
    with pytest.raises(Refused, match="on and on"):
        client_for(server).get(f"{server.url}/0")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{other}/", "http://[::1]:80/", "http://169.254.169.254/", "//0x7f.1/",
        "file:///etc/passwd", "ftp://x.example/", "http://user:pw@x.example/", "", "http://[",
        "javascript:alert(1)",
    ],
)  # fmt: skip
def test_a_redirect_to_somewhere_inside_is_refused(server: Server, target: str) -> None:
    inside = Server()
    try:
        inside.says("/", "geheim")
        server.sends_on("/", target.format(other=inside.port))
        with pytest.raises(Refused):
            client_for(server).get(server.url, timeout=2)
        assert inside.asked == []
    finally:
        inside.close()


def test_a_loop_of_redirects_ends(server: Server) -> None:
    server.sends_on("/", "/")
    with pytest.raises(Refused, match="nowhere"):
        client_for(server).get(server.url)


def test_a_gzip_bomb_is_cut_off_while_it_unpacks(server: Server) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    assert len(bomb) < 300_000
    server.says("/", bomb, Content_Encoding="gzip")
    began = time.thread_time()
    with pytest.raises(Refused, match="larger than 1 MB"):
        client_for(server).get(server.url, max_bytes=1_000_000)
    assert time.thread_time() - began < 2


def test_packed_answers_are_unpacked_and_other_packings_refused(server: Server) -> None:
    server.says("/g", gzip.compress(b"ingepakt"), Content_Encoding="gzip")
    server.says("/d", zlib.compress(b"ingepakt"), Content_Encoding="deflate")
    server.says("/kapot", b"dit is geen gzip", Content_Encoding="gzip")
    server.says("/dubbel", b"x", Content_Encoding="gzip, gzip")
    client = client_for(server)
    assert client.get(f"{server.url}/g").body == client.get(f"{server.url}/d").body == b"ingepakt"
    for path in ("/kapot", "/dubbel"):
        with pytest.raises(Refused, match="unpack"):
            client.get(server.url + path)


def test_a_large_answer_is_refused_by_its_length_and_by_its_bytes(server: Server) -> None:
    server.says("/", b"x" * 2_000_000)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65_536)

    server.routes["/endless"] = endless
    for path in ("/", "/endless"):
        with pytest.raises(Refused, match="larger than 1 MB"):
            client_for(server).get(server.url + path, max_bytes=1_000_000)


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_slow_drip_ends_at_the_total_time(server: Server, where: str) -> None:
    sent: list[int] = []
    hung_up = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        if where == "body":
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
        with suppress(OSError):  # until the other side hangs up
            while not hung_up.wait(0.05):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                sent.append(1)
                if len(sent) > 900:
                    return
        hung_up.set()

    server.routes["/"] = drip
    # Each byte comes well within the time; only all of them together do not. Had it waited for the
    # whole, it would have got it, or another complaint.
    with pytest.raises(TryLater, match="longer than 0.5 seconds"):
        client_for(server).get(server.url, timeout=0.5)
    assert hung_up.wait(60), "the line was let go while the server was still dripping"
    assert len(sent) < 900


def test_a_look_up_that_hangs_ends_at_the_total_time() -> None:
    def hangs(host: str, port: int) -> list[str]:
        answers.wait(60)
        return []

    answers = threading.Event()
    try:
        with pytest.raises(TryLater):
            Guarded(resolve=hangs).get("http://traag.example/", timeout=0.3)
        assert not answers.is_set(), "it did not wait for the answer"
    finally:
        answers.set()


def test_unknown_names_are_refused_and_failing_look_ups_tried_later() -> None:
    def fails(code: int) -> Guarded:
        def resolve(host: str, port: int) -> list[str]:
            raise socket.gaierror(code, "x")

        return Guarded(resolve=resolve)

    with pytest.raises(Refused, match=r"no server called weg\.example"):
        fails(socket.EAI_NONAME).get("http://weg.example/")
    with pytest.raises(TryLater):
        fails(socket.EAI_AGAIN).get("http://weg.example/")


@pytest.mark.parametrize(
    ("status", "error", "after"),
    [(429, TryLater, 7.0), (503, TryLater, 7.0), (500, TryLater, 7.0), (404, Refused, None),
     (401, Refused, None), (418, Refused, None)],
)  # fmt: skip
def test_every_failure_is_one_of_two(
    server: Server, status: int, error: type[Exception], after: float | None
) -> None:
    server.says("/", "nee", status=status, Retry_After="7")
    with pytest.raises(error) as raised:
        client_for(server).get(server.url)
    assert getattr(raised.value, "after", None) == after
    assert str(raised.value).endswith(".")
    if error is Refused:
        assert client_for(server).get(server.url, also={status}).status == status


def test_a_server_that_hangs_up_or_is_gone_is_tried_later(server: Server) -> None:
    server.routes["/"] = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(TryLater):
        client_for(server).get(server.url, timeout=2)

    def nonsense(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"hallo wij spreken geen HTTP\r\n\r\n")

    server.routes["/"] = nonsense
    with pytest.raises(TryLater):
        client_for(server).get(server.url, timeout=2)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(TryLater):
        Guarded(allow=["127.0.0.0/8"]).get(f"http://127.0.0.1:{port}/", timeout=2)


def test_an_unchanged_page_costs_no_body(server: Server) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("If-None-Match") == '"7"'
        handler.send_response(304 if same else 200)
        handler.send_header("ETag", '"7"')
        handler.send_header("Content-Length", "0" if same else "3")
        handler.end_headers()
        if not same:
            handler.wfile.write(b"abc")

    server.routes["/"] = answer
    first = client_for(server).get(server.url)
    second = client_for(server).get(server.url, etag=first.etag, modified=first.modified)
    assert (first.status, second.status, second.body) == (200, 304, b"")


def test_a_form_is_sent_to_one_address_and_follows_no_redirect(server: Server) -> None:
    got: list[tuple[str, str, bytes]] = []

    def takes(handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers["Content-Length"])
        got.append((handler.command, handler.headers["Content-Type"], handler.rfile.read(length)))
        handler.send_response(200 if handler.path == "/token" else 307)
        handler.send_header("Location", f"{server.url}/token")
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")

    server.takes_forms(takes)
    client = Guarded((f"127.0.0.1:{server.port}",))
    assert client.post_form(f"{server.url}/token", {"a": "é&b", "c": "1"}).body == b"ok"
    assert got == [("POST", "application/x-www-form-urlencoded", b"a=%C3%A9%26b&c=1")]
    with pytest.raises(Refused):
        client.post_form(f"{server.url}/elsewhere", {"secret": "1"})
    assert len(got) == 2, "what was sent is meant for that address alone"


@pytest.mark.parametrize("url", ["http://10.0.0.1/token", "file:///etc/passwd", "https://u:p@x.example/"])  # fmt: skip
def test_a_form_goes_nowhere_a_question_would_not_go(url: str) -> None:
    with pytest.raises((Refused, TryLater)):
        Guarded().post_form(url, {"a": "b"})
