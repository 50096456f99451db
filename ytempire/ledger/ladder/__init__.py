"""Cheaper ways: which one a video's step took, once for all, and the share that the cheap model keeps."""
