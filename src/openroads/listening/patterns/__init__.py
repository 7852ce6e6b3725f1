"""Patterns: what is louder or quieter than expected, told to whom, and how often that is right."""
