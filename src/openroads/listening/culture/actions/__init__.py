"""Doing things with subscriptions, listening hours and exports."""
