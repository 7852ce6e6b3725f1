"""The pages of changes, a file per step of the golden thread."""
