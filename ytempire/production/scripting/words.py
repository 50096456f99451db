"""English word lists and small readings of a sentence, without a model."""

from __future__ import annotations

import re
from typing import Final

FUNCTION_WORDS: Final = frozenset("""
a about above across after again against all almost along already also although always am among an and another any are
around as at away back be because been before being below between both but by can cannot could did do does doing done
down during each either else enough even ever every few for from further get gets getting give given gives go goes going
gone got had has have having he her here hers herself him himself his how however i if in indeed inside instead into is
it its itself just keep keeps let like made make makes making many may maybe me might more most much must my near nearly
neither never next no nor not now of off often on once only onto or other others our ours out outside over own per
perhaps put quite rather really said same say says see seem seems several shall she should since so some something still
such take takes than that the their theirs them themselves then there these they thing things this those though through
thus to together too toward towards under until up upon us use used very was way ways we well went were what when where
whether which while who whole whom whose why will with within without would yet you your yours isn't aren't wasn't don't
doesn't didn't can't won't it's that's there's here's you're we're they're i'm let's
""".split())

AUXILIARIES: Final = frozenset("""
is are was were am has have had can could will would does do did must may might should cannot isn't aren't wasn't
don't doesn't didn't can't won't be been being
""".split())

COMMON_VERBS: Final = frozenset("""
act add allow answer appear arrive ask bake beat become begin believe bend bite blow boil bounce break breathe bring
build burn buy call capture carry catch change choose climb collect come compare connect contain cook cool count cover
crack crash create cross cut dance deliver depend die disappear discover dive double draw drink drive drop drown eat emit
escape explode explain fade fall feed feel fight fill find fit fix float flow fly fold follow forget form freeze get give
glow go grab grow happen hear heat help hide hit hold hunt hurt invent jump keep kill know last lay lead learn leave lie
lift live look lose love make mean meet melt migrate mix move need open orbit pay pick play point pour press produce
protect pull pump push put raise reach read receive remain remember repair rest return rise roll run save say see sell
send serve set shake shine show shrink sing sink sit sleep smell solve speak spend spin split spread stand start stay
steal stick sting stop store stretch strike survive swallow swim take talk taste teach tell think throw touch trap
travel turn use vanish wait walk want warm waste watch wear weigh win work write
""".split())

SMALL_NUMBERS: Final = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9, "trillion": 10**12}

_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*|\d[\d.,]*\d|\d")


def words(text: str) -> list[str]:
    """Words and numbers in lower case."""
    return [found.lower().replace("’", "'") for found in _WORD.findall(text)]


def spoken_words(text: str) -> int:
    """How many words a voice says: blanks part them, and each holds a letter or a digit."""
    return sum(1 for token in text.split() if any(char.isalnum() for char in token))


def content_words(text: str) -> list[str]:
    """Words that carry the meaning, in order."""
    return [word for word in words(text) if word not in FUNCTION_WORDS and (len(word) > 2 or word[0].isdigit())]


def looks_like_verb(word: str) -> bool:
    """A finite verb of the lists, in base, -s or -ed form."""
    low = word.lower().strip(".,;:!?\"“”'’")
    if low in AUXILIARIES or low in COMMON_VERBS:
        return True
    if low.endswith("s"):
        return low[:-1] in COMMON_VERBS or low[:-2] in COMMON_VERBS or f"{low[:-3]}y" in COMMON_VERBS
    return low.endswith("ed") and (low[:-2] in COMMON_VERBS or low[:-1] in COMMON_VERBS or low[:-3] in COMMON_VERBS)


def stem(word: str) -> str:
    """A crude common form, so that `dives` finds `dive`."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for ending, kept in (("ies", "y"), ("ing", ""), ("ied", "y"), ("ed", ""), ("es", ""), ("ly", ""), ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + kept
    return word


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, without a dangling small word."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rsplit(" ", 1)[0] if " " in text[: limit + 1] else text[:limit]
    cut = cut.rstrip(" ,;:–—-")
    while " " in cut and cut.rsplit(" ", 1)[1].lower() in FUNCTION_WORDS:
        cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return cut
