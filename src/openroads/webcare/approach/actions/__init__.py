"""Doing things with approaches, questions to colleagues and the mailbox of their answers."""
