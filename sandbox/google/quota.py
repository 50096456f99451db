"""Three buckets per project and Pacific day: video uploads, searches, and units for everything else.

Costs: the Data API's quota page, as of 2026-11. An invalid call costs 1 of its bucket.
"""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sandbox.google.errors import Refused
from sandbox.state import State

PACIFIC: Final = ZoneInfo("America/Los_Angeles")
COSTS: Final[dict[str, tuple[str, int]]] = {
    "videos.insert": ("uploads", 1),
    "search.list": ("search", 1),
    "videos.list": ("units", 1),
    "videos.update": ("units", 50),
    "videos.delete": ("units", 50),
    "videoCategories.list": ("units", 1),
    "channels.list": ("units", 1),
    "playlists.list": ("units", 1),
    "playlists.insert": ("units", 50),
    "playlists.delete": ("units", 50),
    "playlistItems.list": ("units", 1),
    "playlistItems.insert": ("units", 50),
    "playlistItems.delete": ("units", 50),
    "thumbnails.set": ("units", 50),
    "captions.list": ("units", 50),
    "captions.insert": ("units", 400),
    "captions.delete": ("units", 50),
    "captions.download": ("units", 200),
}
_LIMITS: Final = {"uploads": "uploads_per_day", "search": "searches_per_day", "units": "units_per_day"}


def pacific_day(at: float) -> str:
    """The quota day of a Unix time, as YYYY-MM-DD."""
    return datetime.fromtimestamp(at, UTC).astimezone(PACIFIC).date().isoformat()


def check(state: State, project: str, operation: str) -> None:
    """Refused `quotaExceeded` when the call does not fit into today's bucket."""
    bucket, cost = COSTS[operation]
    row = state.row(
        "select used from quota where project = ? and day = ? and bucket = ?", project, pacific_day(state.now()), bucket
    )
    if (int(row["used"]) if row else 0) + cost > int(state.setting(_LIMITS[bucket])):
        raise Refused("quotaExceeded")


def charge(state: State, project: str, operation: str, *, valid: bool = True) -> None:
    """Count a call against its bucket; an invalid one costs 1."""
    bucket, cost = COSTS[operation]
    spent, day = cost if valid else 1, pacific_day(state.now())
    with state.change():
        state.run(
            "insert into quota values (?, ?, ?, ?) on conflict (project, day, bucket)"
            " do update set used = used + excluded.used",
            project,
            day,
            bucket,
            spent,
        )
        state.run(
            "insert into quota_calls values (?, ?, ?, ?, 1, ?) on conflict (project, day, bucket, operation)"
            " do update set calls = calls + 1, units = units + excluded.units",
            project,
            day,
            bucket,
            operation,
            spent,
        )
