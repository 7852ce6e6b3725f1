"""Exploring: any choice of posts, over time, by tone and kind, by word, by source and author."""
