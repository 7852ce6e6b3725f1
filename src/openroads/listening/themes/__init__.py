"""Themes: what a month is about, made by counting and not by reading; a reading aid."""
