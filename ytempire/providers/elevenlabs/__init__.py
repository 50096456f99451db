"""The vendor's voices (ElevenLabs), as the port `Voice`. Importing this takes most of a second: the SDK is large."""

from ytempire.providers.elevenlabs.relay import ElevenLabsRelay
from ytempire.providers.elevenlabs.voice import ElevenLabsVoice

__all__ = ["ElevenLabsRelay", "ElevenLabsVoice"]
