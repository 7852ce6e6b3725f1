"""A language model outside the house: labels and summaries of themes, of sources an administrator allowed."""
