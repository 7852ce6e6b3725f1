"""Pages of the room of champions, a file per subject."""
