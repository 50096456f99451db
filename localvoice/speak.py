"""The verb: text in, a recording with the time of every written token out."""

import re
from collections.abc import Sequence

import numpy as np

from localvoice.model import SAMPLE_RATE_HZ, Pcm, Speech, UnspeakableText, Word
from localvoice.model_with_times import MAX_PHONEMES, TimedModel, load
from localvoice.pronunciation import PAUSES, Pronounced, Speller, speller
from localvoice.reading import Spoken, ends_sentence, read
from localvoice.sound import LEAD_S, TAIL_S, hugged, hum_ends, hummed, levelled, trimmed
from localvoice.voices import DEFAULT, Narrator, find

SENTENCE_PAUSE_S = 0.32
"""Quiet between the last sound of a sentence and the first of the next."""
CLAUSE_PAUSE_S = 0.18
"""The same where a sentence too long for the model is divided."""
PARAGRAPH_PAUSE_S = 0.55
_SAME_BREATH_S = 0.1
_BEFORE_THE_HUM_S = dict.fromkeys("fθsʃ", 0.16) | dict.fromkeys("pbtdkɡʧʤð", 0.06)
"""What a word may begin with, and how long that may last before there is a hum: hisses, and closed lips or tongue.

A stop is heard when it opens, and phoneticians count its silence to it: 0.06 s before lies between the two.
"""
_MAY_END_WITHOUT_HUM = frozenset("fθsʃptkʧhzʒʤ")
"""After these what has no hum may still be the word before."""
_MARKS = "ˈˌː"
SLOWEST, FASTEST = 0.5, 2.0

_Sentence = tuple[list[str], float]
_Span = tuple[float, float]


def speak(text: str, *, voice: str = DEFAULT, speed: float = 1.0, threads: int = 1) -> Speech:
    """Speak English `text`.

    `words` are the whitespace-separated tokens of the text as written, in order, each with the time of what
    is said for it; times never overlap or go back, and lie inside the recording. `speed` 0.5–2.0, 1.0 is
    the voice's own pace. The same arguments give the same samples; `threads` only changes the time taken.

    Raises UnspeakableText (empty text, another alphabet), UnknownVoice, ValueError (speed, threads).
    """
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"speed is {speed}: give a value from {SLOWEST} to {FASTEST}")
    if threads < 1:
        raise ValueError(f"threads is {threads}: give 1 or more")
    narrator = find(voice)
    sentences = [(tokens, read(tokens), pause_s) for tokens, pause_s in split(text)]
    if not any(_is_heard(words) for _, said, _ in sentences for words in said):
        raise UnspeakableText(f"there is nothing to say in {text[:40]!r}: give at least one English word")
    network, spelling = load(narrator.path, threads), speller(british=narrator.british)
    pieces: list[Pcm] = []
    words: list[Word] = []
    clock = 0
    for tokens, said, pause_s in sentences:
        for part, spoken, gap_s in _parts(tokens, said, pause_s, spelling):
            sound, spans = _sentence(spoken, spelling, network, narrator, speed)
            words += _words(part, spans, clock / SAMPLE_RATE_HZ, len(sound) / SAMPLE_RATE_HZ)
            if len(sound):
                quiet = np.zeros(max(0, round((gap_s - LEAD_S - TAIL_S) * SAMPLE_RATE_HZ)), np.float32)
                pieces += [sound, quiet]
                clock += len(sound) + len(quiet)
    pcm = np.concatenate(pieces[:-1])  # no pause after the last sentence
    return Speech(pcm, _in_order(words, len(pcm) / SAMPLE_RATE_HZ))


def split(text: str) -> list[_Sentence]:
    """Sentences as lists of display tokens, each with the pause after it; a blank line ends a paragraph."""
    out: list[_Sentence] = []
    for paragraph in re.split(r"\n\s*\n", text):
        tokens, first = paragraph.split(), 0
        for i, token in enumerate(tokens):
            last = i + 1 == len(tokens)
            if last or ends_sentence(token, tokens[i + 1]):
                out.append((tokens[first : i + 1], PARAGRAPH_PAUSE_S if last else SENTENCE_PAUSE_S))
                first = i + 1
    return out


def _is_heard(words: Spoken) -> bool:
    return any(set(w) - PAUSES for w in words)


def _parts(
    tokens: list[str], said: Sequence[Spoken], pause_s: float, spelling: Speller
) -> list[tuple[list[str], Sequence[Spoken], float]]:
    """The sentence, divided at a comma or dash (else between words) until each part fits the model."""
    length = len(spelling.pronounce(tuple(w for words in said for w in words)).phonemes) if any(said) else 0
    if length <= MAX_PHONEMES or len(tokens) < 2:
        return [(tokens, said, pause_s)]
    middle = len(tokens) / 2
    inner = range(len(tokens) // 8, len(tokens) * 7 // 8)
    clauses = [i + 1 for i in inner if i + 1 < len(tokens) and tokens[i][-1] in ",;:—"]
    cut = min(clauses or range(1, len(tokens)), key=lambda i: abs(i - middle))
    return [
        *_parts(tokens[:cut], said[:cut], CLAUSE_PAUSE_S, spelling),
        *_parts(tokens[cut:], said[cut:], pause_s, spelling),
    ]


def _sentence(
    said: Sequence[Spoken], spelling: Speller, network: TimedModel, narrator: Narrator, speed: float
) -> tuple[Pcm, list[_Span | None]]:
    """Samples of one sentence, and each display token's span in them (None: it is not heard)."""
    flat = [w for words in said for w in words]
    if not _is_heard(tuple(flat)):
        return np.zeros(0, np.float32), [None] * len(said)
    if flat[-1][-1] not in ';:,.!?…—")”':
        flat[-1] += "."  # without a closing sign the voice ends as if cut off
    pronounced = spelling.pronounce(tuple(flat))
    rendering = network.render(pronounced.phonemes, speed * narrator.pace, narrator.timbre)
    pcm, moved_s = trimmed(rendering.pcm)
    told = [_span(pronounced, i, rendering.times) for i in range(len(flat))]
    heard = _from_their_onset(told, pronounced, rendering.pcm)
    spans: list[_Span | None] = []
    position = 0
    for words in said:
        mine = [s for s in heard[position : position + len(words)] if s]
        position += len(words)
        spans.append((mine[0][0] - moved_s, mine[-1][1] - moved_s) if mine else None)
    return levelled(pcm), _fitted(spans, pcm)


def _fitted(spans: list[_Span | None], pcm: Pcm) -> list[_Span | None]:
    """Words said in one breath meet, words beside a pause end where the sound does."""
    heard = [span for span in spans if span]
    starts, ends = [s for s, _ in heard], [e for _, e in heard]
    for i, (start, end) in enumerate(heard):
        tight_start, tight_end = hugged(pcm, start, end)
        if i == 0 or start - heard[i - 1][1] > _SAME_BREATH_S:
            starts[i] = tight_start
        if i + 1 == len(heard) or heard[i + 1][0] - end > _SAME_BREATH_S:
            ends[i] = tight_end
        else:
            ends[i] = max(end, heard[i + 1][0])
    fitted = zip(starts, ends, strict=True)
    return [next(fitted) if span else None for span in spans]


def _span(pronounced: Pronounced, word: int, times: Sequence[_Span | None]) -> _Span | None:
    start, end = pronounced.spans[word]
    sounds = [t for i in range(start, end) if pronounced.phonemes[i] not in PAUSES and (t := times[i])]
    return (sounds[0][0], sounds[-1][1]) if sounds else None


def _from_their_onset(heard: list[_Span | None], pronounced: Pronounced, pcm: Pcm) -> list[_Span | None]:
    """A word that begins without a hum, after a hum, begins where that one ends.

    The model's own times put up to 0.15 s of a long hiss into the word before ("would fit": docs/decisions/0011), and
    the silence of a stop as well ("so big").
    """
    hum = hummed(pcm)
    out = list(heard)
    for i in range(1, len(heard)):
        before, span = heard[i - 1], heard[i]
        longest_s = _BEFORE_THE_HUM_S.get(_edges(pronounced, i)[0], 0.0)
        if before and span and longest_s and _edges(pronounced, i - 1)[1] not in _MAY_END_WITHOUT_HUM:
            earliest = max(span[0] - longest_s, (before[0] + before[1]) / 2)
            out[i] = (hum_ends(hum, span[0], earliest), span[1])
    return out


def _edges(pronounced: Pronounced, word: int) -> tuple[str, str]:
    """The word's first and last sound, without stress and pauses; "" if it has none."""
    start, end = pronounced.spans[word]
    sounds = [sound for sound in pronounced.phonemes[start:end] if sound not in PAUSES and sound not in _MARKS]
    return (sounds[0], sounds[-1]) if sounds else ("", "")


def _words(tokens: list[str], spans: list[_Span | None], offset_s: float, length_s: float) -> list[Word]:
    """Silent tokens take their neighbour's edge; everything stays inside the sentence."""
    out: list[Word] = []
    following = next((s[0] for s in spans if s), 0.0)
    for token, span in zip(tokens, spans, strict=True):
        start, end = span or (following, following)
        start, end = (min(max(t, 0.0), length_s) for t in (start, end))
        following = end
        out.append(Word(token, offset_s + start, offset_s + end))
    return out


def _in_order(words: list[Word], length_s: float) -> tuple[Word, ...]:
    out: list[Word] = []
    before = 0.0
    for word in words:
        start = min(max(word.start_s, before), length_s)
        end = min(max(word.end_s, start), length_s)
        out.append(Word(word.text, start, end))
        before = end
    return tuple(out)
