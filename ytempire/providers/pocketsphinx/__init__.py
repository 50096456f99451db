"""Forced alignment of English recordings, on this machine, without a vendor."""

from ytempire.providers.pocketsphinx.align import AlignedWord, align, align_sentences
from ytempire.providers.pocketsphinx.aligner import SphinxAligner

__all__ = ["AlignedWord", "SphinxAligner", "align", "align_sentences"]
