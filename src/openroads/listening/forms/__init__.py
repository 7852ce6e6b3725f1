"""The shape of what people fill in to let the house listen, a file per subject."""
