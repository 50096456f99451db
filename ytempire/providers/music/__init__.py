"""Music that ships with the platform, as the port `MusicLibrary`."""

from ytempire.providers.music.library import Music

__all__ = ["Music"]
