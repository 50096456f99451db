"""Scenes and sound into the finished file, without encoding anything."""

from __future__ import annotations

TICKS_PER_FRAME = 20
"""Few, so that a time in microseconds, as the concat demuxer counts, always falls on the right one."""


def concat_list(frames: list[int], fps: int) -> str:
    """The list for ffmpeg's concat demuxer: only names and lengths of ours."""
    lines = ["ffconcat version 1.0"]
    for index, count in enumerate(frames):
        lines += [f"file part{index}.mp4", f"duration {count / fps:.6f}"]
    return "\n".join(lines) + "\n"


def command(*, fps: int, output: str) -> list[str]:
    """Copy packets; moov first; negative composition offsets instead of an edit list, which players treat unalike."""
    return [
        *("-loglevel", "error", "-f", "concat", "-safe", "1", "-i", "parts.ffconcat", "-i", "sound.mp4"),
        *("-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-map_metadata", "-1"),
        *("-video_track_timescale", str(TICKS_PER_FRAME * fps), "-use_editlist", "0"),
        *("-movflags", "+faststart+negative_cts_offsets", output),
    ]
