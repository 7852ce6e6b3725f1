"""Processes of tests: they end as told, and none outlives the run that started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests import warm

SLEEPS = "import time, sys; sys.stdout.write('here'); time.sleep(60)"
RUN = """
import os, sys
from pathlib import Path
from tests import warm
print(warm.start(sys.argv[1], env=dict(os.environ)).pid, flush=True)
sys.stdin.read()
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_a_process_says_and_how_it_ends_comes_back(tmp_path: Path) -> None:
    script = tmp_path / "says.py"
    script.write_text("import os, sys; print(os.environ['WHO'], sys.argv[1:]); sys.exit(3)")
    told = warm.run(str(script), "a", "b c", env={"WHO": "Ada"})
    assert (told.returncode, told.stdout) == (3, "Ada ['a', 'b c']\n")
    script.write_text(SLEEPS)
    process = warm.start(str(script), env={})
    assert process.poll() is None
    process.kill()
    assert process.wait(20) == -signal.SIGKILL


def test_no_process_outlives_a_run_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "sleeps.py"
    script.write_text(SLEEPS)
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(script)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert run.stdout is not None and run.stdin is not None
    pid = int(run.stdout.readline())
    assert is_alive(pid)
    run.kill()
    run.communicate()
    until = time.monotonic() + 30
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_alive(pid)
