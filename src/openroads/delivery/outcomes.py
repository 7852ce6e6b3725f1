"""How sending something ends when it does not simply arrive."""


class Unknown(Exception):
    """It may have left and it may not: the line broke after the sending had begun."""


class Later(Exception):
    """It has certainly not left, and may later; `after` seconds at least, where the other side said so."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class LookLater(Later):
    """It may have left; whether it did can be asked later. Until then it is not sent again."""


class Never(Exception):
    """The other side will not have it."""
