"""A dictionary that works out what it does not know yet, and never grows beyond bounds."""

from typing import TypeVar

Known = TypeVar("Known")

MOST = 250_000
"""Entries; then it starts afresh. With a thousand new words a minute that is every four hours."""

LONGEST = 80
"""Characters; longer tokens (links, codes) hardly come back and would fill the memory."""


class Remembered(dict[str, Known]):
    """Token to what we know of it; `look` must give the same answer for the same token, always."""

    def __missing__(self, token: str) -> Known:
        known = self.look(token)
        if len(token) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[token] = known
        return known

    def look(self, token: str) -> Known:
        """Work out what is known of a token."""
        raise NotImplementedError
