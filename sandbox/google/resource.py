"""A stored video as the API's `Video` resource, part by part."""

import json
from collections.abc import Callable
from typing import Any, Final

from sandbox.google.channels import when
from sandbox.google.probe import Probe, of_json
from sandbox.google.rules import effective
from sandbox.state import Row, State, digest

OWNER_PARTS: Final = frozenset({"processingDetails", "fileDetails", "suggestions"})
PARTS: Final = (
    "snippet",
    "status",
    "contentDetails",
    "statistics",
    "player",
    "localizations",
    "topicDetails",
    "recordingDetails",
    "liveStreamingDetails",
    "paidProductPlacementDetails",
    *OWNER_PARTS,
)


def video(state: State, row: Row, parts: frozenset[str], base_url: str, *, mine: bool) -> dict[str, Any]:
    """The wanted parts; what only the owner may see of a status is left out for others."""
    found = of_json(json.loads(row["probe"]))
    done = row["processed"] <= state.now()
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "snippet": lambda: _snippet(state, row, base_url),
        "status": lambda: _status(state, row, found, done=done, mine=mine),
        "contentDetails": lambda: _content(state, row, found, done=done),
        "statistics": lambda: {"viewCount": "0", "likeCount": "0", "favoriteCount": "0", "commentCount": "0"},
        "player": lambda: {"embedHtml": f'<iframe src="{base_url}/watch?v={row["id"]}"></iframe>'},
        "processingDetails": lambda: _processing(found, done=done),
        "fileDetails": lambda: _file(row, found),
    }
    whole: dict[str, Any] = {"kind": "youtube#video", "id": row["id"]}
    whole |= {part: maker() for part, maker in makers.items() if part in parts}
    return whole | {"etag": digest(whole)[:27]}


def status_now(state: State, row: Row) -> dict[str, Any]:
    """The stored status as it stands now (a due publishAt applied)."""
    return effective(json.loads(row["status"]), state.now())


def thumbnails(state: State, video_id: str, base_url: str) -> dict[str, Any]:
    """Sizes and addresses; the custom thumbnail serves all of them."""
    url = f"{base_url}/watch/thumbnails/{video_id}"
    sizes = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}
    own = state.row("select width, height from thumbnails where video_id = ?", video_id)
    if own:
        sizes |= {"standard": (640, 480), "maxres": (own["width"], own["height"])}
    return {name: {"url": url, "width": width, "height": height} for name, (width, height) in sizes.items()}


def _snippet(state: State, row: Row, base_url: str) -> dict[str, Any]:
    snippet = json.loads(row["snippet"])
    channel = state.row("select title from channels where id = ?", row["channel_id"])
    whole: dict[str, Any] = snippet | {
        "publishedAt": when(row["uploaded"]),
        "channelId": row["channel_id"],
        "channelTitle": channel["title"] if channel else "",
        "liveBroadcastContent": "none",
        "thumbnails": thumbnails(state, row["id"], base_url),
        "localized": {"title": snippet["title"], "description": snippet["description"]},
    }
    return whole


def _status(state: State, row: Row, found: Probe, *, done: bool, mine: bool) -> dict[str, Any]:
    status = status_now(state, row)
    status.pop("wasPublic", None)
    status["madeForKids"] = bool(status.get("selfDeclaredMadeForKids", False))
    if found.failure and done:
        status |= {"uploadStatus": "failed", "failureReason": found.failure}
    else:
        status["uploadStatus"] = "processed" if done else "uploaded"
    if not mine:
        status.pop("selfDeclaredMadeForKids", None)
        status.pop("publishAt", None)
    return status


def _content(state: State, row: Row, found: Probe, *, done: bool) -> dict[str, Any]:
    track = state.row("select 1 from captions where video_id = ? and draft = 0", row["id"])
    own = state.row("select 1 from thumbnails where video_id = ?", row["id"])
    return {
        "duration": _iso(found.duration_s) if done and not found.failure else "P0D",
        "dimension": "2d",
        "definition": "hd" if min(found.width, found.height) >= 720 else "sd",
        "caption": "true" if track else "false",
        "licensedContent": False,
        "projection": "rectangular",
        "hasCustomThumbnail": own is not None,
    }


def _processing(found: Probe, *, done: bool) -> dict[str, Any]:
    if not done:
        return {
            "processingStatus": "processing",
            "fileDetailsAvailability": "inProgress",
            "thumbnailsAvailability": "inProgress",
            "processingProgress": {"partsTotal": "100", "partsProcessed": "50", "timeLeftMs": "1000"},
        }
    if found.failure:
        return {"processingStatus": "failed", "processingFailureReason": "transcodeFailed"}
    return {
        "processingStatus": "succeeded",
        "fileDetailsAvailability": "available",
        "thumbnailsAvailability": "available",
        "processingIssuesAvailability": "available",
        "tagSuggestionsAvailability": "inProgress",
        "editorSuggestionsAvailability": "inProgress",
    }


def _file(row: Row, found: Probe) -> dict[str, Any]:
    if found.failure:
        return {"fileName": "unknown", "fileSize": str(row["bytes"]), "fileType": "other"}
    return {
        "fileName": "unknown",
        "fileSize": str(row["bytes"]),
        "fileType": "video",
        "container": "mov",
        "durationMs": str(round(found.duration_s * 1000)),
        "videoStreams": [
            {"widthPixels": found.width, "heightPixels": found.height, "codec": found.codec, "frameRateFps": found.fps}
        ],
        "audioStreams": [{"codec": found.audio_codec}] if found.audio_codec else [],
    }


def _iso(seconds: float) -> str:
    whole = max(1, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{left}S" if left else "")
