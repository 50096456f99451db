"""The voice that needs no vendor, as the port `Voice`."""

from ytempire.providers.localvoice.voice import LocalVoice

__all__ = ["LocalVoice"]
