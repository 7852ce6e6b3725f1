"""Template tags of the listening room."""
