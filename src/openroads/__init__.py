"""Openroads: from the first champion to a social business."""

__version__ = "0.1.0"
