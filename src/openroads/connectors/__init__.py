"""One file per way in: rows, feeds and pages become messages. Knows no Django."""
