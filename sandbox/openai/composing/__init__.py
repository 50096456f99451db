"""Writes what a decent language model would, extractively, from the sources that stand in the prompt."""
