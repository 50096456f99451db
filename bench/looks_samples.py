"""Sample scenes for bench/looks.py: one or more of every card."""

from __future__ import annotations

from ytempire.kit.media_store import LocalMediaStore
from ytempire.production.looks.canvas import Art
from ytempire.production.model import CardKind, Datum, SceneScript, Word
from ytempire.providers.minilm import MiniLm
from ytempire.providers.pictures import Pictures

_PICTURES = Pictures(MiniLm())


def _scene(sentence: str, card: CardKind, on_screen: str, *data: Datum) -> SceneScript:
    return SceneScript(sentence, card, on_screen, "", tuple(data))


SAMPLES: dict[CardKind, list[SceneScript]] = {
    CardKind.HOOK: [
        _scene("Your octopus dinner had three hearts and nine brains.", CardKind.HOOK, "3 hearts, 9 brains"),
        _scene("Why do honey jars from ancient tombs still taste fine?", CardKind.HOOK, "Honey that never spoils"),
        _scene("Nobody told you this about your morning coffee.", CardKind.HOOK, "Your coffee is lying"),
    ],
    CardKind.STATEMENT: [
        _scene("Bees fan the nectar with their wings until it is almost dry.", CardKind.STATEMENT, "Bees fan it dry"),
        _scene("The walls of the cave are warmer than the air outside.", CardKind.STATEMENT, "Warm walls, cold air"),
        _scene(
            "A lighthouse keeper once walked four miles for the mail.", CardKind.STATEMENT, "Four miles for the mail"
        ),
    ],
    CardKind.NUMBER: [
        _scene(
            "Honey holds only 17 percent water, far too little for germs.",
            CardKind.NUMBER,
            "Only 17% water",
            Datum("water in honey", 17, "%"),
        ),
        _scene(
            "The trench is 10,935 metres deep, deeper than Everest is tall.",
            CardKind.NUMBER,
            "metres deep",
            Datum("Challenger Deep", 10935, "m"),
        ),
        _scene(
            "The first ticket cost $2.50 back then.", CardKind.NUMBER, "$2.50 a ticket", Datum("first ticket", 2.5, "$")
        ),
        _scene(
            "Their hearts beat 1,200 times a minute.",
            CardKind.NUMBER,
            "beats a minute",
            Datum("hummingbird heart", 1200, ""),
        ),
    ],
    CardKind.BARS: [
        _scene(
            "A cheetah runs 112, a horse 88, and you about 45.",
            CardKind.BARS,
            "Who is fastest?",
            Datum("Cheetah", 112, "km/h"),
            Datum("Horse", 88, "km/h"),
            Datum("You", 45, "km/h"),
        ),
        _scene(
            "Tokyo has 37 million people, Delhi 33, Shanghai 29, Dhaka 24.",
            CardKind.BARS,
            "Largest cities",
            Datum("Tokyo", 37, "M"),
            Datum("Delhi", 33, "M"),
            Datum("Shanghai", 29, "M"),
            Datum("Dhaka", 24, "M"),
        ),
    ],
    CardKind.COMPARE: [
        _scene(
            "Tea holds 40 milligrams of caffeine, coffee holds 95.",
            CardKind.COMPARE,
            "Caffeine in one cup",
            Datum("Tea", 40, "mg"),
            Datum("Coffee", 95, "mg"),
        ),
        _scene("It is not the sugar, it is the missing water.", CardKind.COMPARE, "Not sugar, missing water"),
        _scene(
            "Moss drinks from the air, grass drinks from the ground.",
            CardKind.COMPARE,
            "Two ways to drink",
            Datum("Moss: air"),
            Datum("Grass: ground"),
        ),
    ],
    CardKind.LIST: [
        _scene(
            "You need flour, water, salt and a lot of patience.",
            CardKind.LIST,
            "Sourdough needs",
            Datum("Flour"),
            Datum("Water"),
            Datum("Salt"),
            Datum("A lot of patience"),
        ),
        _scene(
            "First it cools, then it dries, and then it cracks.",
            CardKind.LIST,
            "What happens next",
            Datum("It cools down"),
            Datum("It dries out"),
            Datum("It cracks"),
        ),
    ],
    CardKind.TIMELINE: [
        _scene(
            "It began in 1847, opened in 1869 and closed in 1956.",
            CardKind.TIMELINE,
            "A canal's life",
            Datum("First survey", 1847),
            Datum("The canal opens", 1869),
            Datum("Closed for months", 1956),
        ),
        _scene(
            "First the seed, later the shoot, at last the tree.",
            CardKind.TIMELINE,
            "From seed to tree",
            Datum("Day 1: Seed"),
            Datum("Day 20: Shoot"),
            Datum("Year 5: Tree"),
        ),
    ],
    CardKind.QUOTE: [
        _scene(
            "The sea, once it casts its spell, holds one in its net of wonder.",
            CardKind.QUOTE,
            "Holds one in its net of wonder",
            Datum("Old sailor's saying"),
        ),
    ],
    CardKind.QUESTION: [
        _scene("So why does it never go bad?", CardKind.QUESTION, "Why does it never spoil?"),
        _scene("But who was steering the ship that night?", CardKind.QUESTION, "Who steered that night?"),
    ],
    CardKind.DEFINITION: [
        _scene(
            "Osmosis means that water moves towards the saltier side.",
            CardKind.DEFINITION,
            "Water moves to the saltier side",
            Datum("Osmosis"),
        ),
    ],
    CardKind.PICTURE: [
        _scene("This is the lighthouse at the end of the world.", CardKind.PICTURE, "The last lighthouse"),
    ],
    CardKind.END: [
        _scene("Follow for one small wonder every day.", CardKind.END, "One small wonder a day"),
    ],
}
ART_IDEAS: dict[CardKind, list[str]] = {
    CardKind.HOOK: ["octopus", "honey pot", "coffee"],
    CardKind.STATEMENT: ["honeybee", "fire warm", "lighthouse"],
    CardKind.NUMBER: ["water drop", "anchor", "ticket", "bird"],
    CardKind.BARS: ["trophy", "city"],
    CardKind.LIST: ["bread", "volcano"],
    CardKind.TIMELINE: ["ship", "tree"],
    CardKind.QUESTION: ["magnifying glass", "ship"],
    CardKind.DEFINITION: ["water drop"],
    CardKind.PICTURE: ["lighthouse", "lighthouse", "camera"],
}
for _kind in CardKind:
    ART_IDEAS.setdefault(_kind, [""])


def spoken(sentence: str) -> tuple[Word, ...]:
    """Word times at an even pace, as a voice would speak."""
    words, at = [], 0.12
    for token in sentence.split():
        length = 0.13 + 0.045 * len(token)
        words.append(Word(token, round(at, 3), round(at + length, 3)))
        at += length + (0.2 if token.endswith((",", ".")) else 0.02)
    return tuple(words)


def sample_art(idea: str, kind: str, media: LocalMediaStore) -> Art | None:
    """The library's best picture for an idea."""
    choices = _PICTURES.find(idea, kind=kind)
    if not choices:
        return None
    name = choices[0].name
    if name.startswith("icon:"):
        tone, line = _PICTURES.icon(name)
        return Art(name, tone=tone, line=line)
    return Art(name, media=media.put(_PICTURES.raster(name)), kind="emoji")
