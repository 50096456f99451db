"""The front end of the local voice: what is said for what is written."""

import pytest

from localvoice import UnspeakableText, read
from localvoice.speak import split


def said(text: str) -> dict[str, str]:
    tokens = text.split()
    return {token: " ".join(words) for token, words in zip(tokens, read(tokens), strict=True)}


@pytest.mark.parametrize(
    ("text", "token", "words"),
    [
        ("It cost $5 then", "$5", "five dollars"),
        ("for $9.99 only", "$9.99", "nine dollars and ninety nine cents"),
        ("just $0.01 each", "$0.01", "one cent"),
        ("worth $3.2 billion, now", "$3.2", "three point two"),
        ("worth $3.2 billion, now", "billion,", "billion dollars,"),
        ("about $5M today", "$5M", "five million dollars"),
        ("at £2.05 each", "£2.05", "two pounds and five pence"),
        ("from $5-$10 up", "$5-$10", "five to ten dollars"),
        ("was in 1947 when", "1947", "nineteen forty seven"),
        ("was in 1905 when", "1905", "nineteen oh five"),
        ("was in 2007 when", "2007", "two thousand seven"),
        ("ran 1947 km today", "1947", "one thousand nine hundred forty seven"),
        ("lived in 1947 in Paris", "1947", "nineteen forty seven"),
        ("the 1990s were", "1990s", "nineteen nineties"),
        ("the '80s were", "'80s", "eighties"),
        ("all 1,250 people", "1,250", "one thousand two hundred fifty"),
        ("up 3.5% now", "3.5%", "three point five percent"),
        ("agent 007 came", "007", "zero zero seven"),
        ("the 21st century", "21st", "twenty first"),
        ("ran 5 km fast", "km", "kilometers"),
        ("ran 1 km fast", "km", "kilometer"),
        ("ran 5km fast", "5km", "five kilometers"),
        ("at 30 °C today", "°C", "degrees Celsius"),
        ("at -5°C today", "-5°C", "minus five degrees Celsius"),
        ("at 100km/h now", "100km/h", "one hundred kilometers per hour"),
        ("of 50m² each", "50m²", "fifty square meters"),
        ("is 3× faster", "3×", "three times"),
        ("in 4K today", "4K", "four K"),
        ("has 10⁶ cells", "10⁶", "ten to the power of six"),
        ("has 10²³ atoms", "10²³", "ten to the power of twenty three"),
        ("has 10² atoms", "10²", "ten squared"),
        ("falls at 9.8 m/s² here", "m/s²", "meters per second squared"),
        ("covers 40 km² here", "km²", "square kilometers"),
        ("weighs <5 kg now", "<5", "less than five"),
        ("weighs <5 kg now", "kg", "kilograms"),
        ("within ±2 mm of", "mm", "millimeters"),
        ("took 0.3 s flat", "s", "seconds"),
        ("a 50/50 chance", "50/50", "fifty fifty"),
        ("a 6'2 man", "6'2", "six foot two"),
        ("add 1 1/2 cups", "1/2", "and one half"),
        ("a 5 x 5 grid", "x", "by"),
        ("so he/she left", "he/she", "he or she"),
        ("so sun—sun it was", "sun—sun", "sun— sun"),
        ("has 100K fans", "100K", "one hundred thousand"),
        ("man vs. nature", "vs.", "versus"),
        ("Ask Dr. Smith now", "Dr.", "doctor"),
        ("on Sunset Dr. today", "Dr.", "drive"),
        ("in St. Louis", "St.", "saint"),
        ("on Main St. today", "St.", "street"),
        ("see No. 5 here", "No.", "number"),
        ("He said no.", "no.", "no."),
        ("around the Sun.", "Sun.", "Sun."),
        ("King Henry VIII had", "VIII", "the eighth"),
        ("World War II ended", "II", "two"),
        ("and I went", "I", "I"),
        ("on May 5, then", "5,", "fifth,"),
        ("on 5 June 1999", "5", "the fifth of"),
        ("on 2024-10-12 we", "2024-10-12", "October twelfth twenty twenty four"),
        ("at 9:30am we", "9:30am", "nine thirty A.M"),
        ("at 7:00 p.m. we", "p.m.", "P.M"),
        ("some 10–20 people", "10–20", "ten to twenty"),
        ("1/2 cup", "1/2", "one half"),
        ("3/10 cup", "3/10", "three tenths"),
        ("2½ cups", "2½", "two and a half"),
        ("see example.com/a now", "example.com/a", "example dot com slash a"),
        ("a 20-year-old car", "20-year-old", "twenty year old"),
        ("a well-known fact", "well-known", "well-known"),
        ("with R&D money", "R&D", "R and D"),
        ("the E=mc² formula", "E=mc²", "E equals m c squared"),
        ("that is π today", "π", "pi"),
        ("e.g. this", "e.g.", "for example"),
        ("so — yes", "—", "—"),
        ("so 🎉 yes", "🎉", ""),
        ("my 𝗯𝗼𝗹𝗱 claim", "𝗯𝗼𝗹𝗱", "bold"),
        ("the 1920×1080 size", "1920×1080", "nineteen twenty by ten eighty"),
    ],
)
def test_short_forms_are_said_in_words(text: str, token: str, words: str) -> None:
    assert said(text)[token].replace("mc", "m c") == words


@pytest.mark.parametrize(
    ("text", "offending", "alphabet"),
    [
        ("Hello мир", "мир", "Cyrillic"),
        ("你好", "你好", "Chinese characters"),
        ("a مر b", "مر", "Arabic"),
        ("λόγος", "λόγς", "Greek"),
    ],
)
def test_other_alphabets_are_refused_by_name(text: str, offending: str, alphabet: str) -> None:
    with pytest.raises(UnspeakableText, match="vendor voice") as refusal:
        read(text.split())
    assert set(refusal.value.offending) & set(offending)
    assert alphabet in str(refusal.value)


def test_sentences_end_where_a_reader_would_pause() -> None:
    text = "Dr. A. Smith paid $3.5 on Jan. 5. Then? He left the U.S. for good… She\nstayed.\n\nNew part"
    assert [" ".join(tokens) for tokens, _ in split(text)] == [
        "Dr. A. Smith paid $3.5 on Jan. 5.",
        "Then?",
        "He left the U.S. for good…",
        "She stayed.",
        "New part",
    ]
    pauses = [pause_s for _, pause_s in split(text)]
    assert pauses[3] > pauses[0]
