"""What other programs say to the house: posts that are pushed, and webhooks of networks. No cookie counts here."""
