"""The first card: understood within 1.5 s without sound, so its words are there almost at once and very large."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ytempire.production.looks.arrange import say
from ytempire.production.looks.compose import Composition

COMPOSITIONS: Mapping[str, Composition] = {
    name: partial(say, arrangement=name, size=230, least=64)
    for name in ("centre", "left-bleed", "lower-third", "diagonal", "words-first")
}
