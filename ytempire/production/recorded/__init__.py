"""What the steps of a video left: a row for each step and its inputs, with the result or why there is none."""

from ytempire.production.recorded.store import (
    MadeFiles,
    StepRow,
    begin_step,
    end_step,
    fail_step,
    forgive_tries,
    made_of,
    newest_steps,
    passed_files,
    recent_results,
    scene_count,
    select_files,
    select_steps,
    steps_now,
    use_step,
)

__all__ = [
    "MadeFiles",
    "StepRow",
    "begin_step",
    "end_step",
    "fail_step",
    "forgive_tries",
    "made_of",
    "newest_steps",
    "passed_files",
    "recent_results",
    "scene_count",
    "select_files",
    "select_steps",
    "steps_now",
    "use_step",
]
