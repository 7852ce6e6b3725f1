"""Erasing an author: what is held of them, taking it out everywhere, and the proof that nothing is left."""
