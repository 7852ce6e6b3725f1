"""Lets `python -m openroads` do what the `openroads` command does."""

from openroads.cli import main

# The analysis workers import this module again; they must not start a second server.
if __name__ == "__main__":
    main()
