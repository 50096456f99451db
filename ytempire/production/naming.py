"""What a video's files are called where they leave the store, in which they are called by their content."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID


def file_name(handle: str, title: str, video_id: UUID, suffix: str, *, part: str = "") -> str:
    """`deep-sea-why-squid-glow-3d4e5f6a.mp4`: plain ASCII that every file system takes."""
    name = f"{handle}-{_slug(title)}-{str(video_id)[-8:]}"
    return f"{name}-{part}{suffix}" if part else f"{name}{suffix}"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "video"
