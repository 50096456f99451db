"""Pictures are found by meaning, and a silly one is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from ytempire.kit.media_store import MediaRef
from ytempire.production.casting import Casting, Need, cast_pictures, names
from ytempire.production.looks import LOOKS, PALETTES, Brand, ScenePlan, build_scene
from ytempire.production.looks.arrange import ARRANGEMENTS
from ytempire.production.looks.canvas import Art
from ytempire.production.looks.shapes import box_of
from ytempire.production.model import CardKind, Format, Origin, OwnMedia, SceneScript
from ytempire.production.timeline import Picture
from ytempire.providers.minilm import MiniLm
from ytempire.providers.pictures import Pictures


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return Pictures(MiniLm())


@pytest.mark.parametrize(
    ("idea", "among"),
    [
        ("octopus", {"emoji:octopus"}),
        ("honey pot", {"emoji:honey-pot"}),
        ("a lighthouse on a cliff", {"icon:lighthouse"}),
        ("train crossing a bridge", {"icon:bridge", "emoji:train", "icon:train"}),
        ("volcano eruption", {"emoji:volcano"}),
        ("bacteria", {"emoji:microbe"}),
        ("interest rate of a bank", {"icon:bank", "emoji:bank"}),
        ("sourdough bread", {"emoji:bread", "icon:bread"}),
    ],
)
def test_the_picture_fits_the_idea(pictures: Pictures, idea: str, among: set[str]) -> None:
    assert pictures.find(idea, avoid=())[0].name in among


@pytest.mark.parametrize("idea", ["", "nothing in particular", "why does this happen", "however"])
def test_no_idea_no_picture(pictures: Pictures, idea: str) -> None:
    assert pictures.find(idea, avoid=()) == []


@pytest.mark.parametrize(
    ("idea", "never"),
    [
        ("pattern plenty empty space", "empty"),
        ("blue farthest pressure", "light-blue-heart"),
        ("money today numbers accounts", "number-two"),
        ("idea long chips fast", "french-fries"),
        ("story first photograph", "image-broken"),
        ("try waves neighbors", "waving-hand"),
        ("other nine tenths below", "ice-cream"),
        ("bacteria food shelter", "oden"),
        ("such a monster", "ship"),
        ("hard ones bottom bowl", "bowling"),
        ("day venus longer year", "gender-female"),
        ("waves flip forth times", "hand-waving"),
        ("runs running radar tube", "person-running"),
        ("ice lid cold", "cold-face"),
    ],
)
def test_a_picture_that_shows_something_else_is_none(pictures: Pictures, idea: str, never: str) -> None:
    assert never not in {choice.name.split(":")[1] for choice in pictures.find(idea, limit=8)}


def test_the_looks_kind_comes_first_and_what_was_used_lately_comes_later(pictures: Pictures) -> None:
    assert pictures.find("brain", avoid=(), kind="icon")[0].name == "icon:brain"
    assert pictures.find("brain", avoid=(), kind="emoji")[0].name == "emoji:brain"
    assert pictures.find("brain", avoid=("icon:brain",))[0].name == "emoji:brain"


def test_icons_are_centred_drawings_and_emoji_are_files(pictures: Pictures) -> None:
    for drawing in pictures.icon("icon:lighthouse"):
        left, top, right, bottom = box_of(drawing)
        assert -128 <= left < right <= 128
        assert -128 <= top < bottom <= 128
    left, _, right, _ = box_of(pictures.path("icon:lighthouse", 512))
    assert right - left > 200
    with Image.open(pictures.raster("emoji:octopus")) as image:
        assert image.size == (256, 256)
        assert "A" in image.getbands()
    with pytest.raises(KeyError):
        pictures.raster("emoji:../../../etc/passwd")


def _casting(own: tuple[OwnMedia, ...] = (), lately: frozenset[str] = frozenset()) -> Casting:
    needs = (
        Need("octopus", "Three hearts", "An octopus has three hearts.", CardKind.HOOK),
        Need("octopus heart", "Blue blood", "The octopus pumps blue blood.", CardKind.STATEMENT),
        Need("", "Tea or coffee", "Tea or coffee?", CardKind.COMPARE),
        Need("lighthouse", "The last light", "This lighthouse still shines.", CardKind.PICTURE),
        Need("", "Follow us", "Follow for more.", CardKind.END),
    )
    return Casting(needs, own, lately, "emoji")


def test_a_name_is_no_picture_of_the_thing_it_sounds_like(pictures: Pictures) -> None:
    said = ("Mr. Bell built a machine.", "The patent made Bell rich.", "Then the Moon rang like a bell tower.")
    assert names(said[:2]) == {"bell"}
    assert names(said) == frozenset(), "once it is written small it is a thing"
    needs = tuple(Need("bell machine", "", sentence, CardKind.STATEMENT) for sentence in said[:2])
    shown = [cast.shot.picture for cast in cast_pictures(Casting(needs, (), frozenset(), "icon"), pictures, MiniLm())]
    assert not any("bell" in name for name in shown), shown


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_a_shorts_picture_takes_a_good_part_of_the_width(look: str) -> None:
    """LOOKS: 35 to 55 % of the width."""
    emoji = Art("emoji:x", media=MediaRef("ab" * 32, 1, ".webp"), width_px=256, height_px=256, kind="emoji")
    for composition in ARRANGEMENTS:
        script = SceneScript("Bees make honey.", CardKind.STATEMENT, "Bees make honey", "bee")
        plan = ScenePlan(script, composition, (), 90, emoji, 3)
        scene = build_scene(plan, Brand(PALETTES["midnight"], LOOKS[look], "B", "Bees"), format=Format.VERTICAL, fps=30)
        shown = next(layer for layer in scene.layers if isinstance(layer, Picture))
        assert 0.35 <= shown.width / 1080 <= 0.62, composition


def test_no_picture_twice_in_a_video_and_none_where_there_is_no_room(pictures: Pictures) -> None:
    casts = cast_pictures(_casting(), pictures, MiniLm())
    shown = [cast.shot.picture for cast in casts]
    assert shown[0] == "emoji:octopus"
    assert shown[1] not in {"", "emoji:octopus"}
    assert shown[2] == shown[4] == ""
    assert all(cast.shot.score > 0.4 for cast in casts if cast.shot.picture)
    assert len({name for name in shown if name}) == len([name for name in shown if name])


def test_the_creators_own_picture_wins_where_it_belongs(pictures: Pictures) -> None:
    ref = MediaRef("ab" * 32, 10, ".jpg")
    mine = OwnMedia(ref, "image", "the lighthouse at night", 1200, 1600)
    other = OwnMedia(MediaRef("cd" * 32, 10, ".jpg"), "image", "tax return form", 1200, 1600)
    casts = cast_pictures(_casting((mine, other)), pictures, MiniLm())
    assert casts[3].own == mine
    assert casts[3].shot.picture == f"own:{ref.sha256}"
    assert casts[3].shot.origin is Origin.CREATOR
    assert [cast.own for cast in casts].count(other) == 1, "what fits nowhere is still shown"
    assert casts[0].own == other
    silent = OwnMedia(ref, "clip", "", 1080, 1920, 4.0)
    assert cast_pictures(_casting((silent,)), pictures, MiniLm())[0].own == silent


def test_the_channels_library_is_drawn_from_where_it_matches_and_only_there(pictures: Pictures) -> None:
    def kept(sign: str, words: str) -> OwnMedia:
        return OwnMedia(MediaRef(sign * 64, 10, ".png"), "image", words, 1200, 1600, licence="Ada – CC BY 4.0")

    light, again, tax = (
        kept("a", "the lighthouse at night"),
        kept("b", "lighthouse by day"),
        kept("c", "tax return form"),
    )
    drawn = cast_pictures(replace(_casting(), library=(light, again, tax)), pictures, MiniLm())
    assert drawn[3].own in {light, again}
    assert drawn[3].shot.licence == "Ada – CC BY 4.0"
    assert tax not in [cast.own for cast in drawn], "what fits nowhere is not shown"
    lately = frozenset({f"own:{light.media.sha256}", f"own:{again.media.sha256}"})
    rested = cast_pictures(replace(_casting(lately=lately), library=(light, again)), pictures, MiniLm())
    assert [cast.own for cast in rested] == [None] * 5
    given = cast_pictures(replace(_casting((again,)), library=(light, again)), pictures, MiniLm())
    assert given[3].own == again, "what came with the order goes first"
    assert [cast.own for cast in given].count(again) == 1
