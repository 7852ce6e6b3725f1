"""Figures of webcare: how long people wait, how many contact moments there are, and how satisfied they are."""
