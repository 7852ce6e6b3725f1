"""Speed and scale, measured by anyone: `make bench`, or `python -m bench NAME`."""
