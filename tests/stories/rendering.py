"""Small timelines for the stories of the renderer: silent, spoken by tones, 360×640."""

from __future__ import annotations

import io
import re
import subprocess
import wave
from pathlib import Path

import numpy as np
from PIL import Image

from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.production.looks import FONTS_DIR
from ytempire.production.model import Cue, Word
from ytempire.production.timeline import (
    Background,
    CaptionStyle,
    Gradient,
    Layer,
    Scene,
    Soundtrack,
    SpokenScene,
    Timeline,
)
from ytempire.providers.ffmpeg import FfmpegRenderer
from ytempire.providers.ffmpeg.ass import scene_document
from ytempire.providers.ffmpeg.run import ffmpeg_path

WIDTH, HEIGHT, FPS = 360, 640, 30
STYLE = CaptionStyle("Manrope ExtraBold", 28, "#ffffff", "#ffc93c", 170, 420, 240, 3, "#000000")
BLACK, WHITE = Gradient(("#000000",), 1), Gradient(("#ffffff",), 1)
DUSK = Gradient(("#0b1d51", "#e0437a"), 3)
RATE = 48_000


def renderer(folder: Path) -> FfmpegRenderer:
    media = LocalMediaStore(folder / "media", floor_bytes=0)
    return FfmpegRenderer(media, fonts=FONTS_DIR, draw=scene_document, scratch=folder / "scratch")


def scene(frames: int, background: Background = DUSK, *layers: Layer, cues: tuple[Cue, ...] = ()) -> Scene:
    return Scene(frames, background, layers, cues, STYLE)


def cue(text: str, start_s: float, end_s: float) -> Cue:
    tokens = text.split()
    each = (end_s - start_s) / len(tokens)
    words = tuple(Word(word, start_s + i * each, start_s + (i + 1) * each) for i, word in enumerate(tokens))
    return Cue(words, start_s, end_s)


def sound(media: LocalMediaStore, samples: np.ndarray, rate_hz: int = RATE) -> MediaRef:
    """Samples of -1 … 1 as a WAV of one channel and 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return media.put_bytes(out.getvalue(), ".wav")


def tone(seconds: float, hz: float, level: float = 0.3, rate_hz: int = RATE) -> np.ndarray:
    return level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz)


def photo(media: LocalMediaStore, width: int = 500, height: int = 800, seed: int = 0) -> MediaRef:
    small = np.random.default_rng(seed).integers(0, 255, (12, 8, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).save(out, "JPEG", quality=90)
    return media.put_bytes(out.getvalue(), ".jpg")


def timeline(
    scenes: list[Scene], voice: list[SpokenScene | None] | None = None, music: MediaRef | None = None
) -> Timeline:
    return Timeline(WIDTH, HEIGHT, FPS, tuple(scenes), Soundtrack(tuple(voice or [None] * len(scenes)), music))


async def whole(own: FfmpegRenderer, planned: Timeline) -> Path:
    """Every scene, the mix, the join: the finished file."""
    sizes = {"width": planned.width, "height": planned.height, "fps": planned.fps}
    scenes = [(await own.render_scene(one, **sizes)).media for one in planned.scenes]
    mixed = await own.mix(planned)
    joined = await own.join(scenes, mixed.media, fps=planned.fps)
    return own.media.path(joined.media)


def lumas(video: Path) -> np.ndarray:
    """Mean luma of each frame of the file (that they lie evenly from 0 on is checked on the index)."""
    done = subprocess.run(
        [
            ffmpeg_path(),
            "-nostdin",
            "-loglevel",
            "error",
            "-i",
            str(video),
            "-vf",
            "scale=8:8:flags=area,format=gray",
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-",
        ],
        capture_output=True,
        check=True,
    )
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, 64).mean(axis=1)


def samples(video: Path) -> np.ndarray:
    """The left channel, -1 … 1, as a player without edit lists plays it."""
    done = subprocess.run(
        [ffmpeg_path(), "-nostdin", "-loglevel", "error", "-i", str(video), "-vn", "-f", "f32le", "-ac", "2", "-"],
        capture_output=True,
        check=True,
    )
    return np.frombuffer(done.stdout, np.float32).reshape(-1, 2)[:, 0]


def loudness(video: Path) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBTP) by ebur128."""
    done = subprocess.run(
        [
            ffmpeg_path(),
            "-nostdin",
            "-i",
            str(video),
            "-vn",
            "-af",
            "ebur128=peak=true:framelog=quiet",
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", done.stderr)[-1]), float(
        re.findall(r"Peak:\s+(-?[\d.]+)", done.stderr)[-1]
    )
