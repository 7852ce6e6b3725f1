"""A line to a server on which one answer gets lost: the server did what was asked and nobody hears of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Line:
    """Passes on what is said to a port; with `lose` the answer to the next request that begins so is lost."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._lost = b""
        self.lost = 0
        self._listens = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listens.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def lose(self, beginning: bytes) -> None:
        """Lose the answer to what begins so, once."""
        self._lost = beginning

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                theirs, _ = self._listens.accept()
                threading.Thread(target=self._pass_on, args=(theirs,), daemon=True).start()

    def close(self) -> None:
        self._listens.close()

    def _pass_on(self, theirs: socket.socket) -> None:
        with theirs, socket.create_connection(("127.0.0.1", self._to)) as ours, suppress(OSError):
            theirs.settimeout(20)
            ours.settimeout(20)
            asked = theirs.recv(65_536)
            loses = bool(self._lost) and asked.startswith(self._lost)
            if loses:
                self._lost = b""
            ours.sendall(asked)
            back = threading.Thread(target=self._back, args=(ours, theirs, loses), daemon=True)
            back.start()
            while more := theirs.recv(65_536):
                ours.sendall(more)

    def _back(self, ours: socket.socket, theirs: socket.socket, loses: bool) -> None:
        with suppress(OSError):
            while told := ours.recv(65_536):
                if loses:
                    self.lost += 1
                    theirs.shutdown(socket.SHUT_RDWR)
                    return
                theirs.sendall(told)
            theirs.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line that works, until it is asked to lose something."""
    line = Line(port)
    serving = threading.Thread(target=line.serve, daemon=True)
    serving.start()
    try:
        yield line
    finally:
        line.close()
