"""Streams: networks heard as they speak, by threads of their own; what they take back, and how much there was."""
