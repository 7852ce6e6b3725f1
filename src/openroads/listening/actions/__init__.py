"""Everything one can do in the listening room, a function per deed."""
