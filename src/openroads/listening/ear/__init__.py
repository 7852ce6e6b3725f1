"""How well the house hears: every visit, what is usual of each source, and who is told when one is deaf."""
