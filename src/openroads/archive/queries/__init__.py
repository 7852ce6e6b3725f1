"""Every SQL text of the archive: one constant, one row class, one function."""
