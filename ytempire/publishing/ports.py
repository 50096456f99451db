"""What publishing needs from a video platform, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ytempire.channels.model import Channel
from ytempire.publishing.model import Provenance


@dataclass(frozen=True)
class Listing:
    """Everything that is said about a video when it is published."""

    title: str
    description: str
    tags: tuple[str, ...]
    category_id: str
    language: str
    visibility: str
    publish_at: datetime | None
    made_for_kids: bool
    synthetic_media: bool


@dataclass(frozen=True)
class RemoteVideo:
    """A video as the platform tells it back."""

    platform_id: str
    listing: Listing
    upload_status: str
    processing_status: str
    has_thumbnail: bool | None
    rejection: str = ""


@dataclass(frozen=True)
class UploadProgress:
    """Where a resumable session stands: bytes received, or finished with the video's id, or gone."""

    received_bytes: int
    platform_id: str = ""
    gone: bool = False


@dataclass(frozen=True)
class OwnUpload:
    """One of the channel's uploads, as far as finding our own again needs it."""

    platform_id: str
    tags: tuple[str, ...]
    uploaded_at: datetime


@dataclass(frozen=True)
class UploadsPage:
    """Up to 50 of the channel's uploads, newest first; `next_page` is empty on the last page."""

    uploads: tuple[OwnUpload, ...]
    next_page: str = ""


class VideoPlatform(Protocol):
    """A connected channel at YouTube (or its stand-in: the same client, another address).

    Each method is one call of the API, so that each can be held, settled and repeated on its own (`uploads_page` is
    three, whose sum is its price). Raises VendorRefused, OutcomeUnknown, NotConfigured (`channel_disconnected`).
    """

    stand_in: bool
    piece_bytes: int
    """Most that one `send` sends."""

    async def start_upload(self, listing: Listing, *, marker: str, size_bytes: int, provenance: Provenance) -> str:
        """Open a resumable session and return its address; the marker travels as a tag.

        Raises StandInRefused if the platform is the real one and the video is not.
        """
        ...

    async def ask_upload(self, session: str, *, size_bytes: int) -> UploadProgress:
        """What the session has received."""
        ...

    async def send(self, session: str, file: Path, *, offset_bytes: int) -> UploadProgress:
        """Send one piece from the offset on."""
        ...

    async def uploads_page(self, page: str = "") -> UploadsPage:
        """One page of the channel's own uploads, private ones included."""
        ...

    async def read(self, platform_id: str) -> RemoteVideo | None:
        """The video as it is there."""
        ...

    async def update(self, platform_id: str, listing: Listing, *, marker: str) -> None:
        """Set all fields anew."""
        ...

    async def set_thumbnail(self, platform_id: str, image: Path) -> None:
        """Give it its thumbnail."""
        ...

    async def find_playlist(self, title: str) -> str | None:
        """The id of the channel's playlist of that title."""
        ...

    async def make_playlist(self, title: str, visibility: str) -> str:
        """Make one."""
        ...

    async def in_playlist(self, playlist_id: str, platform_id: str) -> bool:
        """Whether the video is in it."""
        ...

    async def add_to_playlist(self, playlist_id: str, platform_id: str) -> None:
        """Put it there."""
        ...

    async def has_captions(self, platform_id: str, language: str) -> bool:
        """Whether it has a caption track of ours."""
        ...

    async def add_captions(self, platform_id: str, srt: Path, *, language: str, name: str) -> None:
        """Upload a caption track."""
        ...

    def address(self, platform_id: str) -> str:
        """Where people watch it."""
        ...


class Platforms(Protocol):
    """Connected channels' platforms."""

    async def of(self, channel: Channel) -> VideoPlatform:
        """The channel's platform. Raises NotConfigured if it is not connected, or connected to another one."""
        ...
