"""The pages of the listening room, a file per subject."""
