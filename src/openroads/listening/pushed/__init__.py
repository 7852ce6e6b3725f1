"""Posts that others send us: an address with a secret, what came in, and reading it."""
