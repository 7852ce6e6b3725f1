"""Openroads: from the first champion to a social business."""

import os

# The matrices here are small: more threads for one multiplication wait for each other longer than they work.
# Five months of themes took 0.8 s of processor time with one, and 7 to 9 s with two on busy cores. Read
# when numpy is first loaded, so it is said before anything of ours is.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


__version__ = "0.1.0"
