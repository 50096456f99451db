"""Rasters over the ground: box, entrance and exit as numeric expressions of ours."""

from __future__ import annotations

import math

from ytempire.production.timeline import Enter, Picture, Timing

MOVE_PX = 70
ROUNDING_S = 0.001
"""A frame's time n/fps isn't before a time that was rounded to four places and means that frame."""
SOFT = {Enter.FADE, Enter.RISE, Enter.DROP, Enter.FROM_LEFT, Enter.FROM_RIGHT}
GROWING = {Enter.POP, Enter.GROW_UP, Enter.GROW_RIGHT}


def picture_chain(picture: Picture, *, fps: int, length_s: float) -> str:
    """From the decoded still to a stream with alpha, ready to be laid over; `{select}` as in the ground."""
    timing = picture.timing
    width, height = max(2, round(picture.width)), max(2, round(picture.height))
    chain = (
        f"scale={width}:{height}:force_original_aspect_ratio=decrease:flags=lanczos"
        ":out_color_matrix=bt709:out_range=tv,format=yuva420p"
    )
    if picture.opacity < 1:
        chain += f",lutyuv=a='val*{max(0.0, picture.opacity):.4f}'"
    chain += f",loop=loop=-1:size=1,setpts=N/({fps}*TB),{{select}}null"
    end_s = length_s if timing.end_s is None else timing.end_s
    if timing.enter in GROWING:
        size = _grown(timing)
        chain += f",scale=w='max(2\\,2*floor(iw*{size}/2))':h='max(2\\,2*floor(ih*{size}/2))':eval=frame:flags=bilinear"
    fade_s = timing.enter_s * 0.8 - timing.ahead_s
    if timing.enter in SOFT | GROWING and fade_s > 0:
        chain += f",fade=t=in:st={timing.start_s:.4f}:d={max(0.034, fade_s):.4f}:alpha=1"
    if timing.leave is not Enter.NONE:
        leave_s = max(0.034, timing.leave_s)
        chain += f",fade=t=out:st={max(0.0, end_s - leave_s):.4f}:d={leave_s:.4f}:alpha=1"
    return chain


def overlay(picture: Picture, *, length_s: float) -> str:
    """The overlay filter that puts a prepared picture in the middle of its box."""
    timing = picture.timing
    end_s = length_s if timing.end_s is None else timing.end_s
    x = f"{picture.x + picture.width / 2:.3f}-w/2"
    y = f"{picture.y + picture.height / 2:.3f}-h/2"
    left = f"pow(1-clip((t-{timing.start_s - timing.ahead_s:.4f})/{max(0.034, timing.enter_s):.4f}\\,0\\,1)\\,3)"
    if timing.enter is Enter.RISE:
        y += f"+{MOVE_PX}*{left}"
    elif timing.enter is Enter.DROP:
        y += f"-{MOVE_PX}*{left}"
    elif timing.enter is Enter.FROM_LEFT:
        x += f"-{2 * MOVE_PX}*{left}"
    elif timing.enter is Enter.FROM_RIGHT:
        x += f"+{2 * MOVE_PX}*{left}"
    drift_x, drift_y = timing.drift_px
    if drift_x or drift_y:
        share = f"clip((t-{timing.start_s:.4f})/{max(0.034, end_s - timing.start_s):.4f}\\,0\\,1)"
        x += f"+({drift_x:.3f})*{share}"
        y += f"+({drift_y:.3f})*{share}"
    live = f"gte(t\\,{timing.start_s - ROUNDING_S:.4f})*lt(t\\,{end_s - ROUNDING_S:.4f})"
    return f"overlay=x='{x}':y='{y}':format=yuv420:eval=frame:repeatlast=1:enable='{live}'"


def changing_frames(picture: Picture, *, frames: int, fps: int) -> frozenset[int]:
    """Frames in which the picture is not as it was the frame before."""
    timing = picture.timing
    end_s = frames / fps if timing.end_s is None else timing.end_s
    if any(timing.drift_px):
        stretches = [(timing.start_s, end_s)]
    else:
        entered_s = timing.start_s + (0 if timing.enter is Enter.NONE else timing.enter_s)
        leaving_s = end_s - (0 if timing.leave is Enter.NONE else timing.leave_s)
        stretches = [(timing.start_s, entered_s), (leaving_s, end_s)]
    found: set[int] = set()
    for first_s, last_s in stretches:
        found.update(range(math.floor(first_s * fps) - 1, math.ceil(last_s * fps) + 2))
    return frozenset(frame for frame in found if 0 <= frame < frames)


def _grown(timing: Timing) -> str:
    """Size over time: from 70 % past 100 % to 100 %, as `Enter.POP` says."""
    share = f"clip((t-{timing.start_s - timing.ahead_s:.4f})/{max(0.034, timing.enter_s):.4f}\\,0\\,1)"
    if timing.enter is not Enter.POP:
        return f"(1-0.9*pow(1-{share}\\,3))"
    return f"if(lt({share}\\,0.7)\\,0.7+0.36*{share}/0.7\\,1.06-0.06*({share}-0.7)/0.3)"
