"""The neural voice that needs no vendor: English speech on one CPU core, with the time of every written word.

Importing this package loads no model; the first `speak` does (about half a second).
"""

from localvoice.model import Pcm, Speech, UnknownVoice, UnspeakableText, Voice, Word
from localvoice.pronunciation import phonemes
from localvoice.reading import read
from localvoice.speak import speak
from localvoice.voices import voices

__all__ = [
    "Pcm",
    "Speech",
    "UnknownVoice",
    "UnspeakableText",
    "Voice",
    "Word",
    "phonemes",
    "read",
    "speak",
    "voices",
]
