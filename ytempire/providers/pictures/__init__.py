"""Licensed pictures that ship with the platform: vector icons and 3D emoji, found by meaning."""

from ytempire.providers.pictures.library import Pictures

__all__ = ["Pictures"]
