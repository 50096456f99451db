"""Filter chains for what fills the frame. Everything is 4:2:0 in BT.709 limited range from the start on."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.kit.media_store import MediaRef
from ytempire.production.timeline import Background, Clip, Gradient, Inset, Move, Photo

TAGS = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
TO_YUV = "out_color_matrix=bt709:out_range=tv"
GRADIENT_SHARE = 8
"""A gradient is computed at an eighth of the size; it is soft, so nothing is lost."""
GRADIENT_TICK = 3
"""It moves every third frame: slower than one grey level a frame, so nobody sees the difference."""
PAN_SHARE = 0.15
ZOOM_SHARE = 0.12
BLUR_SHARE = 20
"""What surrounds an inset picture is blurred at a twentieth of the size."""


@dataclass(frozen=True)
class Ground:
    """Inputs (options, media or None for a generator's own address) and the chain; `{select}` in it is where frames are
    let through and the source ends."""

    options: tuple[str, ...]
    media: MediaRef | None
    source: str
    chain: str
    changes_every: int
    """Frames from one change to the next; 0: it stands still."""


def ground(background: Background, *, frames: int, width: int, height: int, fps: int) -> Ground:
    """How this background is made, `frames` long or longer."""
    if isinstance(background, Gradient):
        return _gradient(background, width=width, height=height, fps=fps)
    if isinstance(background, Photo):
        return _photo(background, frames=frames, width=width, height=height, fps=fps)
    return _clip(background, width=width, height=height, fps=fps)


def _gradient(background: Gradient, *, width: int, height: int, fps: int) -> Ground:
    colours = background.colours if len(background.colours) > 1 else background.colours * 2
    small_width, small_height = _even(width / GRADIENT_SHARE), _even(height / GRADIENT_SHARE)
    stops = ":".join(f"c{index}={hex_colour(colour)}" for index, colour in enumerate(colours[:8]))
    source = (
        f"gradients=s={small_width}x{small_height}:{stops}:n={min(len(colours), 8)}:type={_kind(background.kind)}"
        f":speed={background.speed:.5f}:seed={background.seed % 2**31}:r={fps}"
    )
    chain = f"scale={small_width}:{small_height}:{TO_YUV},format=yuv420p,{{select}}scale={width}:{height}:flags=bicubic"
    return Ground(("-f", "lavfi"), None, source, chain, changes_every=GRADIENT_TICK)


def _photo(background: Photo, *, frames: int, width: int, height: int, fps: int) -> Ground:
    move = Move.STILL if background.inset else background.move
    zooms = move in {Move.ZOOM_IN, Move.ZOOM_OUT}
    # A pan goes a whole number of pixels each frame: an uneven step is seen as a stutter.
    pan_x = _steps(width * PAN_SHARE, frames) if move in {Move.PAN_LEFT, Move.PAN_RIGHT} else (0, 1, 0)
    pan_y = _steps(height * PAN_SHARE, frames) if move in {Move.PAN_UP, Move.PAN_DOWN} else (0, 1, 0)
    big_width, big_height = _even(width + pan_x[2]), _even(height + pan_y[2])
    still = (
        f"scale={big_width}:{big_height}:force_original_aspect_ratio=increase:flags=lanczos:{TO_YUV}"
        f",crop={big_width}:{big_height},format=yuv420p{_tint(background.tint, background.tint_opacity)}"
    )
    if background.inset:
        still = _inset(background.inset, _tint(background.tint, background.tint_opacity), width=width, height=height)
    chain = f"{still},loop=loop=-1:size=1,setpts=N/({fps}*TB),{{select}}"
    if zooms:
        chain += _zoom(move, frames=frames, width=width, height=height)
    elif pan_x[2] or pan_y[2]:
        x, y = _place(move is Move.PAN_LEFT, pan_x), _place(move is Move.PAN_UP, pan_y)
        chain += f"crop={width}:{height}:x='{x}':y='{y}':exact=1"
    else:
        chain += "null"
    options = ("-f", "image2", "-pattern_type", "none", "-framerate", str(fps), "-threads", "1")
    return Ground(options, background.media, "", chain, changes_every=int(move is not Move.STILL))


def _zoom(move: Move, *, frames: int, width: int, height: int) -> str:
    """Scale to an even size of each frame and cut out the middle: steps of one pixel on either side, so that the
    centre stands still."""
    share = f"{ZOOM_SHARE}*min(n\\,{frames - 1})/{max(1, frames - 1)}"
    factor = f"(1+{share})" if move is Move.ZOOM_IN else f"({1 + ZOOM_SHARE}-{share})"
    w, h = f"2*floor({width / 2}*{factor})", f"2*floor({height / 2}*{factor})"
    return (
        f"scale=w='max({width}\\,{w})':h='max({height}\\,{h})':eval=frame:flags=fast_bilinear"
        f",crop={width}:{height}:x='({w}-{width})/2':y='({h}-{height})/2':exact=1"
    )


def _clip(background: Clip, *, width: int, height: int, fps: int) -> Ground:
    tint = _tint(background.tint, background.tint_opacity)
    filled = (
        f"scale={width}:{height}:force_original_aspect_ratio=increase:flags=bicubic:{TO_YUV}"
        f",crop={width}:{height},setsar=1,format=yuv420p{tint}"
    )
    shown = _inset(background.inset, tint, width=width, height=height) if background.inset else filled
    chain = f"fps={fps},{shown},setpts=N/({fps}*TB),{{select}}null"
    options: tuple[str, ...] = ("-stream_loop", "-1", "-threads", "1", "-an")
    if background.start_s > 0:
        options += ("-ss", f"{background.start_s:.3f}")
    return Ground(options, background.media, "", chain, changes_every=1)


def _inset(inset: Inset, tint: str, *, width: int, height: int) -> str:
    """The whole picture at its place, over itself blurred and tinted."""
    small_width, small_height = _even(width / BLUR_SHARE), _even(height / BLUR_SHARE)
    edge = inset.edge_px
    return (
        f"split[around][whole];[around]scale={small_width}:{small_height}:force_original_aspect_ratio=increase"
        f":flags=area:{TO_YUV},crop={small_width}:{small_height},setsar=1,format=yuv420p,gblur=sigma=2{tint}"
        f",scale={width}:{height}:flags=bicubic[blurred]"
        f";[whole]scale={inset.width}:{inset.height}:flags=lanczos:{TO_YUV},setsar=1,format=yuv420p"
        f",pad=iw+{2 * edge}:ih+{2 * edge}:{edge}:{edge}:{hex_colour(inset.edge_colour)}[framed]"
        f";[blurred][framed]overlay={inset.x - edge}:{inset.y - edge}:format=yuv420"
    )


def _tint(colour: str, opacity: float) -> str:
    """Blend towards a colour by a table per plane."""
    if opacity <= 0:
        return ""
    keep = 1 - min(opacity, 1.0)
    y, u, v = bt709(colour)
    parts = (
        f"{plane}='val*{keep:.4f}+{value * (1 - keep):.3f}'" for plane, value in zip("yuv", (y, u, v), strict=True)
    )
    return ",lutyuv=" + ":".join(parts)


def bt709(colour: str) -> tuple[float, float, float]:
    """`#rrggbb` as limited-range Y, Cb, Cr (ITU-R BT.709-6, item 3)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748


def hex_colour(colour: str) -> str:
    """`#rrggbb` as ffmpeg writes it."""
    return f"0x{int(colour[1:7], 16):06x}"


def _steps(wanted: float, frames: int) -> tuple[int, int, int]:
    """Pixels a step, frames a step, and pixels in all, nearest to the wanted way: even steps whatever the length."""
    each = wanted / max(1, frames)
    step, every = (max(1, round(each)), 1) if each >= 0.75 else (1, max(1, round(1 / each)))
    return step, every, step * (max(0, frames - 1) // every)


def _place(forward: bool, way: tuple[int, int, int]) -> str:
    step, every, whole = way
    gone = f"floor(n/{every})*{step}"
    return f"min({gone}\\,{whole})" if forward else f"max({whole}-{gone}\\,0)"


def _kind(kind: str) -> str:
    return kind if kind in {"linear", "radial", "circular", "spiral"} else "linear"


def _even(value: float) -> int:
    return max(2, round(value / 2) * 2)
