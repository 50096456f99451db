"""The steps of production, in order."""

from __future__ import annotations

from ytempire.production import captions, quality, render, review, script, thumbnail, topic, visuals, voice
from ytempire.production.step import Step

STEPS: tuple[Step, ...] = (
    topic.STEP,
    script.STEP,
    voice.STEP,
    visuals.STEP,
    captions.STEP,
    render.STEP,
    thumbnail.STEP,
    quality.STEP,
    review.STEP,
)
