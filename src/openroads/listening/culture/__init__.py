"""Listening as a habit: insights begun from any posts, subscriptions, who reads, listening hours, exports."""
