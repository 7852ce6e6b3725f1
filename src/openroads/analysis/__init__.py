"""Pure analysis of text and figures: no input or output, no clock, no framework."""
