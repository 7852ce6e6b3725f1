"""Triage: which posts become a case, and whose."""
