"""A large file brought with the browser: how long it takes, and what it does to the server's memory.

Run: python -m bench.uploading [megabytes] (default 300). Serves a small demo company in a process of
its own, signs in as its listener and sends one file over HTTP, as a browser does.
"""

import http.client
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.cookies import SimpleCookie
from pathlib import Path

import psutil

WORDS = "de accu van mijn fiets is kapot en het zadel kraakt bij elke rit langs rivier mooi vandaag".split()
BOUNDARY = "openroads-bench"


class Browser:
    """Asks pages with the cookies it was given."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def headers(self) -> dict[str, str]:
        told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": told, "Referer": f"http://127.0.0.1:{self.port}/"}

    def ask(self, method: str, path: str, body: str = "") -> str:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        line.request(method, path, body, self.headers() | form)
        answer = line.getresponse()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {one.key: one.value for one in SimpleCookie(value).values()}
        return answer.read().decode()

    def enter(self) -> None:
        page = self.ask("GET", "/account/login/")
        door = next(form for form in re.findall(r"<form.*?</form>", page, re.S) if "Sanne" in form)
        person, token = (re.search(rf'name="{name}"[^>]*value="([^"]+)"', door)[1] for name in ("person", "csrfmiddlewaretoken"))  # type: ignore[index]  # fmt: skip
        self.ask("POST", "/demo/enter/", f"csrfmiddlewaretoken={token}&person={person}")

    def bring(self, file: Path) -> tuple[float, float, str]:
        """Seconds until the last byte was sent, until the answer, and its first line."""
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.ask("GET", "/listen/imports/"))[1]  # type: ignore[index]  # fmt: skip
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
        ).encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        length = len(head) + file.stat().st_size + len(tail)
        lines = [
            "POST /listen/imports/ HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Content-Length: {length}",
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers().items()),
        ]
        with socket.create_connection(("127.0.0.1", self.port), timeout=600) as line:
            began = time.perf_counter()
            line.sendall("\r\n".join([*lines, "", ""]).encode() + head)
            with file.open("rb") as content:
                line.sendfile(content)
            line.sendall(tail)
            sent = time.perf_counter() - began
            answer = line.recv(65_536)
            return sent, time.perf_counter() - began, answer.split(b"\r\n")[0].decode()


def write(file: Path, size: int) -> int:
    """Write posts until the file has so many bytes; how many."""
    chance, rows = random.Random(4), 0
    with file.open("w", encoding="utf-8") as out:
        out.write("id,created_at,author,text\n")
        while out.tell() < size:
            for rows in range(rows + 1, rows + 2_001):  # noqa: B020
                said = " ".join(chance.choices(WORDS, k=22))
                out.write(f"{rows},2026-{1 + rows % 12:02}-{1 + rows % 28:02} 10:00,rider{rows % 5_000},{said}\n")  # fmt: skip
    return rows


def main(megabytes: int = 300) -> None:
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        file = Path(name) / "posts.csv"
        rows = write(file, megabytes * 10**6)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        words = ["demo", "--data", f"{name}/house", "--posts", "1000", "--port", str(port)]
        with subprocess.Popen([sys.executable, "-m", "openroads", *words], stdout=subprocess.PIPE, text=True) as server:  # fmt: skip
            try:
                assert server.stdout is not None
                assert any("Openroads is at" in line for line in server.stdout)
                browser, memory = Browser(port), psutil.Process(server.pid).memory_info
                browser.enter()
                time.sleep(5)  # the gap that is read ahead at the start
                before = most = memory().rss
                done = threading.Event()

                def watch() -> None:
                    nonlocal most
                    while not done.wait(0.02):
                        most = max(most, memory().rss)

                watcher = threading.Thread(target=watch)
                watcher.start()
                sent, answered, status = browser.bring(file)
                done.set()
                watcher.join()
                print(
                    f"{megabytes} MB, {rows:,} rows: sent in {sent:.1f} s, shown {answered - sent:.1f} s "
                    f"later ({status}); memory {before / 1e6:.0f} MB before, {(most - before) / 1e6:.0f} MB more at most"
                )
            finally:
                server.terminate()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
