"""`openroads run`, `demo` and `worker`: one process with web threads and worker threads, or workers alone."""

import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from openroads.cli import house

Data = Annotated[
    Path | None, typer.Option("--data", help="Directory with everything of this house.")
]
Port = Annotated[int | None, typer.Option(help="Port to listen on.", min=0, max=65535)]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
DEMO_DATA = Path("data/demo")
SIGNS = (signal.SIGTERM, signal.SIGINT)
PATIENCE = 8.0
"""Seconds from the signal that jobs get to finish, or to hand back what they do: `docker stop` and
its like kill after ten."""


def run(data: Data = None, host: Host = None, port: Port = None) -> None:
    """Start Openroads: web and worker in one process. The first start prints one address to begin at."""
    house.settle(data, **_bound(host, port))
    _refuse_taken_port()
    with house.opened(alone=True):
        _serve()


def demo(
    data: Data = None,
    host: Host = None,
    port: Port = None,
    posts: Annotated[int, typer.Option(help="How many posts to make.", min=1000)] = 60_000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make the demo company anew.")] = False,
    serve: Annotated[bool, typer.Option(help="Serve it when it is filled.")] = True,
    write: Annotated[
        Path | None, typer.Option(help="Only write sample files to this folder.")
    ] = None,
) -> None:
    """Fill the demo company Windmee, dated up to yesterday, and serve it on this machine."""
    began = time.monotonic()
    today = date.today()
    folder = data or DEMO_DATA
    if write is not None:
        folder = Path(tempfile.mkdtemp(prefix="openroads-"))
    house.settle(folder, DEMO="yes", **_bound(host, port))
    from openroads.demo import filling  # noqa: PLC0415 (needs settings)

    if write is not None:
        for path in filling.write_samples(write, today=today):
            _say(str(path))
        shutil.rmtree(folder)
        return
    if serve:
        _refuse_taken_port()
    if fresh or not filling.is_current(folder, today):
        _clear(folder, bool(filling.mark_of(folder)))
        _say("Filling Windmee, a maker of electric bicycles ...")
    with house.opened(alone=True):
        if not filling.is_current(folder, today):
            filling.fill_demo(today=today, posts=posts, say=_say)
            _say(f"Filled in {time.monotonic() - began:.0f} seconds.")
        if serve:
            _serve()


def _clear(folder: Path, is_demo: bool) -> None:
    """Empty the directory of an older demo; never one that holds something else."""
    from django.db import connections  # noqa: PLC0415 (needs settings)

    from openroads.archive.lock import DirectoryLock  # noqa: PLC0415

    if (folder / "archive").exists():
        DirectoryLock(folder / "archive").release()  # raises a sentence while a demo runs there
    known = {"keys.json", "db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "archive", "uploads"}
    others = (
        {path.name for path in folder.iterdir()} - known - {"demo.json", "first-key", "backups"}
    )
    if not is_demo and ((folder / "db.sqlite3").exists() or others):
        typer.secho(
            f"{folder} holds something that is no finished demo. Empty it, or choose another with --data.",
            err=True,
            fg="red",
        )
        raise typer.Exit(2)
    connections.close_all()
    for path in folder.iterdir():
        if path.name == "keys.json":
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def worker(
    data: Data = None,
    threads: Annotated[int, typer.Option(help="How many jobs at a time.", min=1, max=64)] = 2,
) -> None:
    """Run worker threads alone, beside a server on PostgreSQL and a ClickHouse server."""
    house.settle_state(data)
    from django.conf import settings  # noqa: PLC0415 (needs settings)

    from openroads.config.logs import log_what_nobody_caught  # noqa: PLC0415
    from openroads.config.rooms import collector, runner  # noqa: PLC0415
    from openroads.directory.conversations import begin_closing  # noqa: PLC0415

    if settings.OPENROADS.archive_is_embedded:
        typer.secho(
            "The embedded archive belongs to one process: `openroads run` has its workers inside. "
            "Set OPENROADS_ARCHIVE_URL to a ClickHouse server to run workers of their own.",
            err=True,
            fg=typer.colors.RED,
        )
        raise typer.Exit(2)
    log_what_nobody_caught()
    with house.opened(alone=True):
        stop = threading.Event()
        for sign in SIGNS:
            signal.signal(sign, lambda *_: stop.set())
        workers, ears = runner(threads), collector()
        workers.start()
        ears.start()
        _say(f"{threads} workers are waiting for work. Stop with Ctrl+C.")
        stop.wait()
        begin_closing()
        ears.ask_to_stop()
        workers.stop(PATIENCE)
        ears.stop(PATIENCE / 2)


def _serve() -> None:
    """Serve until a signal, then stop in the order the archive needs: web, workers, clients."""
    from django.conf import settings  # noqa: PLC0415 (needs settings)
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from waitress import create_server  # noqa: PLC0415

    from openroads.config.bodies import bound_bodies  # noqa: PLC0415
    from openroads.config.logs import log_what_nobody_caught  # noqa: PLC0415
    from openroads.config.rooms import collector, runner  # noqa: PLC0415
    from openroads.directory.conversations import begin_closing  # noqa: PLC0415
    from openroads.listening.actions.ahead import read_ahead  # noqa: PLC0415
    from openroads.web.welcome import first_address  # noqa: PLC0415

    given = settings.OPENROADS
    log_what_nobody_caught()
    bound_bodies()
    server = create_server(
        get_wsgi_application(),
        host=given.host,
        port=given.port,
        threads=given.web_threads,
        max_request_body_size=given.upload_limit,
        **_proxies(given.trusted_proxy_count),
    )
    workers, ears = runner(given.worker_threads), collector()
    until = float("inf")

    def leave(*_: Any) -> None:
        # Closing takes its own few seconds, however often somebody asks.
        nonlocal until
        until = time.monotonic() + PATIENCE
        for sign in SIGNS:
            signal.signal(sign, signal.SIG_IGN)
        with suppress(OSError):  # not print: it may be what the signal fell into
            os.write(1, b"Stopping: finishing what is at hand ...\n")
        workers.ask_to_stop()
        ears.ask_to_stop()
        raise SystemExit(0)

    for sign in SIGNS:
        signal.signal(sign, leave)
    address = given.url if given.port else f"http://{given.host}:{server.effective_port}"
    try:
        workers.start()
        ears.start()
        read_ahead()
        _say(first_address(address))
        server.run()
    except SystemExit:  # outside server.run(), which keeps it to itself
        pass
    finally:
        begin_closing()
        server.task_dispatcher.shutdown(timeout=1)  # server.run() has waited five already
        server.close()
        ears.ask_to_stop()
        workers.stop(max(1.0, min(until - time.monotonic(), PATIENCE)))
        ears.stop(max(1.0, min(until - time.monotonic(), PATIENCE)))


def _proxies(count: int) -> dict[str, Any]:
    """How waitress treats headers of proxies: kept for Django when some are trusted, else thrown away."""
    if not count:
        return {}
    # Django itself counts the proxies in X-Forwarded-For and reads X-Forwarded-Proto.
    return {"clear_untrusted_proxy_headers": False}


def _refuse_taken_port() -> None:
    """Before anything is opened or upgraded."""
    from django.conf import settings  # noqa: PLC0415 (needs settings)

    host, port = settings.OPENROADS.host, settings.OPENROADS.port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            typer.secho(
                f"Something else listens on {host}:{port}. Choose another with --port.",
                err=True,
                fg=typer.colors.RED,
            )
            raise typer.Exit(2) from None


def _bound(host: str | None, port: int | None) -> dict[str, str]:
    told = {}
    if host is not None:
        told["HOST"] = host
    if port is not None:
        told["PORT"] = str(port)
    return told


def _say(text: str) -> None:
    typer.echo(text)
    sys.stdout.flush()
