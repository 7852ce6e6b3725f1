"""Does one core keep up with a network, and does an ear that hears for long stay as it is?

Run: python -m bench.streams [minutes] (default 3; 30 for the soak before a release). First a synthetic
firehose is matched against 50 topics in one thread: events per second of processor time. Then a server
in a process of its own says 1,000 events a second over a websocket, 2 in 100 of them looked for, some
deleted later; a house hears them for 50 sources on one line. Prints every half minute what was heard and
kept, how far behind it is, its memory, open files and disk, and at the end how these changed from the
first third to the last.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

TOPICS = 50
RATE = 1_000
WORDS = [f"woord{n}" for n in range(20_000)]
POST = "app.bsky.feed.post"
NAMES = [f"merk{n}" for n in range(TOPICS)]


def topic(number: int) -> str:
    """One of fifty queries: a name, a phrase, a hashtag, a wildcard, nearness, an exclusion."""
    name, other = NAMES[number], WORDS[number * 7 + 3_000]
    kinds = (
        f"{name} OR #{name}fiets",
        f'("{name} fiets" OR {name}) NOT {other}',
        f"{name} NEAR/5 (accu OR motor OR {other})",
        f"{name}* AND (accu OR kapot OR fijn)",
        f"#{name} OR @{name} OR {name}",
    )
    return kinds[number % len(kinds)]


def texts(dice: random.Random, wanted: float) -> Iterator[str]:
    """Posts of five to fifty words, common words most often; some with a name we look for."""
    while True:
        words = [WORDS[min(int(dice.paretovariate(0.9)) - 1, 19_999)] for _ in range(dice.randint(5, 50))]  # fmt: skip
        if dice.random() < wanted:
            words[dice.randrange(len(words))] = f"{dice.choice(NAMES)} accu"
        if dice.random() < 0.3:
            words.append(f"#{dice.choice(WORDS)} 🙂")
        yield " ".join(words)


def events(dice: random.Random, wanted: float = 0.02) -> Iterator[dict[str, Any]]:
    """A network: mostly posts, some deletions, accounts and new handles."""
    said = texts(dice, wanted)
    number = 0
    while True:
        number += 1
        did, now = f"did:plc:{dice.randrange(200_000):06}", time.time()
        event: dict[str, Any] = {"did": did, "time_us": int(now * 1e6)}
        kind = dice.random()
        if kind < 0.85:
            moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(now))
            record = {"$type": POST, "text": next(said), "createdAt": moment, "langs": ["nl"]}
            commit = {"rev": "3l", "operation": "create", "collection": POST, "rkey": f"{number}", "record": record, "cid": "b"}  # fmt: skip
            yield event | {"kind": "commit", "commit": commit}
        elif kind < 0.97:
            rkey = str(dice.randrange(max(1, number - 5_000), number + 1))
            yield event | {"kind": "commit", "commit": {"rev": "3l", "operation": "delete", "collection": POST, "rkey": rkey}}  # fmt: skip
        elif kind < 0.99:
            yield event | {"kind": "identity", "identity": {"did": did, "handle": f"{did[8:]}.bsky.social"}}  # fmt: skip
        else:
            yield event | {"kind": "account", "account": {"active": False, "status": "deleted", "did": did}}  # fmt: skip


def matching(number: int = 40_000) -> None:
    """Events per second of processor time: read, folded, matched against all topics."""
    from openroads.connectors.http import Guarded
    from openroads.connectors.jetstream import Jetstream, _Batch
    from openroads.connectors.looking import Wanted

    source = events(random.Random(4))
    frames = [json.dumps(next(source)) for _ in range(number)]
    network = Jetstream(Guarded(), {})
    for topics in (1, TOPICS):
        wanted, batch = Wanted(topic(n) for n in range(topics)), _Batch()
        began = time.process_time()
        for frame in frames:
            network._take(batch, frame, wanted)
        took = time.process_time() - began
        kept = sum(record is not None for record in batch.posts.values())
        print(f"{topics:3} topics: {number / took:,.0f} events per second of processor time; {kept} of {number} posts found")  # fmt: skip


def serve(rate: int = RATE) -> None:
    """The network, in a process of its own: says its port, then events, for ever."""
    import logging
    from urllib.parse import parse_qs, urlsplit

    from websockets.datastructures import Headers
    from websockets.exceptions import ConnectionClosed
    from websockets.http11 import Response
    from websockets.sync.server import serve as serve_sockets

    def answer(connection: Any, request: Any) -> Any:
        parts = urlsplit(request.path)
        if parts.path.endswith("getProfiles"):
            dids = parse_qs(parts.query)["actors"]
            told = {"profiles": [{"did": did, "handle": f"{did[8:]}.bsky.social"} for did in dids]}
            body = json.dumps(told).encode()
            headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}  # fmt: skip
            return Response(200, "OK", Headers(headers), body)
        return None if parts.path == "/subscribe" else connection.respond(404, "")

    def speak(connection: Any) -> None:
        source, began, said = events(random.Random(5)), time.monotonic(), 0
        try:
            while True:
                while said < (time.monotonic() - began) * rate:
                    connection.send(json.dumps(next(source)))
                    said += 1
                time.sleep(0.01)
        except ConnectionClosed:
            pass

    quiet = logging.getLogger("quiet")
    quiet.setLevel(logging.CRITICAL)
    server = serve_sockets(speak, "127.0.0.1", 0, process_request=answer, compression=None, logger=quiet)  # fmt: skip
    print(server.socket.getsockname()[1], flush=True)
    server.serve_forever()


def soak(minutes: float) -> None:
    """Hear for so long, and look at what it costs."""
    with tempfile.TemporaryDirectory(prefix="openroads-bench-") as folder, subprocess.Popen(
        [sys.executable, "-m", "bench.streams", "serve"], stdout=subprocess.PIPE, text=True
    ) as network:  # fmt: skip
        try:
            assert network.stdout is not None
            port = int(network.stdout.readline())
            os.environ["OPENROADS_HTTP_ALLOW"] = f"127.0.0.1:{port}"
            _hear(Path(folder), f"http://127.0.0.1:{port}", minutes)
        finally:
            network.terminate()


def _hear(folder: Path, url: str, minutes: float) -> None:
    from openroads.cli import house

    house.settle_state(folder)
    from openroads.directory.people import system_person
    from openroads.listening.actions.networks import follow_network
    from openroads.listening.streams.collector import Collector

    for number in range(TOPICS):
        told = {"way": "stream", "topic": topic(number), "jetstream": url, "viewed": url}
        follow_network(by=system_person(), network="bluesky", told=told, purpose="p")
    with house.opened(alone=True):
        ears, stop = Collector(), threading.Event()
        ears.start()
        looks = [_look(folder) for _ in _every(30.0, minutes * 60, stop)]
        ears.stop(20)
    third = max(1, len(looks) // 3)
    for name in ("memory MB", "open files", "disk MB", "behind s"):
        first, last = (sorted(look[name] for look in part)[third // 2] for part in (looks[:third], looks[-third:]))  # fmt: skip
        print(f"{name}: {first:,.1f} in the first third, {last:,.1f} in the last")


def _every(apart: float, seconds: float, stop: threading.Event) -> Iterator[None]:
    for _ in range(int(seconds / apart)):
        stop.wait(apart)
        yield


def _size(folder: Path) -> int:
    """Bytes of all files in a folder, in which some come and go meanwhile."""
    size = 0
    for place, _folders, files in os.walk(folder):
        for name in files:
            with suppress(FileNotFoundError):
                size += os.stat(os.path.join(place, name)).st_size
    return size


def _look(folder: Path) -> dict[str, float]:
    import psutil
    from django.db.models import Max, Sum

    from openroads.listening.models import Source
    from openroads.listening.streams.models import Heard

    us = psutil.Process()
    heard = Heard.objects.aggregate(kept=Sum("kept"))["kept"] or 0
    one = Heard.objects.filter(source=Source.objects.order_by("pk").first())
    received = one.aggregate(received=Sum("received"))["received"] or 0
    cpu = us.cpu_times()
    look = {
        "memory MB": us.memory_info().rss / 1e6,
        "open files": float(us.num_fds()),
        "disk MB": _size(folder) / 1e6,
        "behind s": Source.objects.aggregate(lag=Max("lag_seconds"))["lag"] or 0.0,
    }
    told = ", ".join(f"{name} {value:,.1f}" for name, value in look.items())
    print(f"  heard {received:,}, kept {heard:,}, {told}, processor {cpu.user + cpu.system:,.0f} s", flush=True)  # fmt: skip
    return look


def main(minutes: float = 3.0) -> None:
    """Match, then hear."""
    matching()
    soak(minutes)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        main(*map(float, sys.argv[1:2]))
