"""Walks through a served house in a real browser."""
