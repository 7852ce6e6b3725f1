"""What sources ask of their networks, counted against what they may; and what a paid one would cost."""
