"""Small word lists and the cheap grammar that needs no model: stems, content words, numbers, verbs."""

import re
from collections.abc import Iterable
from typing import Final

STOP: Final = frozenset(["a", "about", "above", "across", "after", "again", "against", "all", "almost", "along", "already", "also", "although", "always", "am", "among", "an", "and", "another", "any", "are", "around", "as", "at", "away", "back", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "came", "can", "cannot", "come", "could", "did", "do", "does", "doing", "done", "down", "during", "each", "either", "else", "enough", "even", "ever", "every", "few", "for", "from", "further", "gave", "get", "gets", "give", "given", "gives", "go", "goes", "going", "gone", "got", "had", "has", "have", "having", "he", "her", "here", "hers", "herself", "him", "himself", "his", "how", "however", "i", "if", "in", "indeed", "inside", "instead", "into", "is", "it", "its", "itself", "just", "keep", "keeps", "kept", "know", "known", "last", "least", "less", "let", "like", "likely", "made", "make", "makes", "making", "many", "may", "me", "might", "mine", "more", "most", "much", "must", "my", "near", "nearly", "neither", "never", "next", "no", "nor", "not", "nothing", "now", "of", "off", "often", "on", "once", "one", "only", "onto", "or", "other", "others", "our", "ours", "out", "outside", "over", "own", "per", "perhaps", "put", "quite", "rather", "really", "said", "same", "say", "says", "see", "seem", "seems", "seen", "several", "shall", "she", "should", "since", "so", "some", "something", "sometimes", "still", "such", "take", "taken", "takes", "than", "that", "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they", "thing", "things", "this", "those", "though", "through", "thus", "to", "together", "too", "took", "toward", "towards", "under", "until", "up", "upon", "us", "use", "used", "uses", "using", "usually", "very", "was", "way", "ways", "we", "well", "went", "were", "what", "when", "where", "whether", "which", "while", "who", "whole", "whom", "whose", "why", "will", "with", "within", "without", "would", "yet", "you", "your", "yours"])

AUX: Final = frozenset(["is", "are", "was", "were", "has", "have", "had", "can", "could", "will", "would", "does", "do", "did", "must", "may", "might", "should", "became", "becomes", "become", "cannot", "isn't", "aren't", "wasn't", "weren't", "can't", "don't", "doesn't", "didn't", "won't"])

VERBS: Final = frozenset(["act", "add", "allow", "answer", "appear", "arrive", "ask", "attack", "bake", "beat", "become", "begin", "believe", "bend", "bite", "blow", "boil", "bond", "boost", "bounce", "break", "breathe", "bring", "build", "burn", "buy", "call", "capture", "carry", "catch", "cause", "change", "choose", "circle", "clean", "climb", "collect", "come", "compare", "compound", "connect", "contain", "control", "cook", "cool", "copy", "cost", "count", "cover", "crack", "crash", "create", "cross", "cut", "dance", "deliver", "depend", "die", "disappear", "discover", "dive", "do", "double", "draw", "drink", "drive", "drop", "drown", "eat", "emit", "escape", "explode", "explain", "face", "fade", "fall", "fear", "feed", "feel", "fight", "fill", "find", "fit", "fix", "float", "flow", "fly", "fold", "follow", "forget", "form", "freeze", "get", "give", "glide", "glow", "go", "grab", "grow", "happen", "have", "hear", "heat", "help", "hide", "hit", "hold", "hum", "hunt", "hurt", "invent", "jump", "keep", "kill", "know", "land", "last", "lay", "lead", "learn", "leave", "lie", "lift", "light", "live", "look", "lose", "love", "make", "matter", "mean", "meet", "melt", "migrate", "mix", "move", "need", "open", "orbit", "pay", "pick", "play", "point", "pour", "predict", "press", "produce", "protect", "pull", "pump", "push", "put", "rain", "raise", "reach", "read", "receive", "remain", "remember", "repair", "rest", "return", "rise", "roll", "rule", "run", "save", "say", "see", "sell", "send", "serve", "set", "shake", "shape", "shine", "show", "shrink", "sing", "sink", "sit", "slow", "sleep", "smell", "solve", "sound", "spark", "speak", "spend", "spin", "split", "spot", "spread", "stand", "start", "stay", "steal", "stick", "sting", "stop", "store", "stretch", "strike", "survive", "swallow", "swim", "take", "talk", "taste", "teach", "tell", "think", "throw", "tick", "touch", "trap", "travel", "trick", "turn", "twist", "use", "vanish", "wait", "walk", "want", "warm", "waste", "watch", "wear", "weigh", "win", "work", "write"])

STRIKING: Final = frozenset(["largest", "biggest", "smallest", "deepest", "highest", "fastest", "slowest", "oldest", "heaviest", "longest", "tallest", "hottest", "coldest", "brightest", "darkest", "strongest", "first", "last", "only", "never", "nobody", "nothing", "forever", "impossible", "secret", "strange", "wrong", "mistake", "accident", "surprising", "surprisingly", "without", "alive", "dead", "kill", "killed", "survive", "survived", "explode", "exploded", "disappear", "vanished", "invisible", "twice", "double", "half", "entire", "every", "billion", "million", "thousand", "times", "faster", "slower", "heavier", "lighter", "hotter", "colder", "deeper", "more", "less", "yet", "but", "actually", "instead", "even", "zero"])

VAGUE: Final = frozenset(["however", "moreover", "furthermore", "therefore", "nevertheless", "approximately", "respectively", "various", "numerous", "significant", "significantly", "generally", "typically", "aforementioned", "regarding", "pursuant", "thereof", "herein"])

BACKWARD: Final = frozenset(["it", "its", "they", "their", "them", "he", "she", "his", "her", "him", "this", "these", "those", "such", "both", "that", "another", "one"])

NUMBER_WORDS: Final = {
    word: at for at, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"])
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
     "half": 0.5, "twice": 2, "double": 2}

SCALES: Final = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

_WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*|\d[\d.,]*\d|\d")


def words(text: str) -> list[str]:
    """Words and numbers, lower case."""
    return [found.lower() for found in _WORD.findall(text)]


def stem(word: str) -> str:
    """A crude common form: plural, tense and -ly endings off."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    for ending, keep in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ied", "y"), ("ed", ""), ("es", ""), ("ly", ""),
                         ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + keep
    return word


def content(text: str) -> list[str]:
    """Words that carry meaning, in order, lower case."""
    return [word for word in words(text) if word not in STOP and (len(word) > 2 or word.isdigit())]


def stems(text: str) -> set[str]:
    """The stems of a text's content words."""
    return {stem(word) for word in content(text)}


def count(text: str) -> int:
    """Spoken words: what stands between blanks and holds a letter or digit."""
    return sum(1 for token in text.split() if any(char.isalnum() for char in token))


def is_verb(word: str) -> bool:
    """Does the word look like a finite verb of ours (base, -s, -ed)?"""
    low = word.lower().strip(",;:")
    if low in AUX or low in VERBS:
        return True
    if low.endswith("s") and (low[:-1] in VERBS or low[:-2] in VERBS or low[:-3] + "y" in VERBS):
        return True
    return low.endswith("ed") and len(low) > 4 and (low[:-2] in VERBS or low[:-1] in VERBS or low[:-3] in VERBS)


def joined(parts: Iterable[str]) -> str:
    """Words to a text with single blanks and no blank before punctuation."""
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(part for part in parts if part)).strip()


def capital(text: str) -> str:
    """The first letter as a capital."""
    return text[:1].upper() + text[1:]


def short(text: str, limit: int) -> str:
    """The text cut at a word so that it fits `limit` characters, without a dangling small word."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    while " " in cut and (cut.rsplit(" ", 1)[1].lower() in STOP):
        cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return cut
