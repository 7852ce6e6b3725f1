"""Looks for runs of bytes in files: a program of its own, which knows only the standard library.

A process that closes a file drops every lock it holds on it, whoever in that process took them. A
server that read its own SQLite database as a file would no longer hold it: the next command would
take itself for the only one, and tidy away what the server is still writing to.

In, as one JSON object: `paths`, and `runs` in base64. Out: a line per path, 1 where one of the runs
stands in it, capitals aside, else 0.
"""

import base64
import json
import sys
from collections.abc import Sequence
from pathlib import Path

AT_ONCE = 8 * 1024 * 1024


def holds_bytes(path: Path, wanted: Sequence[bytes]) -> bool:
    """Whether a file holds one of these runs of bytes, capitals aside; False when it is gone."""
    longest = max(map(len, wanted))
    low = [run.lower() for run in wanted]
    tail = b""
    try:
        with path.open("rb") as file:
            while piece := file.read(AT_ONCE):
                block = (tail + piece).lower()
                if any(run in block for run in low):
                    return True
                tail = block[-longest:]
    except OSError:  # the engine merges its files while we look
        return False
    return False


def main() -> None:
    asked = json.load(sys.stdin)
    wanted = [base64.b64decode(run) for run in asked["runs"]]
    for path in asked["paths"]:
        sys.stdout.write(f"{int(holds_bytes(Path(path), wanted))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
