"""Who sees the names of authors, and what everybody else sees in their place."""
