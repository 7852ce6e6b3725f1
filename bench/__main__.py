"""Runs the measurements named on the command line, or all of them, and prints their figures."""

import importlib
import sys

NAMES = (
    "tone",
    "learning",
    "rescoring",
    "importing",
    "archive_growth",
    "gap_page",
    "reputation_page",
    "search",
    "topics",
    "streams",
    "uploading",
    "patterns",
    "inbox",
    "figures",
)


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        print(f"\n== {name}")
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":  # the analysis workers import this module again
    main()
