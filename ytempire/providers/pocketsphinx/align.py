"""When each written word is heard in a recording, by forced alignment with CMU PocketSphinx (BSD licence).

English only. Each written token is turned into spoken words by the local voice's front end ("$5" is five
dollars), those are looked up in the CMU dictionary or given a pronunciation, and the aligner finds the one
path of those words through the sound. A token gets the time from its first to its last spoken word.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pocketsphinx

import localvoice
from ytempire.providers.pocketsphinx.phones import arpabet
from ytempire.providers.pocketsphinx.resample import MODEL_RATE_HZ, to_model_rate

Pcm = npt.NDArray[np.float32]
Sentence = tuple[float, float, Sequence[str]]
"""Start and end in seconds of where a sentence is expected, and its written tokens."""

FRAME_S = 0.01
_ATTEMPTS = ((0.3, 0.2, 0.0), (0.2, 0.4, 1e-4), (0.1, 0.1, 3e-4), (0.3, 0.1, 1e-3))
"""Margin around where the sentence is expected (s), quiet put around that (s), room noise added (amplitude).

The search is pruned: a neighbour's last word or digital silence beside music can leave it without a path, and
then a slightly different window finds one. The next attempt is made only where one fails.
"""
LONGEST_WINDOW_S = 60.0
_LEAST_SENTENCE_SCORE = -35.0
"""Mean acoustic score a frame. The right words score -8 to -20 (noise included), other words -48 to -70."""
_LEAST_WORD_SCORE = -75.0
_JUDGED_S = 0.12
"""A shorter word ("a") has too few frames for its score to mean anything."""
_EDGE = "'.\"“”‘’()[]{}.,;:!?…—–-*_"


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """A written token and when it is heard, in seconds from the start of the recording."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class _Span:
    word: str
    start_s: float
    end_s: float
    score: float


class _Aligner:
    """One decoder. It keeps state while it works, so it serves one caller at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoder: pocketsphinx.Decoder | None = None

    def spans(self, pcm: Pcm, said: Sequence[tuple[str, str]]) -> list[_Span] | None:
        """The time of each (word, ARPAbet) in a 16 kHz window; None if no path fits."""
        with self._lock:
            decoder = self._loaded()
            names = [self._known(decoder, word, sounds) for word, sounds in said]
            samples = (np.clip(pcm, -1.0, 1.0) * 32767).astype(np.int16).tobytes()
            try:
                found = self._two_passes(decoder, names, samples)
            except RuntimeError:  # no path through the sound: the decoder is left half way
                self._decoder = None
                return None
        return found if [s.word for s in found] == names else None

    @staticmethod
    def _two_passes(decoder: pocketsphinx.Decoder, names: list[str], samples: bytes) -> list[_Span]:
        """First the best path of the words, then its score, state by state."""
        decoder.set_align_text(" ".join(names))
        decoder.start_utt()
        decoder.process_raw(samples, full_utt=True)
        decoder.end_utt()
        decoder.set_alignment()
        decoder.start_utt()
        decoder.process_raw(samples, full_utt=True)
        decoder.end_utt()
        return [
            _Span(name, w.start * FRAME_S, (w.start + w.duration) * FRAME_S, w.score / max(1, w.duration))
            for w in decoder.get_alignment().words()
            if (name := w.name.split("(")[0]) in names
        ]

    def _loaded(self) -> pocketsphinx.Decoder:
        if self._decoder is None:
            folder = Path(pocketsphinx.get_model_path()) / "en-us"
            self._decoder = pocketsphinx.Decoder(
                hmm=str(folder / "en-us"),
                dict=str(folder / "cmudict-en-us.dict"),
                lm=None,
                loglevel="FATAL",
                samprate=MODEL_RATE_HZ,
                dither=False,
            )
        return self._decoder

    @staticmethod
    def _known(decoder: pocketsphinx.Decoder, word: str, sounds: str) -> str:
        """The dictionary's name for the word, which is taught with its sounds where it is missing."""
        if decoder.lookup_word(word) is not None:
            return word
        name = "_" + sounds.replace(" ", "_").lower()
        if decoder.lookup_word(name) is None:
            decoder.add_word(name, sounds, update=True)
        return name


_aligner = _Aligner()


def align(pcm: Pcm, sample_rate_hz: int, tokens: Sequence[str]) -> tuple[AlignedWord | None, ...]:
    """The time of each token in a recording of one sentence (mono, [-1, 1]); see `align_sentences`."""
    return align_sentences(pcm, sample_rate_hz, [(0.0, len(pcm) / sample_rate_hz, tokens)])[0]


def align_sentences(
    pcm: Pcm, sample_rate_hz: int, sentences: Sequence[Sentence]
) -> tuple[tuple[AlignedWord | None, ...], ...]:
    """Each sentence's tokens with their times, sentence by sentence.

    A token is None where it could not be aligned: it makes no sound ("—"), it is not English, the window is
    silent, shorter than its words or longer than a minute, or something else is said there.
    Raises ValueError for sound that is not mono or a sampling rate below 8 kHz.
    """
    if pcm.ndim != 1:
        raise ValueError(f"pcm has shape {pcm.shape}: give mono samples, shape (samples,)")
    if sample_rate_hz < MODEL_RATE_HZ // 2:
        raise ValueError(f"sample_rate_hz is {sample_rate_hz}: give 8000 or more")
    return tuple(_one(pcm, sample_rate_hz, sentence) for sentence in sentences)


def _one(pcm: Pcm, sample_rate_hz: int, sentence: Sentence) -> tuple[AlignedWord | None, ...]:
    start_s, end_s, tokens = sentence
    nothing: tuple[None, ...] = (None,) * len(tokens)
    try:
        said = localvoice.read(tokens)
    except localvoice.UnspeakableText:
        return nothing
    owners, words = _dictionary_words(said)
    if not words:
        return nothing
    for margin_s, quiet_s, room in _ATTEMPTS:
        quiet = np.zeros(round(quiet_s * sample_rate_hz), np.float32)
        first = max(0, round((start_s - margin_s) * sample_rate_hz))
        last = min(len(pcm), round((end_s + margin_s) * sample_rate_hz))
        window = np.concatenate([quiet, pcm[first:last], quiet])
        if len(window) > LONGEST_WINDOW_S * sample_rate_hz or not np.any(window):
            return nothing
        spans = _aligner.spans(_levelled(to_model_rate(window, sample_rate_hz), room), words)
        if spans and np.mean([s.score for s in spans]) > _LEAST_SENTENCE_SCORE:
            return _by_token(tokens, owners, spans, first / sample_rate_hz - quiet_s)
    return nothing


def _levelled(pcm: Pcm, room: float) -> Pcm:
    """At half of full scale: the model's features follow level only loosely, but 16 bits have a floor."""
    noise = np.random.default_rng(0).normal(0.0, room, len(pcm))
    return (pcm * (0.5 / max(float(np.abs(pcm).max()), 1e-6)) + noise).astype(np.float32)


def _dictionary_words(said: Sequence[tuple[str, ...]]) -> tuple[list[int], list[tuple[str, str]]]:
    """(dictionary word, its sounds) in order, and for each the index of the token it belongs to."""
    flat = tuple(word for words in said for word in words)
    sounds = iter(localvoice.phonemes(flat) if flat else ())
    owners: list[int] = []
    words: list[tuple[str, str]] = []
    for token, spoken in enumerate(said):
        for word in spoken:
            arpa = arpabet(next(sounds))
            if arpa:
                owners.append(token)
                words.append((word.strip(_EDGE).lower(), arpa))
    return owners, words


def _by_token(
    tokens: Sequence[str], owners: Sequence[int], spans: Sequence[_Span], offset_s: float
) -> tuple[AlignedWord | None, ...]:
    out: list[AlignedWord | None] = []
    for i, token in enumerate(tokens):
        mine = [s for owner, s in zip(owners, spans, strict=True) if owner == i]
        found = bool(mine) and (
            mine[-1].end_s - mine[0].start_s < _JUDGED_S or max(s.score for s in mine) > _LEAST_WORD_SCORE
        )
        aligned = found and AlignedWord(token, max(0.0, offset_s + mine[0].start_s), offset_s + mine[-1].end_s)
        out.append(aligned or None)
    return tuple(out)
