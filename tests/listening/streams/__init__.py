"""Streams: what is heard is stored once, whatever happens on the way."""
