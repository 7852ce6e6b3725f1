"""Template tags of the room of changes."""
