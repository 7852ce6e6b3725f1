"""Telling who must know when far more comes into the inbox than at this hour of the week is usual."""
