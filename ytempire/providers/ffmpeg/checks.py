"""What a finished file has to be: measured facts in, named figures with their limits out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ytempire.production.model import Check, Cue
from ytempire.production.timeline import Counter, Gradient, Layer, Move, Photo, Picture, Scene, Shape, Timeline
from ytempire.providers.ffmpeg.encoder import GOP_S
from ytempire.providers.ffmpeg.mp4 import Index
from ytempire.providers.ffmpeg.run import Ended

LONGEST_STILL_S = 1.5
DARK_LUMA = 0.1
SAMPLED_EVERY = 6
"""Black and frozen pictures are looked for in every sixth frame, small; all frames are decoded."""
SAMPLED_S = 0.21
"""A stretch may seem to last until the next frame looked at."""
SEEN_SHARE = 0.003
"""What covers less of the frame is a small mark: a calm scene may have some come and go and still look still."""
Stretch = tuple[float, float]


@dataclass(frozen=True)
class Measured:
    """What decoding found; times in seconds from the start, levels in LUFS and dBTP."""

    exit_code: int
    frames: int
    complaints: str
    loudness_lufs: float | None
    true_peak_db: float | None
    black: tuple[Stretch, ...]
    frozen: tuple[Stretch, ...]
    silent: tuple[Stretch, ...]


def read_passes(seen: Ended, heard: Ended | None, *, length_s: float) -> Measured:
    """What ffmpeg printed while decoding the picture with blackdetect and freezedetect, and the sound (None: there is
    none) with silencedetect and ebur128."""
    sound = heard.said if heard else ""
    frames = re.findall(r"frame=\s*(\d+)", seen.said)
    loud = re.findall(r"\bI:\s+(-?[\d.]+) LUFS", sound)
    peak = re.findall(r"\bPeak:\s+(-?[\d.]+) dBFS", sound)
    black = [(float(a), float(b)) for a, b in re.findall(r"black_start:([\d.]+) black_end:([\d.]+)", seen.said)]
    said = (seen.said + sound).splitlines()
    return Measured(
        exit_code=seen.code or (heard.code if heard else 0),
        frames=int(frames[-1]) if frames else 0,
        complaints="; ".join(line.strip() for line in said if "error" in line.lower())[:200],
        loudness_lufs=float(loud[-1]) if loud else None,
        true_peak_db=float(peak[-1]) if peak else None,
        black=tuple(black),
        frozen=_paired(seen.said, "freeze_start: ", "freeze_end: ", length_s),
        silent=_paired(sound, "silence_start: ", "silence_end: ", length_s),
    )


def _paired(said: str, start: str, end: str, length_s: float) -> tuple[Stretch, ...]:
    starts = [float(value) for value in re.findall(re.escape(start) + r"(-?[\d.]+)", said)]
    ends = [float(value) for value in re.findall(re.escape(end) + r"(-?[\d.]+)", said)]
    return tuple(zip(starts, [*ends, length_s][: len(starts)], strict=True))


def container_checks(index: Index, planned: Timeline) -> list[Check]:
    """Tags, GOP, order of boxes, formats, lengths."""
    video, sound = index.track("vide"), index.track("soun")
    if video is None or sound is None:
        return [Check("tracks", "a track is missing", "one picture and one sound track", passed=False)]
    gop = max(
        (b - a for a, b in zip(video.key_samples, (*video.key_samples[1:], video.samples), strict=True)), default=0
    )
    most_gop = planned.fps * GOP_S
    wanted_s = planned.duration_s
    colour = "missing" if video.colour is None else "{}/{}/{}{}".format(*video.colour[:3], " full" * video.colour[3])
    apart_ms = abs(video.duration_s - sound.duration_s) * 1000
    edited = video.edit_list or sound.edit_list
    shape = f"{video.codec} {video.width_px}×{video.height_px} profile {video.profile}"
    wanted_shape = f"avc1 {planned.width}×{planned.height} profile 100"
    heard = f"{sound.codec} {sound.sample_rate_hz} Hz {sound.channels} ch"
    return [
        Check(
            "length", f"{video.duration_s:.3f} s", f"{wanted_s:.3f} s ± 50 ms", abs(video.duration_s - wanted_s) <= 0.05
        ),
        Check("sound as long as picture", f"{apart_ms:.0f} ms apart", "≤ 50 ms", apart_ms <= 50),
        Check("picture starts", f"{video.first_s * 1000:.0f} ms", "0 ms", abs(video.first_s) < 0.001),
        Check("picture format", shape, wanted_shape, shape == wanted_shape),
        Check("even frames", "yes" if video.even else "no", "yes", video.even),
        Check("sound format", heard, "mp4a 48000 Hz 2 ch", heard == "mp4a 48000 Hz 2 ch"),
        Check("colour tags", colour, "1/1/1 (BT.709, limited range)", video.colour == (1, 1, 1, False)),
        Check("closed GOP", f"{gop} frames", f"≤ {most_gop} frames", 0 < gop <= most_gop),
        Check("faststart", "moov first" if index.moov_first else "moov last", "moov first", index.moov_first),
        Check("no edit list", "edit list" if edited else "none", "none", not edited),
    ]


def picture_checks(measured: Measured, planned: Timeline) -> list[Check]:
    """Decoding, black and frozen stretches."""
    frames = sum(scene.frames for scene in planned.scenes)
    whole = measured.exit_code == 0 and measured.frames == frames and not measured.complaints
    black = [one for one in measured.black if not _planned_black(one, planned)]
    stuck = [one for one in measured.frozen if one[1] - one[0] - SAMPLED_S > LONGEST_STILL_S]
    frozen = [one for one in stuck if not _planned_still(one, planned)]
    return [
        Check("decodes fully", f"{measured.frames} frames", f"{frames} frames", whole, measured.complaints),
        Check("no black picture", _listed(black), "none that was not planned", not black),
        Check("no frozen picture", _listed(frozen), f"none over {LONGEST_STILL_S} s unplanned", not frozen),
    ]


def sound_checks(measured: Measured, planned: Timeline, cues: Sequence[Cue]) -> list[Check]:
    """Loudness, peaks, silence."""
    lufs, peak = measured.loudness_lufs, measured.true_peak_db
    wanted = any(planned.sound.voice) or planned.sound.music is not None
    silent = [one for one in measured.silent if one[1] - one[0] > LONGEST_STILL_S]
    silent = [one for one in silent if not _planned_silence(one, planned, cues)]
    checks = [Check("no silent stretch", _listed(silent), f"none over {LONGEST_STILL_S} s unplanned", not silent)]
    if not wanted:
        note = "the video has neither voice nor music"
        return [Check("loudness", "-", "−14 ± 0.5 LUFS", passed=None, note=note), *checks]
    return [
        Check("loudness", _level(lufs, "LUFS"), "−14 ± 0.5 LUFS", lufs is not None and abs(lufs + 14) <= 0.5),
        Check("true peak", _level(peak, "dBTP"), "≤ −1.5 dBTP", peak is not None and peak <= -1.5),
        *checks,
    ]


def safe_area(width: int, height: int) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in pixels within which captions stay (LOOKS: a Short's buttons and title)."""
    if height > width:
        return 0.04 * width, 0.12 * height, 0.85 * width, 0.78 * height
    return 0.05 * width, 0.05 * height, 0.95 * width, 0.95 * height


def caption_area_check(boxes: Sequence[tuple[float, float, float, float]], width: int, height: int) -> Check:
    """`boxes`: left, top, right, bottom of the drawn captions, in pixels of the frame."""
    left, top, right, bottom = safe_area(width, height)
    limit = f"within x {left:.0f}–{right:.0f}, y {top:.0f}–{bottom:.0f}"
    if not boxes:
        return Check("captions in the safe area", "-", limit, passed=None, note="there are no captions")
    hull = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    inside = hull[0] >= left and hull[1] >= top and hull[2] <= right and hull[3] <= bottom
    return Check(
        "captions in the safe area", f"x {hull[0]:.0f}–{hull[2]:.0f}, y {hull[1]:.0f}–{hull[3]:.0f}", limit, inside
    )


def caption_sync(figure: str, *, passed: bool | None, note: str = "") -> Check:
    """The check of that name."""
    return Check("caption sync", figure, "median < 60 ms, p95 < 120 ms", passed, note)


def sync_check(errors_s: Sequence[float], words: int) -> Check:
    """Caption starts against the words heard in the finished file.

    Up to 5 % of the words may lie beyond p95's limit; of fewer than twenty, one.
    """
    if words == 0:
        return caption_sync("-", passed=None, note="there are no captions")
    if len(errors_s) < 0.8 * words:
        note = f"the aligner found {len(errors_s)} of {words} words"
        return caption_sync("not measured", passed=None, note=note)
    ordered = sorted(abs(error) for error in errors_s)
    beyond = max(1, int(0.05 * len(ordered)))
    middle, high = median(ordered), ordered[max(0, len(ordered) - 1 - beyond)]
    figure = f"median {middle * 1000:.0f} ms, p95 {high * 1000:.0f} ms"
    passed = middle < 0.060 and high < 0.120
    return caption_sync(figure, passed=passed, note=f"{len(ordered)} of {words} words found")


def _planned_black(stretch: Stretch, planned: Timeline) -> bool:
    return all(
        isinstance(scene.background, Gradient) and all(_luma(colour) < DARK_LUMA for colour in scene.background.colours)
        for scene, begin, end in _placed(planned)
        if begin < stretch[1] - SAMPLED_S and end > stretch[0]
    )


def _planned_still(stretch: Stretch, planned: Timeline) -> bool:
    """The plan shows nothing new inside: no cut, no moving photograph, fewer than two layers that come or go and are
    large enough to be seen in the small pictures that are compared."""
    first, last = stretch[0] + 0.4, stretch[1] - 0.4
    for scene, begin, end in _placed(planned):
        if end <= first or begin >= last:
            continue
        if first < begin < last:
            return False
        if isinstance(scene.background, Photo) and scene.background.move is not Move.STILL:
            return False
        if sum(first < begin + at_s < last for at_s in _layer_changes(scene, planned.width * planned.height)) >= 2:
            return False
    return True


def _layer_changes(scene: Scene, frame_px: int) -> list[float]:
    found = []
    for layer in scene.layers:
        if _area_px(layer) < SEEN_SHARE * frame_px:
            continue
        timing = layer.text.timing if isinstance(layer, Counter) else layer.timing
        found.append(timing.start_s)
        if timing.end_s is not None:
            found.append(timing.end_s)
    return found


def _area_px(layer: Layer) -> float:
    """Roughly what a layer covers; a shape's outline gives its extent, a faint one counts for less."""
    if isinstance(layer, Picture):
        return layer.width * layer.height * layer.opacity
    if isinstance(layer, Shape):
        numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", layer.path)]
        xs, ys = numbers[0::2], numbers[1::2]
        wide, tall = (max(some) - min(some) if some else 0.0 for some in (xs, ys))
        return wide * tall * layer.scale**2 * layer.opacity
    text = layer.text if isinstance(layer, Counter) else layer
    letters = 4 if isinstance(layer, Counter) else sum(map(len, text.lines))
    return letters * 0.5 * text.size_px**2 * text.opacity


def _planned_silence(stretch: Stretch, planned: Timeline, cues: Sequence[Cue]) -> bool:
    """Without music, silence is planned where no caption stands; with music only in the fade at the very end."""
    if planned.sound.music is not None:
        return stretch[0] > planned.duration_s - 2
    spoken = sum(max(0.0, min(cue.end_s, stretch[1]) - max(cue.start_s, stretch[0])) for cue in cues)
    return spoken < 0.5


def _placed(planned: Timeline) -> list[tuple[Scene, float, float]]:
    starts = planned.starts_s()
    return [
        (scene, start, start + scene.frames / planned.fps) for scene, start in zip(planned.scenes, starts, strict=True)
    ]


def _luma(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _listed(stretches: Sequence[Stretch]) -> str:
    return ", ".join(f"{first:.1f}–{last:.1f} s" for first, last in stretches[:5]) or "none"


def _level(value: float | None, unit: str) -> str:
    return f"not readable in {unit}" if value is None else f"{value:.1f} {unit}".replace("-", "−")
