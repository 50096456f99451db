"""A channel's own pictures, clips and logo."""

from ytempire.channels.media.keep import (
    archive_media,
    change_media,
    drop_logo,
    keep_logo,
    keep_media,
    library_of,
    logo_of,
    look_at_media,
    named_media,
    page_of_media,
)

__all__ = [
    "archive_media",
    "change_media",
    "drop_logo",
    "keep_logo",
    "keep_media",
    "library_of",
    "logo_of",
    "look_at_media",
    "named_media",
    "page_of_media",
]
