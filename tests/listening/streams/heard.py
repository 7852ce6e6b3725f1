"""A house that hears a stream and may be killed at any moment: `heard.py begin URL`, `heard.py listen`, `heard.py report`."""

import json
import signal
import sys
import threading


def main(deed: str, *more: str) -> None:
    from openroads.cli import house

    if deed == "begin":
        house.settle_state()
    else:
        house.settle()
    from openroads.directory.people import system_person
    from openroads.listening.actions.networks import follow_network

    if deed == "begin":
        told = {"way": "stream", "topic": "kade", "jetstream": more[0], "viewed": more[0]}
        follow_network(by=system_person(), network="bluesky", told=told, purpose="p")
        return
    from openroads.connectors.jetstream import Jetstream
    from openroads.listening.streams import collector

    Jetstream.every = 0.05  # as often as can be, so that a kill falls on something
    with house.opened(alone=True):
        if deed == "report":
            print(json.dumps(report()))
            return
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        ears = collector.Collector(beat=0.1)
        ears.start()
        print("listening", flush=True)
        stop.wait()
        assert ears.stop(20.0)


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
