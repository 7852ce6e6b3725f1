"""Learning tone and kind from what people say of posts, and knowing how good that is."""
