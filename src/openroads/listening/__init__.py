"""The listening room: sources, imports, the brand's own texts and the brand gap."""
