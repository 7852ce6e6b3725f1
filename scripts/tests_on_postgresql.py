"""Runs the tests that touch the state database on PostgreSQL, or says at the end that they were left out."""

import os
import subprocess
import sys

URL = os.environ.get(
    "OPENROADS_TEST_POSTGRESQL_URL",
    "postgresql://openroads_tests:openroads_tests@127.0.0.1:5432/openroads_tests",
)
CHOSEN = "state and not browser"
"""Every test that touches people, imports, jobs and the rest of the state (tests/conftest.py marks
them). What never opens that database would only run twice, and a browser walks one is enough of."""


def why_not() -> str:
    """Why PostgreSQL cannot be used here; empty when it can."""
    try:
        import psycopg  # noqa: PLC0415 (a library of its own)
    except ImportError:
        return "psycopg is not installed"
    try:
        psycopg.connect(URL, connect_timeout=3).close()
    except psycopg.OperationalError as problem:
        return str(problem).splitlines()[0]
    return ""


def main(arguments: list[str]) -> int:
    if why := why_not():
        told = f"LEFT OUT: the tests of the state database on PostgreSQL ({why})."
        print(f"{told}\nscripts/postgresql-for-tests makes what they need.", file=sys.stderr)
        return 1 if os.environ.get("OPENROADS_TEST_EVERYTHING") else 0
    joint = "&" if "?" in URL else "?"
    # A test database need not survive a power cut.
    url = f"{URL}{joint}options=-c%20synchronous_commit%3Doff"
    print("The tests of the state database, on PostgreSQL:", flush=True)
    env = {**os.environ, "OPENROADS_DATABASE_URL": url}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-m", CHOSEN, *arguments], env=env, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
