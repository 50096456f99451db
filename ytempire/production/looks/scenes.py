"""A scene from its script, its words' times and its picture: the card laid out in its composition."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from ytempire.production.looks.canvas import Art, Canvas
from ytempire.production.looks.cards import CARDS
from ytempire.production.looks.frame import FRAMES, Frame, caption_style
from ytempire.production.looks.pace import bare, content_words
from ytempire.production.looks.palettes import Palette, mix
from ytempire.production.looks.shapes import circle
from ytempire.production.looks.styles import Look
from ytempire.production.looks.typeface import fit
from ytempire.production.model import CardKind, Format, SceneScript, Word
from ytempire.production.timeline import Background, Gradient, Layer, Scene, Shape, Text


@dataclass(frozen=True)
class Brand:
    """How a channel's videos look: colours, look, mark and name."""

    palette: Palette
    look: Look
    mark: str
    name: str


@dataclass(frozen=True)
class ScenePlan:
    """Everything one scene is made of; `words` are timed from the scene's start."""

    script: SceneScript
    composition: str
    words: tuple[Word, ...]
    frames: int
    art: Art | None
    seed: int
    background: Background | None = None
    second_composition: str = ""
    """Set for a long sentence: at `turn_s` the card changes to this composition and to `second_script`'s words."""
    second_script: SceneScript | None = None
    turn_s: float = 0.0
    opens: bool = False
    """The video's first scene: its words stand in the very first frame."""

    @property
    def own(self) -> bool:
        """The creator's own picture is what is seen."""
        return self.art is not None and self.art.kind in {"image", "clip"}


SPEAKING_CARDS = frozenset(
    {CardKind.HOOK, CardKind.STATEMENT, CardKind.QUESTION, CardKind.PICTURE, CardKind.NUMBER, CardKind.DEFINITION}
)
"""Cards with one text: in a long sentence they turn; the others have entrances of their own all along."""


_JOINS = frozenset(["and", "but", "so", "because", "which", "that", "who", "where", "when", "until", "while", "than"])


def second_words(words: Sequence[Word], turn_s: float) -> str:
    """At most six words for the second half of a long sentence: a whole clause if one is short enough, else its end."""
    left = [word.text for word in words if word.start_s >= turn_s]
    clause: list[str] = []
    for text in left:
        clause.append(text)
        if text.endswith((",", ";", ":", ".", "!", "?")):
            if 3 <= len(clause) <= 6:
                break
            clause = []
    said = clause if 3 <= len(clause) <= 6 else left[-6:]
    # What follows a joint stands better alone than the end of what was before it.
    joints = [at for at, text in enumerate(said) if bare(text) in _JOINS and len(said) - at > 3]
    if joints:
        said = said[joints[0] + 1 :]
    while len(said) > 2 and not content_words(said[0]):
        said = said[1:]
    text = " ".join(said).rstrip(",;:.–—")
    return text[:1].upper() + text[1:]


def card_of(script: SceneScript) -> CardKind:
    """The card that can be drawn: one without the data it needs becomes a statement."""
    values = [datum for datum in script.data if datum.value is not None and datum.value >= 0]
    if script.card is CardKind.BARS and len(values) < 2:
        return CardKind.NUMBER if values else CardKind.STATEMENT
    if script.card is CardKind.LIST and len(script.data) < 2:
        return CardKind.STATEMENT
    if script.card is CardKind.TIMELINE and len(script.data) < 2:
        return CardKind.NUMBER if values else CardKind.STATEMENT
    return script.card


def shown_card(script: SceneScript, *, own: bool, pictured: bool) -> CardKind:
    """The card of a scene whose picture is cast: an own picture is shown as one, a picture's card without any picture
    speaks in type."""
    kind = card_of(script)
    if own:
        return CardKind.PICTURE
    return CardKind.STATEMENT if kind is CardKind.PICTURE and not pictured else kind


def build_scene(plan: ScenePlan, brand: Brand, *, format: Format, fps: int) -> Scene:  # noqa: A002
    """Lay out one scene; the same plan gives the same scene."""
    frame = FRAMES[format]
    kind = card_of(plan.script)
    length = plan.frames / fps
    layers: list[Layer] = []
    turn = plan.turn_s if plan.second_composition else length
    phases = [(plan.composition, 0.0, turn)]
    if plan.second_composition:
        phases.append((plan.second_composition, turn, length))
    for index, (composition, start, end) in enumerate(phases):
        script = plan.script if index == 0 else plan.second_script or plan.script
        shown = kind if index == 0 or plan.own else CardKind.STATEMENT
        canvas = Canvas(
            frame=frame,
            palette=brand.palette,
            look=brand.look,
            script=script,
            words=plan.words,
            art=plan.art,
            mark=brand.mark,
            channel_name=brand.name,
            rng=random.Random(plan.seed * 31 + index),
            start_s=start,
            end_s=end,
            last_phase=index == len(phases) - 1,
            at_rest=(plan.opens or kind is CardKind.HOOK) and index == 0,
            over_photo=plan.own,
        )
        CARDS[shown][composition](canvas)
        layers += canvas.layers
    if kind is not CardKind.END and brand.mark:
        layers += _corner_mark(frame, brand)
    return Scene(
        frames=plan.frames,
        background=plan.background or gradient(brand.palette, plan.seed),
        layers=tuple(layers),
        cues=(),
        captions=caption_style(frame, brand.palette, brand.look),
        layout=f"{kind.value}/{plan.composition}",
    )


def gradient(palette: Palette, seed: int) -> Gradient:
    """The plainest ground: the background running into its neighbours."""
    return Gradient(
        (
            palette.background,
            mix(palette.background, palette.surface, 0.9),
            mix(palette.background, palette.accent2, 0.22),
        ),
        seed,
    )


def _corner_mark(frame: Frame, brand: Brand) -> list[Layer]:
    """The channel's mark, small, where neither cards nor captions stand."""
    x, y, radius = (108.0, 1452.0, 34.0) if frame.vertical else (1850.0, 66.0, 32.0)
    disc = Shape(circle(radius), x, y, brand.palette.accent, opacity=0.92)
    letters = brand.mark.upper() if brand.look.uppercase else brand.mark
    lines, size = fit(letters, brand.look.display, radius * 1.35, radius * 1.2, 34, 12, max_lines=1)
    return [disc, Text(lines, x, y, size, brand.palette.ink_on(brand.palette.accent), font=brand.look.display)]
