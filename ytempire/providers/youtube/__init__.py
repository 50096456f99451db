"""YouTube through Google's own client: consent, upload, listing, thumbnail, playlist, captions.

Not affiliated with or endorsed by YouTube or Google. The sandbox is reached by the same code at another address.
"""

from ytempire.providers.youtube.consent import GoogleConsent
from ytempire.providers.youtube.endpoints import Endpoints
from ytempire.providers.youtube.platform import YouTube, YouTubeChannels
from ytempire.providers.youtube.rehearsal import (
    REHEARSAL_CLIENT_ID,
    REHEARSAL_CLIENT_SECRET,
    approve_by_itself,
    connect_stand_in,
)
from ytempire.providers.youtube.side import YouTubeSide, youtube_side

__all__ = [
    "REHEARSAL_CLIENT_ID",
    "REHEARSAL_CLIENT_SECRET",
    "Endpoints",
    "GoogleConsent",
    "YouTube",
    "YouTubeChannels",
    "YouTubeSide",
    "approve_by_itself",
    "connect_stand_in",
    "youtube_side",
]
