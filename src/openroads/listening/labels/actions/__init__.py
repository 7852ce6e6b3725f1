"""What is done with labels: giving them, drawing samples, learning, deciding, reading again."""
