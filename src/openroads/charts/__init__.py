"""Rows in, drawings out: Vega-Lite and our own small exhibits as SVG. Knows no Django."""
