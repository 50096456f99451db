"""Scenes as documents: motion frame by frame, captions that stay where they are, nothing outside the safe area."""

from __future__ import annotations

import itertools
import random
import re

import pytest

from ytempire.kit.media_store import MediaRef
from ytempire.production.looks import LOOKS, PALETTES, Brand, ScenePlan, build_scene
from ytempire.production.looks.canvas import Art
from ytempire.production.looks.cards import CARDS
from ytempire.production.looks.frame import FRAMES
from ytempire.production.looks.scenes import card_of
from ytempire.production.looks.typeface import block_height, cap_height_em, width_px
from ytempire.production.model import CardKind, Cue, Datum, Format, SceneScript, Word
from ytempire.production.timeline import CaptionStyle, Counter, Enter, Gradient, Picture, Scene, Shape, Text, Timing
from ytempire.providers.ffmpeg.ass import figure, scene_document
from ytempire.providers.ffmpeg.ass_motion import entered, runs

ART = Art("icon:x", tone="m -60 -60 l 60 -60 60 60 -60 60", line="m -80 -80 l 80 -80 80 80 -80 80")
OWN = tuple(
    Art("own:x", media=MediaRef("ab" * 32, 1, ".png"), width_px=width, height_px=height, kind="image")
    for width, height in ((1600, 1000), (1000, 1000), (900, 1600), (700, 1000))
)
DATA = {
    CardKind.NUMBER: (Datum("metres deep", 10935, "m"),),
    CardKind.BARS: (Datum("Cheetah in the grass", 112, "km/h"), Datum("Horse", 88, "km/h"), Datum("You", 45, "km/h")),
    CardKind.COMPARE: (Datum("Tea", 40, "mg"), Datum("Coffee", 95, "mg")),
    CardKind.LIST: tuple(
        Datum(label) for label in ("Flour", "Water", "Salt", "A very long line about patience and time")
    ),
    CardKind.TIMELINE: (Datum("First survey", 1847), Datum("The canal opens", 1869), Datum("Closed", 1956)),
    CardKind.QUOTE: (Datum("An old sailor"),),
    CardKind.DEFINITION: (Datum("Osmosis"),),
}


def scene_of(
    kind: CardKind, composition: str, look: str, shape: Format, *, words: str, art: Art | None = ART, long: bool = False
) -> Scene:
    sentence = "It began in 1847 with 10,935 metres and flour, water, salt and osmosis."
    script = SceneScript(sentence, kind, words, "", DATA.get(kind, ()))
    spoken = tuple(Word(token, 0.12 + 0.4 * i, 0.45 + 0.4 * i) for i, token in enumerate(sentence.split()))
    plan = ScenePlan(
        script,
        composition,
        spoken,
        190 if long else 150,
        art,
        7,
        second_composition="diagonal" if long else "",
        second_script=script if long else None,
        turn_s=3.0 if long else 0.0,
    )
    brand = Brand(PALETTES["midnight"], LOOKS[look], "DS", "Deep Sea Daily")
    return build_scene(plan, brand, format=shape, fps=30)


EVERY = [(kind, name) for kind, names in CARDS.items() for name in names]


@pytest.mark.parametrize("shape", list(Format))
@pytest.mark.parametrize("look", list(LOOKS))
def test_no_card_puts_text_outside_the_safe_area_or_under_the_captions(look: str, shape: Format) -> None:
    frame = FRAMES[shape]
    for kind, composition in EVERY:
        for words in (
            "Bees",
            "Honey never spoils in sealed jars",
            "Extraordinarily uncomfortable circumstances everywhere always",
        ):
            for art in (ART, None, *OWN):
                scene = scene_of(kind, composition, look, shape, words=words, art=art)
                texts = [
                    layer.text if isinstance(layer, Counter) else layer
                    for layer in scene.layers
                    if isinstance(layer, Text | Counter)
                ]
                for text, layer in zip(texts, [x for x in scene.layers if isinstance(x, Text | Counter)], strict=True):
                    where = f"{kind}/{composition} {look} {words!r}: {text.lines}"
                    lines = (figure(layer, layer.stop),) if isinstance(layer, Counter) else text.lines
                    if lines in {("DS",), ("?",)}:
                        continue
                    left, top, wide, tall = _room(text, lines)
                    assert left >= frame.content.x - 1, where
                    assert left + wide <= frame.content.right + 1, where
                    assert top >= frame.content.y - 2, where
                    assert top + tall <= frame.content.bottom + 2, where


@pytest.mark.parametrize("shape", list(Format))
@pytest.mark.parametrize("look", list(LOOKS))
def test_no_picture_covers_words(look: str, shape: Format) -> None:
    emoji = Art("emoji:x", media=MediaRef("ab" * 32, 1, ".webp"), width_px=256, height_px=256, kind="emoji")
    for kind, composition in EVERY:
        for words in (
            "Honey never spoils in sealed jars",
            "Extraordinarily uncomfortable circumstances everywhere always",
        ):
            scene = scene_of(kind, composition, look, shape, words=words, art=emoji)
            pictures = [layer for layer in scene.layers if isinstance(layer, Picture)]
            for layer in scene.layers:
                if not isinstance(layer, Text | Counter):
                    continue
                text = layer.text if isinstance(layer, Counter) else layer
                lines = (figure(layer, layer.stop),) if isinstance(layer, Counter) else text.lines
                if lines == ("?",):
                    continue
                left, top, wide, tall = _room(text, lines)
                for picture in pictures:
                    across = min(left + wide, picture.x + picture.width) - max(left, picture.x)
                    down = min(top + tall, picture.y + picture.height) - max(top, picture.y)
                    assert min(across, down) <= 4, f"{kind}/{composition} {look}: {lines}"


def _room(text: Text, lines: tuple[str, ...]) -> tuple[float, float, float, float]:
    wide = max(width_px(line, text.font, text.size_px) for line in lines)
    tall = block_height(lines, text.font, text.size_px, text.line_height)
    left = text.x - wide * ((text.anchor - 1) % 3) / 2
    return left, text.y - tall * (1, 0.5, 0)[(text.anchor - 1) // 3], wide, tall


def test_cards_and_captions_never_meet() -> None:
    for frame in FRAMES.values():
        two_lines = frame.caption_size * (0.75 + 1.22 + 0.86)
        assert frame.caption_y - two_lines / 2 > frame.content.bottom
    short = FRAMES[Format.VERTICAL]
    assert short.content.y >= 0.12 * 1920
    assert short.content.right <= 0.85 * 1080
    assert 0.62 <= short.caption_y / 1920 <= 0.70
    assert short.caption_y + short.caption_size * 1.42 < 0.78 * 1920


def test_every_card_in_every_look_becomes_a_document() -> None:
    for kind, composition in EVERY:
        for shape in Format:
            text = scene_document(
                scene_of(kind, composition, "playful", shape, words="{\\b1} & 'x' [in]"),
                width=1080,
                height=1920,
                fps=30,
            )
            assert text.count("Dialogue:") > 2


def test_the_same_plan_gives_the_same_scene() -> None:
    assert scene_of(CardKind.HOOK, "centre", "bold", Format.VERTICAL, words="One") == scene_of(
        CardKind.HOOK, "centre", "bold", Format.VERTICAL, words="One"
    )


def test_a_long_sentence_changes_its_card_half_way() -> None:
    scene = scene_of(CardKind.STATEMENT, "centre", "bold", Format.VERTICAL, words="Bees", long=True)
    timings = [layer.timing for layer in scene.layers if isinstance(layer, Shape)]
    assert {timing.end_s for timing in timings} == {3.0, None}
    assert all(timing.start_s >= 3.0 or timing.end_s == 3.0 or timing == Timing() for timing in timings)


def test_cards_without_their_data_become_ones_that_can_be_drawn() -> None:
    empty = SceneScript("Words.", CardKind.BARS, "Words", "")
    assert card_of(empty) is CardKind.STATEMENT
    one = SceneScript("Words.", CardKind.BARS, "Words", "", (Datum("a", 3.0),))
    assert card_of(one) is CardKind.NUMBER
    assert card_of(SceneScript("Words.", CardKind.LIST, "Words", "", (Datum("a"),))) is CardKind.STATEMENT


def test_runs_cover_a_layers_life_without_gap_or_overlap() -> None:
    rng = random.Random(4)
    for _ in range(200):
        timing = Timing(
            start_s=rng.uniform(0, 3),
            end_s=rng.choice([None, rng.uniform(0, 4)]),
            enter=rng.choice(list(Enter)),
            enter_s=rng.uniform(0, 1),
            leave=rng.choice(list(Enter)),
            leave_s=rng.uniform(0, 1),
            drift_px=(rng.uniform(0, 40), 0),
        )
        found = list(runs(timing, 100, 30))
        for one, following in itertools.pairwise(found):
            assert one.after == following.first
        if found:
            assert found[0].first == round(timing.start_s * 30)
            assert found[-1].after == (100 if timing.end_s is None else min(100, round(timing.end_s * 30)))


@pytest.mark.parametrize("enter", [e for e in Enter if e is not Enter.NONE])
def test_entrances_start_away_and_end_at_rest(enter: Enter) -> None:
    assert entered(enter, 1.0) == entered(Enter.NONE, 0.0)
    assert entered(enter, 0.05) != entered(Enter.NONE, 0.0)


def test_a_counter_lands_on_its_value_and_writes_it_properly() -> None:
    counter = Counter(0, 10935, 0, "", " m", 0.9, Text((), 540, 600, 200, "#FFFFFF"))
    assert figure(counter, 10935) == "10,935 m"
    assert figure(Counter(0, -2.5, 1, "$", "", 1, counter.text), -2.5) == "\u2212$2.5"
    assert figure(Counter(1800, 1869, 0, "", "", 1, counter.text, grouped=False), 1869) == "1869"
    scene = Scene(90, Gradient(("#000000", "#222222"), 1), (counter,), (), _style())
    shown = re.findall(r"}([\d,]+ m)$", scene_document(scene, width=1080, height=1920, fps=30), re.MULTILINE)
    assert shown[-1] == "10,935 m"
    assert 10 <= len(shown) <= 16


def _style() -> CaptionStyle:
    return CaptionStyle("Manrope ExtraBold", 78, "#FFFFFF", "#FFC93C", 540, 1267, 790, 6, "#000000")


def test_the_spoken_word_is_lit_and_larger_and_its_neighbours_stay() -> None:
    words = tuple(Word(text, 0.5 * i, 0.5 * i + 0.4) for i, text in enumerate(("Honey", "never", "spoils")))
    scene = Scene(60, Gradient(("#000000", "#222222"), 1), (), (Cue(words, 0.0, 1.6),), _style())
    events = [
        line
        for line in scene_document(scene, width=1080, height=1920, fps=30).splitlines()
        if line.startswith("Dialogue")
    ]
    places: dict[str, set[str]] = {}
    for line in events:
        word = line.rsplit("}", 1)[1]
        places.setdefault(word, set()).add(re.search(r"\\pos\(([\d.]+),", line)[1])  # type: ignore[index]
    assert {word: len(xs) for word, xs in places.items()} == {"Honey": 1, "never": 1, "spoils": 1}
    lit = [line for line in events if "&H3CC9FF&" in line]
    assert len(lit) == 3
    sizes = {float(re.search(r"\\fs([\d.]+)", line)[1]) for line in events}  # type: ignore[index]
    assert max(sizes) / min(sizes) == pytest.approx(1.06, abs=0.02)
    boxes = sorted(
        (float(next(iter(xs))), width_px(word, "Manrope ExtraBold", 78) * 1.06) for word, xs in places.items()
    )
    for (x1, w1), (x2, w2) in itertools.pairwise(boxes):
        assert x1 + w1 / 2 < x2 - w2 / 1.06 / 2 - 4
    assert cap_height_em("Manrope ExtraBold") == pytest.approx(0.72, abs=0.01)


@pytest.mark.parametrize("shape", list(Format))
@pytest.mark.parametrize("look", list(LOOKS))
def test_type_is_large_enough_for_a_phone(look: str, shape: Format) -> None:
    least = 40 if shape is Format.VERTICAL else 30
    for kind, composition in EVERY:
        for art in (ART, None):
            for layer in scene_of(
                kind, composition, look, shape, words="Honey never spoils in sealed jars", art=art
            ).layers:
                if isinstance(layer, Text | Counter):
                    text = layer.text if isinstance(layer, Counter) else layer
                    # The channel's mark is a drawing made of letters.
                    assert text.lines == ("DS",) or text.size_px >= least, f"{kind}/{composition}: {text}"


@pytest.mark.parametrize("look", list(LOOKS))
def test_no_scene_begins_bare_and_a_hook_stands_in_its_first_frame(look: str) -> None:
    for kind, composition in EVERY:
        scene = scene_of(kind, composition, look, Format.VERTICAL, words="Honey never spoils in sealed jars")
        words = [layer for layer in scene.layers if isinstance(layer, Text | Counter)][:-1]  # the last one is the mark
        at = [(one.text if isinstance(one, Counter) else one).timing for one in words]
        assert min(timing.start_s for timing in at) <= 0.1, f"{kind}/{composition}"
        if kind is CardKind.HOOK:
            assert all(timing.start_s == 0 and timing.enter is Enter.NONE for timing in at)
        if kind is CardKind.NUMBER:
            assert all(timing.start_s <= 0.1 for timing in at), f"{kind}/{composition}"
