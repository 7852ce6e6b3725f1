"""Settings, declared once; addresses and server entry."""
