"""A channel's own first and last line around any script."""

from dataclasses import replace

import pytest

from ytempire.production.model import CardKind, Script
from ytempire.production.scripting import director
from ytempire.production.scripting.lines import sentence, with_lines, words_of
from ytempire.production.scripting.model import ScriptResult, Trace

SPOKEN = (
    "Why is the deep sea dark?", "Blue light reaches 200 meters.", "Red light stops at 10 meters.",
    "So the rest is night.",
)  # fmt: skip


def result(sentences: tuple[str, ...] = SPOKEN, *, traced: bool = True) -> ScriptResult:
    scenes = director.direct(sentences)
    script = Script("T", ("T",), "", (), scenes, (), "en")
    traces = tuple(Trace(at, "S", text) for at, text in enumerate(sentences)) if traced else ()
    return ScriptResult(script, "model", ("cheap",), traces, ())


def test_the_lines_are_the_first_and_last_sentence_and_the_end_card_moves() -> None:
    framed = with_lines(result(), "Welcome  to Fathom Minute", "Come back tomorrow!")
    scenes = framed.script.scenes
    assert [scene.sentence for scene in scenes] == ["Welcome to Fathom Minute.", *SPOKEN, "Come back tomorrow!"]
    assert [scene.card for scene in scenes].count(CardKind.END) == 1
    assert scenes[-1].card is CardKind.END
    assert scenes[1].card is CardKind.HOOK
    for trace in framed.traced:
        assert not trace.quote or scenes[trace.scene_index].sentence == trace.quote
    assert [trace.scene_index for trace in framed.traced] == list(range(6))


def test_without_lines_nothing_changes_and_no_line_is_said_twice() -> None:
    assert with_lines(result(), "", " ") == result()
    assert with_lines(result(), "why is the deep sea dark", "So the rest is night!") == result()
    once = with_lines(result(traced=False), "Hello.", "Bye.")
    assert once.traced == ()
    assert with_lines(once, "Hello.", "Bye.") == once


@pytest.mark.parametrize(
    ("line", "spoken"),
    [("Hello", "Hello."), ("Ready?", "Ready?"), ("«Salut»", "«Salut»"), ("深海へ。", "深海へ。"), ("", "")],
)
def test_a_line_ends_as_a_sentence_does(line: str, spoken: str) -> None:
    assert sentence(line) == spoken


def test_their_words_are_taken_off_the_length() -> None:
    assert words_of("Welcome to Fathom Minute.", "", "Come back tomorrow!") == 7
    other = replace(result(), route="own")
    assert with_lines(other, "Hi.", "").route == "own"
