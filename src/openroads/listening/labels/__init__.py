"""Labels: what people say of posts, the models learned from them, and how good both are."""
