"""A listing as the API's resource, and back.

Fields: https://developers.google.com/youtube/v3/docs/videos
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ytempire.publishing.ports import Listing, RemoteVideo

PARTS = "snippet,status,contentDetails,processingDetails"


def video_body(listing: Listing, *, marker: str) -> dict[str, Any]:
    """The parts `snippet` and `status`, both whole: what is left out is reset, and visibility would be public."""
    status: dict[str, Any] = {
        "privacyStatus": listing.visibility,
        "selfDeclaredMadeForKids": listing.made_for_kids,
        "containsSyntheticMedia": listing.synthetic_media,
        "embeddable": True,
        "license": "youtube",
    }
    if listing.publish_at:
        status["publishAt"] = listing.publish_at.astimezone(UTC).isoformat(timespec="seconds")
    return {
        "snippet": {
            "title": listing.title,
            "description": listing.description,
            "tags": [*listing.tags, marker],
            "categoryId": listing.category_id,
            "defaultLanguage": listing.language,
            "defaultAudioLanguage": listing.language,
        },
        "status": status,
    }


def remote_video(item: dict[str, Any]) -> RemoteVideo:
    """An item of `videos.list`. What YouTube leaves out of an answer it means as false or empty."""
    snippet, status = item.get("snippet", {}), item.get("status", {})
    publish_at = status.get("publishAt")
    return RemoteVideo(
        platform_id=str(item["id"]),
        listing=Listing(
            title=snippet.get("title", ""),
            description=snippet.get("description", ""),
            tags=tuple(snippet.get("tags", ())),
            category_id=snippet.get("categoryId", ""),
            language=snippet.get("defaultLanguage", ""),
            visibility=status.get("privacyStatus", ""),
            publish_at=datetime.fromisoformat(publish_at) if publish_at else None,
            made_for_kids=bool(status.get("selfDeclaredMadeForKids", False)),
            synthetic_media=bool(status.get("containsSyntheticMedia", False)),
        ),
        upload_status=status.get("uploadStatus", ""),
        processing_status=item.get("processingDetails", {}).get("processingStatus", ""),
        has_thumbnail=item.get("contentDetails", {}).get("hasCustomThumbnail"),
        rejection=status.get("rejectionReason") or status.get("failureReason") or "",
    )
