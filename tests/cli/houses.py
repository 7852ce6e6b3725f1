"""Openroads as its users meet it: a command in a process of its own, with a folder of its own."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests import warm

STARTS_WITHIN = 240.0
STOPS_WITHIN = 60.0


def environment(**more: str) -> dict[str, str]:
    """Ours without a single setting of Openroads, so that nothing of this machine leaks in."""
    plain = {name: value for name, value in os.environ.items() if "OPENROADS_" not in name}
    plain.pop("DJANGO_SETTINGS_MODULE", None)
    return {**plain, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", **more}


def openroads(
    *words: object, env: Mapping[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return warm.run("openroads", *words, env=environment(**(env or {})), timeout=timeout)


def free_port() -> int:
    """A port nobody listens on; taken from the system, so two workers rarely get the same."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """A running server: `address` is what its console said, `stop()` gives its exit code."""

    def __init__(self, *words: object, log: Path, env: Mapping[str, str] | None = None) -> None:
        self.log, self.port = log, free_port()
        with log.open("wb") as told:
            self.process = warm.start(
                "openroads", *words, "--port", self.port,
                env=environment(**(env or {})), stdout=told, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.begin = self._first_address()
        self.address = re.sub(r"(https?://[^/]+).*", r"\1", self.begin)

    def _first_address(self) -> str:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            said = re.search(r"(?:Begin at|Openroads is at) (\S+)", self.told())
            if said:
                return said[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.stop()
        raise AssertionError(f"the server did not start:\n{self.told()}")

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """Ask it to stop and wait; killed when it does not."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
