"""Answers that are written once: the help centre, its articles, and which of them helped."""
