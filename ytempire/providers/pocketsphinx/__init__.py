"""Forced alignment of English recordings, on this machine, without a vendor."""

from ytempire.providers.pocketsphinx.align import AlignedWord, align, align_sentences

__all__ = ["AlignedWord", "align", "align_sentences"]
