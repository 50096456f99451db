"""ffmpeg: renders, mixes, joins, takes in, inspects."""

from ytempire.providers.ffmpeg.encoder import Encoder, choose_encoder
from ytempire.providers.ffmpeg.inspector import FfmpegInspector
from ytempire.providers.ffmpeg.renderer import FfmpegRenderer

__all__ = ["Encoder", "FfmpegInspector", "FfmpegRenderer", "choose_encoder"]
