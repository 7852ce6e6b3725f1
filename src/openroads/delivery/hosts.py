"""Which machine this is, and whether another worker on it still lives."""

import os
import socket


def this_host() -> str:
    """A name for this machine and, in a container, for its own numbering of processes.

    Two containers may share a host name; then only their process name-space tells them apart.
    """
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:  # not Linux
        space = ""
    return f"{socket.gethostname()} {space}".strip()


def is_gone(host: str, pid: int) -> bool:
    """True when the process is certainly dead: it was on this machine and its number is free."""
    if host != this_host():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
