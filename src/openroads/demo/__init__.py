"""The demo company Windmee: people, posts and texts, made afresh relative to today."""
