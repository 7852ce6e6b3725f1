"""What can go wrong with a backup, said so that it can be shown."""


class CannotKeep(Exception):
    """A backup, or a house from one, cannot be made; the text is what to tell and what to do."""


class Damaged(CannotKeep):
    """The file is not as it was written."""
