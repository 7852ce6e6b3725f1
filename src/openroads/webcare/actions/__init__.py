"""Doing things with cases; each action asks the policy, changes, and writes down what happened."""
