"""The processing register (GDPR, article 30): why each source is read, on what ground, and for how long."""
