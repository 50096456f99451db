"""Production: from a topic to a checked video file. This door holds what other features may use."""

from ytempire.production.artifacts import CacheRate, platform_rates, user_rates
from ytempire.production.cutting import is_silent
from ytempire.production.fits import channel_choices
from ytempire.production.handing_in import (
    Handed,
    ScriptBrief,
    VoiceBrief,
    script_brief,
    voice_brief,
    with_draft,
    with_recordings,
)
from ytempire.production.look import look_at_files, look_at_script, look_at_voice
from ytempire.production.naming import file_name
from ytempire.production.order import OrderWishes, check_signs, check_voice, new_order, own_media
from ytempire.production.recorded import (
    MadeFiles,
    StepRow,
    begin_step,
    end_step,
    fail_step,
    forgive_tries,
    made_of,
    newest_steps,
    scene_count,
    select_files,
    select_steps,
    steps_now,
    use_step,
)
from ytempire.production.review import WaitsForReview
from ytempire.production.store import (
    claim_video,
    decide_video,
    find_videos_by_end,
    insert_video,
    move_video,
    read_order,
    select_video,
    select_videos,
    set_order,
    set_texts,
    state_of,
)
from ytempire.production.wav import Pcm, read_wav, write_wav

__all__ = [
    "CacheRate",
    "Handed",
    "MadeFiles",
    "OrderWishes",
    "Pcm",
    "ScriptBrief",
    "StepRow",
    "VoiceBrief",
    "WaitsForReview",
    "begin_step",
    "channel_choices",
    "check_signs",
    "check_voice",
    "claim_video",
    "decide_video",
    "end_step",
    "fail_step",
    "file_name",
    "find_videos_by_end",
    "forgive_tries",
    "insert_video",
    "is_silent",
    "look_at_files",
    "look_at_script",
    "look_at_voice",
    "made_of",
    "move_video",
    "new_order",
    "newest_steps",
    "own_media",
    "platform_rates",
    "read_order",
    "read_wav",
    "scene_count",
    "script_brief",
    "select_files",
    "select_steps",
    "select_video",
    "select_videos",
    "set_order",
    "set_texts",
    "state_of",
    "steps_now",
    "use_step",
    "user_rates",
    "voice_brief",
    "with_draft",
    "with_recordings",
    "write_wav",
]
