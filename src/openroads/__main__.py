"""Lets `python -m openroads` do what the `openroads` command does."""

from openroads.cli import main

main()
