"""Pages of listening as a habit."""
