"""Signals: what people say of each promise we make, where brands stand, and what is asked most."""
