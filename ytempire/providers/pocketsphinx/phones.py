"""From the local voice's phonemes to the aligner's: misaki's alphabet to ARPAbet (CMU dictionary)."""

_ARPABET = {
    "A": "EY", "I": "AY", "O": "OW", "Q": "OW", "W": "AW", "Y": "OY", "i": "IY", "u": "UW", "ɑ": "AA",
    "ɒ": "AA",
    "a": "AE", "æ": "AE", "ɔ": "AO", "ə": "AH", "ᵊ": "AH", "ɐ": "AH", "ʌ": "AH", "ɛ": "EH", "e": "EH",
    "ɪ": "IH",
    "ᵻ": "IH", "ʊ": "UH", "o": "OW", "ɚ": "ER", "b": "B", "d": "D", "f": "F", "h": "HH", "j": "Y", "k": "K",
    "l": "L", "m": "M", "n": "N", "p": "P", "s": "S", "t": "T", "T": "T", "ɾ": "D", "ʔ": "T", "v": "V",
    "w": "W",
    "x": "K", "z": "Z", "ð": "DH", "ŋ": "NG", "ɡ": "G", "ɹ": "R", "ʃ": "SH", "ʒ": "ZH", "ʤ": "JH", "ʧ": "CH",
    "θ": "TH",
}  # fmt: skip


def arpabet(phonemes: str) -> str:
    """ "tˈɛst" is "T EH S T"; "" if nothing in it is a sound. Stress and length marks don't matter here."""
    out: list[str] = []
    for c in phonemes:
        if c == "ɜ":
            out.append("ER")
        elif c == "ɹ" and out[-1:] == ["ER"]:
            continue  # ɜɹ is one sound
        elif c in _ARPABET:
            out.append(_ARPABET[c])
    return " ".join(out)
