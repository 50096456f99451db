"""What may stand in a channel."""

from dataclasses import replace

import pytest

from ytempire.channels.model import Brand, Channel, Source
from ytempire.channels.rules import Choices, check_channel, contrast
from ytempire.kit.errors import BadInput
from ytempire.kit.ids import new_id

GOOD = Channel(id=new_id(), user_id=new_id(), handle="deep-sea", name="🧑‍🚀 Tiefsee & Co — «nuit»")
OFFERED = Choices(frozenset({"midnight"}), frozenset({"bold"}), frozenset({"calm"}))


def test_names_may_hold_joined_emoji_and_any_script():
    check_channel(GOOD, OFFERED)
    check_channel(replace(GOOD, name="深海", handle="a", playlist="Best ⭐"), Choices())


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", "Deep Sea"), ("handle", ""), ("handle", "-a"), ("handle", "a" * 41), ("name", " "),
        ("name", "x" * 101), ("name", "two\nlines"), ("language", "english please"), ("format", "4:3"),
        ("minutes", 0.0), ("minutes", 11), ("minutes", float("nan")), ("voice", "heart"),
        ("category_id", "education"), ("topics", ("",)), ("topics", ("x" * 301,)),
        ("sources", (Source("a", ""),)), ("sources", (Source("a", "b", "file:///etc/passwd"),)),
        ("playlist", "a<b"), ("brand", Brand(colours=("#fff",))), ("brand", Brand(palette="neon")),
        ("music_mood", "metal"),
        ("brand", Brand(colours=("#777777", "#777777", "#888888", "#000000", "#000000"))),
        ("brand", Brand(colours=("#000000", "#111111", "#ffffff", "#222222", "#ffffff"))),
        ("brand", Brand(colours=("#000000", "#111111", "#ffffff", "#ffffff", "#222222"))),
        ("intro", "x" * 161), ("intro", "two\nlines"), ("outro", "…!"), ("publish_hour", 24), ("publish_hour", -1),
        ("time_zone", "Mars/Olympus"), ("time_zone", "../../etc/passwd"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(field, value):
    with pytest.raises(BadInput) as refused:
        check_channel(replace(GOOD, **{field: value}), OFFERED)
    assert refused.value.field.split(".")[0] == field
    assert refused.value.fix


def test_a_voice_that_cannot_speak_the_language_is_refused():
    def speaks(voice: str, language: str) -> None:
        if (voice, language) != ("local:heart", "en"):
            raise BadInput("speaks English only", field="voice", fix="Choose another.")

    check_channel(GOOD, replace(OFFERED, speaks=speaks))
    with pytest.raises(BadInput, match="voice: speaks English only"):
        check_channel(replace(GOOD, language="de"), replace(OFFERED, speaks=speaks))
