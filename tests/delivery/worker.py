"""One worker process for the kill tests: `python -m tests.delivery.worker make|work|tick|answer|expire`."""

import json
import os
import signal
import sys
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openroads.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from openroads.connectors.answering import Draft  # noqa: E402
from openroads.delivery.actions import queue_reply  # noqa: E402
from openroads.delivery.jobs import enqueue  # noqa: E402
from openroads.delivery.models import Channel, Delivery  # noqa: E402
from openroads.delivery.runner import Runner  # noqa: E402
from openroads.delivery.schedule import Every  # noqa: E402
from openroads.directory.people import system_person  # noqa: E402
from tests.delivery import errands  # noqa: E402
from tests.delivery.mastodon_server import TOKEN  # noqa: E402


def make(count: int) -> None:
    """A migrated database with `count` walks and one suicide in line."""
    call_command("migrate", interactive=False, verbosity=0)
    errands.make_effects_table()
    system = system_person()
    with transaction.atomic():
        for number in range(count):
            enqueue("errands.walk", by=system, key=f"walk {number}", number=number)


def answer(url: str, number: str) -> None:
    """A migrated database with one channel and one answer in line, to post `number` of the server at `url`."""
    call_command("migrate", interactive=False, verbosity=0)
    told = {"server": url}
    channel = Channel.objects.create(
        kind="mastodon", name="Windmee", told=told, secrets=json.dumps({"token": TOKEN}), by=system_person()
    )  # fmt: skip
    draft = Draft(key="case 12", text="Dat zoeken we uit.", to="marloes", reply_to=number)
    queue_reply(by=system_person(), channel=channel, draft=draft, deed="case 12")


def expire() -> None:
    """Five minutes pass for whoever held something."""
    Delivery.objects.filter(state="sending").update(lease_until=timezone.now())


def work(*schedules: Every) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    runner = Runner(threads=2, poll=0.2, tick=0.2, schedules=schedules)
    runner.start()
    stop.wait()
    runner.stop()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", count]:
            make(int(count))
        case ["suicide"]:
            enqueue("errands.suicide", by=system_person())
        case ["answer", url, number]:
            answer(url, number)
        case ["expire"]:
            expire()
        case ["work"]:
            work()
        case ["tick"]:
            work(Every("errands.tick", seconds=1))
