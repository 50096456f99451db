"""Media that nobody looks at, made in no time: for the simulator, which plays months and has no hours to render.

What they make bears the origin `stand_in`, so nothing of it can reach the real YouTube.
"""

from ytempire.providers.standin.inspector import StandInAligner, StandInInspector
from ytempire.providers.standin.pictures import StandInPictures
from ytempire.providers.standin.renderer import StandInRenderer, stand_in_ground
from ytempire.providers.standin.vendors import SandboxVendors
from ytempire.providers.standin.voice import StandInVoice

__all__ = [
    "SandboxVendors",
    "StandInAligner",
    "StandInInspector",
    "StandInPictures",
    "StandInRenderer",
    "StandInVoice",
    "stand_in_ground",
]
