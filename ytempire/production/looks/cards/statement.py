"""One idea and the picture for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ytempire.production.looks.arrange import ARRANGEMENTS, say
from ytempire.production.looks.compose import Composition

COMPOSITIONS: Mapping[str, Composition] = {
    name: partial(say, arrangement=name, size=200, least=54, at=0.05) for name in ARRANGEMENTS
}
