"""Keeping the house safe: backups that are checked, restoring them whole, taking everything along."""
