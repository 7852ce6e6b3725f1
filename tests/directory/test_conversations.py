"""The door of the archive: opened once, refused to who comes while the house closes."""

import subprocess
import sys
from pathlib import Path

from tests.cli.houses import environment

LATE = """
import threading, django
django.setup()
from openroads.archive.queries.timeline import revision
from openroads.directory import conversations as door

ours = door.archive()
door.begin_closing()
assert door.archive() is ours, "what is open may be used to its end"
revision(door.archive())
door.close_archive()
assert not door.is_open()

def late():
    try:
        door.archive()
    except door.HouseCloses as told:
        told_line = f"{told}\\n"  # one write: a line of print is two, and eight threads write
        print(told_line, end="")

threads = [threading.Thread(target=late) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not door.is_open()
"""
TOLD = {
    "en": "Openroads is closing. It goes on where it was at the next start.",
    "nl": "Openroads sluit af. Bij de volgende start gaat het verder waar het was.",
}


def test_a_thread_that_comes_late_does_not_open_the_archive_again(tmp_path: Path) -> None:
    for language, sentence in TOLD.items():
        env = environment(
            OPENROADS_DATA=str(tmp_path / language),
            OPENROADS_LANGUAGE=language,
            DJANGO_SETTINGS_MODULE="openroads.config.settings",
        )
        done = subprocess.run(
            [sys.executable, "-c", LATE], env=env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [sentence] * 8
