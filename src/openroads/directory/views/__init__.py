"""The pages of the directory, a file per subject."""
