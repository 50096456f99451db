"""What stands around a video: titles of three kinds, description, tags, thumbnail words, and topics for later."""

import re
from collections import Counter

from sandbox.openai.composing.cards import Value, numbers
from sandbox.openai.composing.closings import thing
from sandbox.openai.composing.framing import strikes
from sandbox.openai.composing.prompt import Prompt
from sandbox.openai.composing.sentences import Sentence, read
from sandbox.openai.composing.telling import Story
from sandbox.openai.composing.trimming import spoken
from sandbox.openai.composing.weighing import leans, vividness
from sandbox.openai.composing.words import (
    BACKWARD,
    NUMBER_WORDS,
    VERBS,
    capital,
    content,
    count,
    is_verb,
    short,
    stem,
    stems,
    words,
)

TITLE: int = 60


def titles(story: Story) -> list[str]:
    """A question (or an article's own heading), a number, a statement; each at most 60 characters."""
    topic = story.topic
    facts = [line.text for line in story.lines if line.origin]
    told = len(facts)
    question = topic.question or f"How much do you know about {topic.clause}?"
    if topic.kind == "headline":
        question = short(topic.text, TITLE)
    elif topic.kind == "statement" or len(question) > TITLE:
        asked = [text for text in (line.text for line in story.lines) if text.endswith("?") and len(text) <= TITLE]
        question = asked[0] if asked else f"Did you know? {capital(short(topic.text, TITLE - 14))}"
    facts = [text for text in facts if _stands_alone(text, story)]
    numbered = [
        text.rstrip(".")
        for text in sorted(facts, key=lambda text: -strikes(text))
        if numbers(text) and len(text) <= TITLE + 1
    ]
    counted = f"{capital(thing(topic.clause))} in {told} facts"
    if len(counted) > TITLE or told < 3:
        counted = short(f"The facts about {thing(topic.clause)}", TITLE)
    number = numbered[0] if numbered else "" if topic.kind == "headline" else counted
    statement = _statement(story, facts)
    found = [text for text in dict.fromkeys([question[:1].upper() + question[1:], number, statement]) if text]
    for text in facts:
        if len(found) >= 3:
            break
        if len(text) <= TITLE and not leans(text) and text.rstrip(".") not in found:
            found.append(text.rstrip("."))
    plain = (f"{capital(topic.text)}, explained", f"The facts about {topic.clause}")
    if topic.kind == "headline":
        plain = (f"The story: {topic.text}", f"{topic.text}, in short")
    while len(found) < 3:
        found.append(short(plain[len(found) - 1], TITLE))
    return found[:3]


def _statement(story: Story, facts: list[str]) -> str:
    """What a `why` takes for granted, or the story's most striking plain fact; else the topic as it stands."""
    topic = story.topic
    asked, *rest = topic.clause.split()
    granted = " ".join(rest) if asked.lower() == "why" else ""
    if len(granted) <= TITLE and (len(rest) >= 6 or strikes(granted) >= 0.2) and granted:
        return capital(granted)
    first = next((line.origin.paragraph for line in story.lines if line.origin), None)
    near = {line.text for line in story.lines if line.origin and line.origin.paragraph == first}
    plain = [
        text.rstrip(".") for text in facts if text in near and len(text) <= TITLE + 1 and not re.search(r"\d", text)
    ]
    best = max(plain, key=strikes, default="")
    if topic.kind == "clause" and strikes(best) >= 0.2 and count(best) >= 5:
        return best
    return capital(short(topic.text, TITLE))


def _stands_alone(text: str, story: Story) -> bool:
    """It speaks of the topic and points to nothing outside itself."""
    said = set(words(text))
    about = thing(story.topic.clause) if said & {"its", "their"} else story.topic.clause
    pointing = BACKWARD & said - {"one", "both", "that", "its", "their"} or said & _POINTING
    return not leans(text) and not pointing and bool(stems(text) & stems(about))


_POINTING = frozenset(["answer", "then", "too", "rest", "either"])
"""Words that say something was told before."""


def description(story: Story) -> str:
    """Two lines: what, and why one would watch."""
    topic = story.topic
    first = topic.question or (
        f"{capital(topic.clause)}: what is known, and how." if topic.kind == "thing" else f"{capital(topic.text)}."
    )
    facts = sorted(
        (line.text for line in story.lines if line.origin and _stands_alone(line.text, story) and line.text != first),
        key=lambda text: -strikes(text),
    )
    return f"{first}\n{facts[0]}" if facts else first


def tags(story: Story) -> list[str]:
    """The topic's words and what the story speaks of most."""
    text = " ".join(line.text for line in story.lines if line.origin)
    seen = Counter(
        word
        for word in content(text)
        if not word[0].isdigit()
        and word not in VERBS
        and not is_verb(word)
        and not word.endswith(("ly", "ed"))
        and word not in NUMBER_WORDS
        and len(word) > 3
    )
    merged: dict[str, str] = {}
    for word, _ in seen.most_common(40):
        merged.setdefault(stem(word), word)
    topic = [
        word
        for word in content(story.topic.clause)
        if not is_verb(word)
        and len(word) > 2
        and word not in NUMBER_WORDS
        and not word[0].isdigit()
        and not word.endswith("ly")
    ]
    found = [*topic, *merged.values()]
    return [tag for tag in dict.fromkeys(found) if tag and len(tag) <= 30][:9]


def thumbnails(story: Story) -> list[str]:
    """Three ideas of at most four words: a number, a question, a thing."""
    found: list[str] = []
    strong = sorted((line.text for line in story.lines if line.origin), key=lambda text: -strikes(text))
    for text in strong:
        values = [value for value in numbers(text) if re.search(r"(?:s|%|[$€£])$", value.unit)]
        if values and not re.search(r"\b(?:out of|times)\b", text):
            found.append(shown(values[0]))
            break
    topic = story.topic
    asked = topic.question if 0 < len(topic.question.split()) <= 4 else ""
    found.append(asked or (_asked(topic.clause) if topic.kind == "clause" else f"{capital(thing(topic.clause))}?"))
    found += [text.rstrip(".") for text in strong if len(text.split()) <= 4 and not leans(text)][:1]
    found.append(capital(thing(topic.clause)))
    seen = {text.rstrip("?").casefold(): text for text in reversed(found) if 0 < len(text.split()) <= 4}
    kept = [text for text in dict.fromkeys(found) if seen.get(text.rstrip("?").casefold()) == text]
    return [*kept, capital(topic.text.split()[0]), "Look closer", "The full story"][:3]


def shown(value: Value) -> str:
    """A value as one reads it."""
    amount = value.value or 0.0
    figure = f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.10g}"
    if value.unit == "%":
        return f"{figure}%"
    if value.unit[-1:] in "$€£":
        return f"{value.unit[-1]}{figure} {value.unit[:-1].strip()}".strip()
    return f"{figure} {value.unit}"


_WONDER = {
    "why": ("But why?", "Guess why", "Why, though?"),
    "how": ("But how?", "Guess how", "How on earth?"),
    "what": ("Guess what", "Wait, what?", "But what?"),
}


def _asked(clause: str) -> str:
    """Two or three words that ask; which ones hangs on the topic, so that a channel's thumbnails differ."""
    wh = clause.split()[0].lower()
    choices = _WONDER.get(wh, (f"But {wh}?", f"Guess {wh}"))
    return choices[sum(map(ord, clause)) % len(choices)]


def topics(prompt: Prompt, number: int) -> list[tuple[str, Sentence | None]]:
    """Lines one could make a video of, from paragraphs that were not told yet, each with the sentence behind it."""
    sentences = read(tuple(source.text for source in prompt.sources))
    past = [stems(line) for line in prompt.avoid]
    best: dict[int, tuple[float, str, Sentence]] = {}
    for sentence in sentences:
        text = spoken(sentence.raw)[0].rstrip(".")
        told = max((len(stems(text) & old) / max(1, len(stems(text))) for old in past), default=0.0)
        if leans(text) or not 4 <= count(text) <= 11 or text.endswith("?") or told > 0.5 or re.search(r"[:;“\"]", text):
            continue
        score = vividness([text]) + strikes(text) - told
        if sentence.paragraph not in best or score > best[sentence.paragraph][0]:
            best[sentence.paragraph] = (score, text, sentence)
    ranked = sorted(best.values(), key=lambda item: -item[0])
    found: list[tuple[str, Sentence | None]] = [(text, sentence) for _, text, sentence in ranked[:number]]
    while len(found) < number:
        source = prompt.sources[len(found) % len(prompt.sources)]
        found.append((source.title or short(source.text, 60), None))
    return found
