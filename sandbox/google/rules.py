"""The Data API's rules for a video's metadata. Pure; Refused carries the vendor's reason."""

from datetime import UTC, datetime
from typing import Any, Final

from sandbox.google.errors import Refused

TITLE_CHARACTERS: Final = 100
DESCRIPTION_BYTES: Final = 5000
TAG_CHARACTERS: Final = 500
CATEGORIES: Final[dict[str, str]] = {
    "1": "Film & Animation",
    "2": "Autos & Vehicles",
    "10": "Music",
    "15": "Pets & Animals",
    "17": "Sports",
    "19": "Travel & Events",
    "20": "Gaming",
    "22": "People & Blogs",
    "23": "Comedy",
    "24": "Entertainment",
    "25": "News & Politics",
    "26": "Howto & Style",
    "27": "Education",
    "28": "Science & Technology",
    "29": "Nonprofits & Activism",
}
_STATUS_DEFAULTS: Final[dict[str, Any]] = {
    "privacyStatus": "public",
    "license": "youtube",
    "embeddable": True,
    "publicStatsViewable": True,
}
_STATUS_FIELDS: Final = (*_STATUS_DEFAULTS, "publishAt", "selfDeclaredMadeForKids", "containsSyntheticMedia")
_SNIPPET_FIELDS: Final = ("title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage")


def snippet_of(given: dict[str, Any], *, updating: bool) -> dict[str, Any]:
    """The snippet to store: what is not sent is gone, as the API replaces a part wholesale."""
    title, description = given.get("title"), given.get("description", "")
    if not isinstance(title, str) or not title.strip() or len(title) > TITLE_CHARACTERS or _angled(title):
        raise Refused("invalidTitle", location="body.snippet.title")
    if not isinstance(description, str) or len(description.encode()) > DESCRIPTION_BYTES or _angled(description):
        raise Refused("invalidDescription", location="body.snippet.description")
    tags = given.get("tags", [])
    if (
        not isinstance(tags, list)
        or not all(isinstance(tag, str) and tag.strip() and not _angled(tag) for tag in tags)
        or tags_length(tags) > TAG_CHARACTERS
    ):
        raise Refused("invalidTags", location="body.snippet.tags")
    category = given.get("categoryId", None if updating else "22")
    if category not in CATEGORIES:
        raise Refused("invalidCategoryId", location="body.snippet.categoryId")
    kept = {field: given[field] for field in _SNIPPET_FIELDS if field in given}
    return kept | {"title": title, "description": description, "categoryId": category}


def tags_length(tags: list[str]) -> int:
    """Characters as the API counts them: commas between, and quotation marks around a tag with a blank."""
    return sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + max(0, len(tags) - 1)


def status_of(given: dict[str, Any], *, was_public: bool, now: float) -> dict[str, Any]:
    """The status to store; `privacyStatus` left out means public, a `publishAt` in the past publishes at once."""
    status = _STATUS_DEFAULTS | {field: given[field] for field in _STATUS_FIELDS if given.get(field) is not None}
    if status["privacyStatus"] not in ("public", "unlisted", "private") or status["license"] not in (
        "youtube",
        "creativeCommon",
    ):
        raise Refused("invalidVideoMetadata", location="body.status")
    for field in ("embeddable", "publicStatsViewable", "selfDeclaredMadeForKids", "containsSyntheticMedia"):
        if not isinstance(status.get(field, True), bool):
            raise Refused("invalidVideoMetadata", f"{field} is true or false", f"body.status.{field}")
    if "publishAt" in status:
        moment = instant(status["publishAt"])
        if moment is None or status["privacyStatus"] != "private" or was_public:
            raise Refused("invalidPublishAt", location="body.status.publishAt")
        status["publishAt"] = datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
    return effective(status, now)


def effective(status: dict[str, Any], now: float) -> dict[str, Any]:
    """The status at a Unix time: a due `publishAt` has made the video public."""
    due = instant(status.get("publishAt"))
    if due is None or due > now:
        return status
    return {key: value for key, value in status.items() if key != "publishAt"} | {"privacyStatus": "public"}


def instant(value: object) -> float | None:
    """An ISO 8601 time with zone as Unix seconds, or None."""
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except (TypeError, ValueError):
        return None
    return moment.timestamp() if moment.tzinfo else None


def _angled(text: str) -> bool:
    return "<" in text or ">" in text
