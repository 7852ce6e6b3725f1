"""A house that hears a stream and may be killed at any moment: `heard.py URL`. Told to stop, it says what it has."""

import json
import signal
import sys
import threading


def main(url: str) -> None:
    from openroads.cli import house

    house.settle_state()
    from openroads.directory.people import system_person
    from openroads.listening.actions.networks import follow_network
    from openroads.listening.models import Source

    if not Source.objects.exists():
        told = {"way": "stream", "topic": "kade", "jetstream": url, "viewed": url}
        follow_network(by=system_person(), network="bluesky", told=told, purpose="p")
    from openroads.connectors.jetstream import Jetstream
    from openroads.listening.streams import collector

    Jetstream.every = 0.05  # as often as can be, so that a kill falls on something
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with house.opened(alone=True):
        ears = collector.Collector(beat=0.1)
        ears.start()
        print("It hears, and can be told to stop.", flush=True)
        stop.wait()
        assert ears.stop(20.0)
        print(json.dumps(report()))


def report() -> dict[str, object]:
    from openroads.archive.ingest import verify_rollups
    from openroads.directory.conversations import archive
    from openroads.listening.streams.models import Stream

    verify_rollups(archive())
    rows = archive().written("SELECT native_id, text FROM post FINAL", {}).to_pylist()
    stream = Stream.objects.get()
    return {
        "posts": {row["native_id"]: row["text"] for row in rows},
        "rows": len(rows),
        "cursor": stream.cursor,
        "owner": stream.owner,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
