"""What other programs say to the house and read in it: posts that are pushed, webhooks of networks, lists of what stands
here. No cookie counts."""
