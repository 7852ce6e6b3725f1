"""Pages of labels: saying what a post is, reading a sample, and how well the analyser reads."""
