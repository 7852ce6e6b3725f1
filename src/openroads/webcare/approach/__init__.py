"""How we answer whom: the register of approaches, questions to colleagues, and how both go."""
