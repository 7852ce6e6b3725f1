"""The front door: addresses, home per role, the first-start wizard, health."""
