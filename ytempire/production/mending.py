"""Which step made what the gate refused: pure, so that a retry begins where something else can come out."""

from __future__ import annotations

from collections.abc import Iterable

from ytempire.production.model import Check, StepName

MAKERS = (
    ("caption sync", StepName.VOICE),
    ("captions cover", StepName.VOICE),
    ("no silent stretch", StepName.VOICE),
    ("no black picture", StepName.VISUALS),
    ("no frozen picture", StepName.VISUALS),
    ("captions in the safe area", StepName.VISUALS),
    ("loudness", StepName.VISUALS),
    ("true peak", StepName.VISUALS),
    ("thumbnail", StepName.THUMBNAIL),
)
"""How a check's name begins, and who decided what it measures: word times come from the voice, layout and music from
the visuals step. Everything else is a property of the file."""
_ORDER = tuple(StepName)


def maker_of(checks: Iterable[Check]) -> StepName:
    """The earliest step that decided one of these failed checks; the rendered file's own faults are the renderer's."""
    makers = {
        next((maker for start, maker in MAKERS if check.name.startswith(start)), StepName.RENDER) for check in checks
    }
    return min(makers, key=_ORDER.index, default=StepName.RENDER)
