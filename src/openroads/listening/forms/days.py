"""How a day is written in a date field."""

AS_BROWSERS_READ = "%Y-%m-%d"
"""A date field shows no day that is written in any other way, whatever the reader's language."""
