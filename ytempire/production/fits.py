"""What production can do with a channel's character: the names that may stand in it."""

from __future__ import annotations

from ytempire.channels import Choices
from ytempire.production.looks import LOOKS, PALETTES
from ytempire.production.order import check_voice
from ytempire.production.step import Tools


def channel_choices(tools: Tools) -> Choices:
    """Palettes, looks, moods and voices of this installation, for the verbs that store a channel."""
    return Choices(
        palettes=frozenset(PALETTES),
        looks=frozenset(LOOKS),
        moods=frozenset(tools.music.moods()),
        speaks=lambda voice, language: check_voice(tools, voice, language),
    )
