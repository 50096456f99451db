"""Meaning of short texts, by all-MiniLM-L6-v2 on the CPU."""

from ytempire.providers.minilm.embed import MiniLm

__all__ = ["MiniLm"]
