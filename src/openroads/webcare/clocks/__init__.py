"""Clocks: when we are at work, what we promise by when, and how a case stands against it."""
