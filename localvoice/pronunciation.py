"""From spoken words to phonemes, keeping which word each phoneme belongs to."""

import threading
from dataclasses import dataclass
from typing import Any

from localvoice.characters import plain_letters

PAUSES = frozenset(';:,.!?—…"“”() ')
"""Signs of the phoneme alphabet that make no sound of their own."""


@dataclass(frozen=True, slots=True)
class Pronounced:
    """A phoneme string and each spoken word's [start, end) in it, in order."""

    phonemes: str
    spans: tuple[tuple[int, int], ...]


class Speller:
    """Lexicon, part-of-speech rules and the network for unknown words, of one accent."""

    def __init__(self, *, british: bool) -> None:
        from hibari.g2p import G2P  # noqa: PLC0415  (reads three megabytes of lexicon)

        self._g2p: Any = G2P(british=british)
        self._lock = threading.Lock()  # the lexicon caches its last look-ups

    def pronounce(self, words: tuple[str, ...]) -> Pronounced:
        """`words` are whitespace-free. Word by word the same in every sentence but for stress and linking."""
        text = " ".join(self._readable(w) for w in words)
        with self._lock:
            # Past the vendor's own normaliser: the front end has done that, and knows which token is which.
            tokens = self._g2p.phonemize_tokens(self._g2p._tokens(text))  # noqa: SLF001
        phonemes, spans, start = "", [], 0
        for token in tokens:
            phonemes += token.phonemes or ""
            if token.whitespace:
                spans.append((start, len(phonemes)))
                phonemes += " "
                start = len(phonemes)
        spans.append((start, len(phonemes)))
        if len(spans) != len(words):
            raise AssertionError(f"{len(words)} words became {len(spans)}: {words}")
        return Pronounced(phonemes, tuple(spans))

    def _readable(self, word: str) -> str:
        bare = word.strip("".join(PAUSES))
        known = self._g2p.lexicon.is_known
        if bare.isascii() or known(bare, None) or known(bare.lower(), None):
            return word
        return word.replace(bare, plain_letters(bare))


_spellers: dict[bool, Speller] = {}
_lock = threading.Lock()


def speller(*, british: bool) -> Speller:
    """The accent's speller, loaded once."""
    with _lock:
        if british not in _spellers:
            _spellers[british] = Speller(british=british)
        return _spellers[british]


def phonemes(words: tuple[str, ...], *, british: bool = False) -> tuple[str, ...]:
    """Each spoken word's phonemes (misaki's alphabet, with stress marks), as said in this sentence."""
    said = speller(british=british).pronounce(words)
    return tuple(said.phonemes[start:end] for start, end in said.spans)
