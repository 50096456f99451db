"""What the steps of a video left: a row for each step and its inputs, with the result or why there is none."""

from ytempire.production.recorded.store import (
    MadeFile,
    StepRow,
    begin_step,
    change_results,
    end_step,
    fail_step,
    forgive_tries,
    recent_results,
    scene_count,
    select_files,
    select_steps,
    step_result,
)

__all__ = [
    "MadeFile",
    "StepRow",
    "begin_step",
    "change_results",
    "end_step",
    "fail_step",
    "forgive_tries",
    "recent_results",
    "scene_count",
    "select_files",
    "select_steps",
    "step_result",
]
