"""Processes that start warm: forked from one that has imported what every command imports.

Starting Python and importing Django takes 1.6 s of processor time, and the suite starts some two
hundred processes. One that is forked here is a process like any other: a number, memory, files,
signals and an end of its own; it reads its settings and opens its stores itself. Only the import of
libraries, and of the dictionaries that every reader of posts needs, is behind it. OPENROADS_TEST_COLD=1 starts each one from nothing instead.
"""

import atexit
import json
import os
import random
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

COLD = bool(os.environ.get("OPENROADS_TEST_COLD"))
_parent: socket.socket | None = None


class Warm:
    """A forked process, with the methods of subprocess.Popen that the tests use."""

    def __init__(self, pid: int, told: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._told = told

    def __del__(self) -> None:
        self._told.close()

    def poll(self) -> int | None:
        return self._read(0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._read(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return code

    def send_signal(self, sign: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sign)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _read(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self._told.settimeout(timeout)
            try:
                said = self._told.recv(32)
            except (BlockingIOError, TimeoutError):
                return None
            self._told.close()
            self.returncode = int(said)
        return self.returncode


Process = Warm | subprocess.Popen[Any]


def start(
    module: str,
    *words: object,
    env: Mapping[str, str],
    cwd: Path | None = None,
    stdout: int | IO[Any] = subprocess.DEVNULL,
    stderr: int | IO[Any] = subprocess.DEVNULL,
) -> Process:
    """`python -m module words...` in a session of its own. `stdout` and `stderr` are open files, or
    DEVNULL, or for `stderr` STDOUT. `module` may be the path of a file."""
    argv = [module, *map(str, words)]
    if COLD:
        how = [module] if module.endswith(".py") else ["-m", module]
        command = [sys.executable, *how, *argv[1:]]
        return subprocess.Popen(command, env=dict(env), cwd=cwd, stdout=stdout, stderr=stderr, start_new_session=True)  # fmt: skip
    with open(os.devnull, "r+b") as nothing:
        out = _number(stdout, nothing)
        err = out if stderr == subprocess.STDOUT else _number(stderr, nothing)
        ours, theirs = socket.socketpair()
        request = {"argv": argv, "env": dict(env), "cwd": str(cwd or Path.cwd())}
        with theirs:
            body = json.dumps(request).encode()
            socket.send_fds(_server(), [len(body).to_bytes(4, "big")], [out, err, theirs.fileno()])
            _server().sendall(body)
    pid = int(ours.recv(32))
    return Warm(pid, ours)


def run(
    module: str,
    *words: object,
    env: Mapping[str, str],
    cwd: Path | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """The same to its end, with what it said."""
    with _file() as out, _file() as err:
        process = start(module, *words, env=env, cwd=cwd, stdout=out, stderr=err)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode("utf-8", "replace"))
    return subprocess.CompletedProcess([module, *map(str, words)], code, *said)


def _file() -> IO[bytes]:
    import tempfile

    return tempfile.TemporaryFile()


def _number(file: int | IO[Any], nothing: IO[Any]) -> int:
    if file == subprocess.DEVNULL:
        return nothing.fileno()
    return file if isinstance(file, int) else file.fileno()


def _server() -> socket.socket:
    """The process that forks, started at the first call; it ends when this one does."""
    global _parent
    if _parent is None:
        _parent, theirs = socket.socketpair()
        root = Path(__file__).parents[1]
        env = {name: value for name, value in os.environ.items() if "OPENROADS_" not in name}
        env["PYTHONPATH"] = os.pathsep.join(
            [str(root / "src"), str(root), env.get("PYTHONPATH", "")]
        ).rstrip(os.pathsep)
        env.pop("DJANGO_SETTINGS_MODULE", None)
        # -u, because what a forked process says must not wait in the memory it was forked with.
        forker = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.warm", str(theirs.fileno())],
            env=env, pass_fds=[theirs.fileno()], cwd=root,
        )  # fmt: skip
        theirs.close()
        atexit.register(_end, _parent, forker)
    return _parent


def _end(parent: socket.socket, forker: "subprocess.Popen[bytes]") -> None:
    parent.close()
    forker.wait()


# ------------------------------------------------------------------ the process that forks
def _import_what_all_import() -> None:
    """Libraries, the rooms that know no framework, and their dictionaries: nothing that reads settings,
    starts threads or opens the archive's engine."""
    import clickhouse_connect  # noqa: F401
    import cryptography.fernet  # noqa: F401
    import django.core.management.commands.migrate
    import django.db.backends.sqlite3.base
    import django.db.migrations.executor
    import django.db.models
    import django.forms
    import django.template.loader
    import django.test  # noqa: F401
    import django_stubs_ext  # noqa: F401
    import httpx2  # noqa: F401
    import jwt  # noqa: F401
    import numpy  # noqa: F401
    import pyarrow  # noqa: F401
    import requests  # noqa: F401
    import rich.console
    import rich.progress  # noqa: F401
    import structlog  # noqa: F401
    import typer  # noqa: F401

    import openroads.analysis.pipeline
    import openroads.connectors  # noqa: F401

    openroads.analysis.pipeline.Analyser().analyse(["De accu is leeg", "The battery is empty"])


def _serve(asked: socket.socket) -> None:
    watching: dict[int, socket.socket] = {}
    awake, woken = socket.socketpair()
    for end in (awake, woken):
        end.setblocking(False)
    signal.set_wakeup_fd(woken.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with selectors.DefaultSelector() as chosen:
        chosen.register(asked, selectors.EVENT_READ)
        chosen.register(awake, selectors.EVENT_READ)
        while True:
            for key, _events in chosen.select():
                if key.fileobj is awake:
                    awake.recv(4096)
                    _tell_who_ended(watching)
                    continue
                size, numbers, _flags, _from = socket.recv_fds(asked, 4, 3)
                if not size:
                    return
                body = b""
                while len(body) < int.from_bytes(size, "big"):
                    body += asked.recv(int.from_bytes(size, "big") - len(body))
                out, err, told = numbers
                pid = os.fork()
                if pid == 0:
                    chosen.close()
                    for end in (asked, awake, woken, *watching.values()):
                        end.close()
                    os.close(told)
                    _become(json.loads(body), out, err)
                os.close(out)
                os.close(err)
                watching[pid] = socket.socket(fileno=told)
                watching[pid].sendall(f"{pid:>32}".encode())


def _tell_who_ended(watching: dict[int, socket.socket]) -> None:
    while watching:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        with watching.pop(pid) as told:
            try:
                told.sendall(str(os.waitstatus_to_exitcode(status)).encode())
            except BrokenPipeError:
                pass  # nobody waits for this one any more


def _become(request: dict[str, Any], out: int, err: int) -> None:
    """Never comes back: what is asked for runs, and its end is the end of the process."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    _end_with_parent()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, place in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(number, place)
        os.close(number)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    time.tzset()
    random.seed()
    sys.argv = argv = list(request["argv"])
    if argv[0].endswith(".py"):
        sys.path.insert(0, str(Path(argv[0]).parent))
        runpy.run_path(argv[0], run_name="__main__")
    else:
        runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
    sys.exit(0)


def _end_with_parent() -> None:
    """Asked to stop when the process that forked it is gone, which ends with its test run, however
    that ended: no house of a test stays behind."""
    import ctypes

    set_signal_of_parents_death = 1
    with suppress(OSError, AttributeError):  # not Linux
        ctypes.CDLL(None).prctl(set_signal_of_parents_death, signal.SIGTERM)


def main(words: Sequence[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the tests; this ends with them
    _import_what_all_import()
    asked = socket.socket(fileno=int(words[0]))
    _serve(asked)


if __name__ == "__main__":
    main(sys.argv[1:])
