"""Saved replies: words a colleague uses again, looked at by two and never for ever."""
