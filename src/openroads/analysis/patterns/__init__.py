"""What is louder or quieter than was to be expected, in any series of counts: pure figures in, bursts out."""
