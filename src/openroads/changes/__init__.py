"""From what people say to what the company changes: insights with their evidence; decisions come next."""
