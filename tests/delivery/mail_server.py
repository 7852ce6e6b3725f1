"""A small mail server on loopback, with faults on request: a real member of the family of SMTP."""

import socketserver
import threading
from typing import Any

FAULTS = ("none", "busy", "refused", "silent after data", "unknown address")


class _Talk(socketserver.StreamRequestHandler):
    """One conversation, as far as smtplib needs it."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.upper().split(" ")[0]
            if word == "EHLO":
                self._say("250 here")
            elif word == "RCPT" and self.server.fault == "unknown address":
                self._say("550 nobody of that name")
            elif word == "DATA":
                if not self._data():
                    return
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if self.server.fault == "busy":
            self._say("451 come back later")
            return True
        if self.server.fault == "refused":
            self._say("554 not this")
            return True
        self.server.letters.append(b"".join(lines).decode())
        if self.server.fault == "silent after data":
            return False  # taken, but nobody hears so
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port; `letters` holds what it took, `fault` what it does wrong."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[str] = []
        self.fault = "none"

    def __enter__(self) -> Any:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
