"""The vendor's sound as samples: raw PCM as it is, WAV unpacked, MP3 through ffmpeg."""

from __future__ import annotations

import asyncio
import subprocess
import wave

import imageio_ffmpeg

from ytempire.kit.errors import OutcomeUnknown
from ytempire.production import Pcm, read_wav
from ytempire.providers.elevenlabs.refusals import VENDOR

DECODED_RATE_HZ = 24_000
_DECODE_MOST_S = 60
_LONGEST_S = 1_800
"""Of what a compressed sound is unpacked to: 86 MB of samples. A few bytes can stand for days of silence."""
_RATES_HZ = range(8_000, 48_001)


async def samples(data: bytes, output_format: str) -> Pcm:
    """Mono samples of an answer that was asked for as `output_format` (`pcm_24000`, `mp3_44100_128`).

    The bytes decide where they can: the history may give another format than was asked for. Raises OutcomeUnknown if
    nothing can be made of them: the speech was made, and paid, but is not in hand.
    """
    pcm = None
    try:
        if data[:4] == b"RIFF":
            pcm = read_wav(data)
        elif data[:3] == b"ID3" or (len(data) > 1 and data[0] == 0xFF and data[1] >= 0xE0 and _not_pcm(output_format)):
            pcm = await asyncio.to_thread(_from_mp3, data)
        else:
            kind, rate = [*output_format.split("_"), ""][:2]
            if kind == "pcm" and len(data) > 1:
                pcm = Pcm(data[: len(data) // 2 * 2], int(rate))
        if pcm is not None and pcm.sample_rate_hz not in _RATES_HZ:
            raise ValueError(f"{pcm.sample_rate_hz} samples a second are no speech")
    except (ValueError, OSError, EOFError, wave.Error, subprocess.SubprocessError) as error:
        raise OutcomeUnknown(f"ElevenLabs' sound can't be read: {error}", vendor=VENDOR) from error
    if pcm is None:
        raise OutcomeUnknown(f"ElevenLabs sent {len(data)} bytes that are no {output_format or 'sound'}", vendor=VENDOR)
    return pcm


def _not_pcm(output_format: str) -> bool:
    return not output_format.startswith("pcm")


def _from_mp3(data: bytes) -> Pcm:
    done = subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-protocol_whitelist", "pipe",
            "-f", "mp3", "-i", "pipe:0",
            "-t", str(_LONGEST_S), "-f", "s16le", "-ac", "1", "-ar", str(DECODED_RATE_HZ), "pipe:1",
        ],
        input=data, capture_output=True, check=True, timeout=_DECODE_MOST_S,
    )  # fmt: skip
    if not done.stdout:
        raise ValueError("the MP3 holds no sound")
    return Pcm(done.stdout, DECODED_RATE_HZ)
