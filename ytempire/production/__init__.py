"""Production: from a topic to a checked video file. This door holds what other features may use."""

from ytempire.production.order import OrderWishes, new_order
from ytempire.production.review import WaitsForReview
from ytempire.production.store import (
    StepRow,
    begin_step,
    claim_video,
    decide_video,
    end_step,
    find_videos_by_end,
    insert_video,
    move_video,
    scene_count,
    select_steps,
    select_video,
    select_videos,
    set_order,
    set_texts,
    step_result,
)

__all__ = [
    "OrderWishes",
    "StepRow",
    "WaitsForReview",
    "begin_step",
    "claim_video",
    "decide_video",
    "end_step",
    "find_videos_by_end",
    "insert_video",
    "move_video",
    "new_order",
    "scene_count",
    "select_steps",
    "select_video",
    "select_videos",
    "set_order",
    "set_texts",
    "step_result",
]
