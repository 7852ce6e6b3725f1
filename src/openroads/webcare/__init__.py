"""Webcare: answering people, in public and in private, and knowing how well."""
