"""Doing things with successes and spotlights; each action asks the policy, changes, and writes the trail."""
