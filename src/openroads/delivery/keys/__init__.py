"""Keys by which other programs read what stands here, each as one person and no more than it names."""
