"""The calls the sandbox knows, by the names its faults and books use.

A name is the vendor's own: the method's path in the vendor's SDK (`chat.completions.create`, `videos.insert`).
"""

import re
from typing import Final

_VIDEO_UPLOAD = "/google/(?:resumable/)?upload/youtube/v3/videos"

OPERATIONS: Final[tuple[tuple[str, str, str, str], ...]] = (
    # vendor, operation, HTTP method, path
    ("openai", "models.list", "GET", "/openai/v1/models"),
    ("openai", "models.retrieve", "GET", "/openai/v1/models/[^/]+"),
    ("openai", "chat.completions.create", "POST", "/openai/v1/chat/completions"),
    ("openai", "chat.completions.list", "GET", "/openai/v1/chat/completions"),
    ("openai", "chat.completions.retrieve", "GET", "/openai/v1/chat/completions/[^/]+"),
    ("openai", "chat.completions.update", "POST", "/openai/v1/chat/completions/[^/]+"),
    ("openai", "chat.completions.delete", "DELETE", "/openai/v1/chat/completions/[^/]+"),
    ("openai", "chat.completions.messages.list", "GET", "/openai/v1/chat/completions/[^/]+/messages"),
    ("openai", "responses.create", "POST", "/openai/v1/responses"),
    ("openai", "responses.retrieve", "GET", "/openai/v1/responses/[^/]+"),
    ("openai", "images.generate", "POST", "/openai/v1/images/generations"),
    (
        "elevenlabs",
        "text_to_speech.convert_with_timestamps",
        "POST",
        "/elevenlabs/v1/text-to-speech/[^/]+/with-timestamps",
    ),
    ("elevenlabs", "models.list", "GET", "/elevenlabs/v1/models"),
    ("elevenlabs", "voices.get_all", "GET", "/elevenlabs/v1/voices"),
    ("elevenlabs", "voices.get", "GET", "/elevenlabs/v1/voices/[^/]+"),
    ("elevenlabs", "user.subscription.get", "GET", "/elevenlabs/v1/user/subscription"),
    ("elevenlabs", "history.list", "GET", "/elevenlabs/v1/history"),
    ("elevenlabs", "history.get", "GET", "/elevenlabs/v1/history/[^/]+"),
    ("elevenlabs", "history.delete", "DELETE", "/elevenlabs/v1/history/[^/]+"),
    ("elevenlabs", "history.get_audio", "GET", "/elevenlabs/v1/history/[^/]+/audio"),
    ("google", "oauth.auth", "GET", "/google/o/oauth2/v2/auth"),
    ("google", "oauth.consent", "POST", "/google/o/oauth2/v2/auth"),
    ("google", "oauth.token", "POST", "/google/token"),
    ("google", "oauth.revoke", "POST", "/google/revoke"),
    ("google", "videos.insert", "POST", _VIDEO_UPLOAD),
    ("google", "videos.insert.chunk", "PUT", "/google/(?:resumable/)?upload/youtube/v3/[^?]+"),
    ("google", "videos.list", "GET", "/google/youtube/v3/videos"),
    ("google", "videos.update", "PUT", "/google/youtube/v3/videos"),
    ("google", "videos.delete", "DELETE", "/google/youtube/v3/videos"),
    ("google", "videoCategories.list", "GET", "/google/youtube/v3/videoCategories"),
    ("google", "channels.list", "GET", "/google/youtube/v3/channels"),
    ("google", "playlists.list", "GET", "/google/youtube/v3/playlists"),
    ("google", "playlists.insert", "POST", "/google/youtube/v3/playlists"),
    ("google", "playlists.delete", "DELETE", "/google/youtube/v3/playlists"),
    ("google", "playlistItems.list", "GET", "/google/youtube/v3/playlistItems"),
    ("google", "playlistItems.insert", "POST", "/google/youtube/v3/playlistItems"),
    ("google", "playlistItems.delete", "DELETE", "/google/youtube/v3/playlistItems"),
    ("google", "thumbnails.set", "POST", "/google/(?:resumable/)?upload/youtube/v3/thumbnails/set"),
    ("google", "captions.insert", "POST", "/google/(?:resumable/)?upload/youtube/v3/captions"),
    ("google", "captions.list", "GET", "/google/youtube/v3/captions"),
    ("google", "captions.delete", "DELETE", "/google/youtube/v3/captions"),
    ("google", "captions.download", "GET", "/google/youtube/v3/captions/[^/]+"),
    ("google", "search.list", "GET", "/google/youtube/v3/search"),
)

_COMPILED = tuple((vendor, name, method, re.compile(path + "/?$")) for vendor, name, method, path in OPERATIONS)


def operation_of(method: str, path: str, content_range: str = "") -> tuple[str, str] | None:
    """(vendor, operation) of a request, or None for pages and admin paths.

    A PUT to an upload session is `videos.insert.chunk`, or `videos.insert.status` when it only asks (`bytes */N`).
    """
    for vendor, name, known_method, pattern in _COMPILED:
        if method == known_method and pattern.match(path):
            if name == "videos.insert.chunk" and content_range.startswith("bytes */"):
                return vendor, "videos.insert.status"
            return vendor, name
    return None


def known(vendor: str, operation: str) -> bool:
    """Is there such a call? `*` stands for any."""
    if (vendor, operation) == ("google", "videos.insert.status"):
        return True
    return any(vendor in ("*", known_vendor) and operation in ("*", name) for known_vendor, name, _, _ in OPERATIONS)
