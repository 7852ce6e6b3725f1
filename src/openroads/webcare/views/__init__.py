"""Pages of webcare."""
