"""Reputation: how loud and how liked we are beside our competitors, who carries it, and what steering did."""
