"""The room of champions: successes, spotlights, and how compliments become them."""
