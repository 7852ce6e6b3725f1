"""Satisfaction: asking people how we did, once a cycle, and doing something with a bad answer."""
