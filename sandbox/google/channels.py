"""Channels: made on the consent page or by the admin path, listed as the API lists them."""

import re
import secrets
from datetime import UTC, datetime

from sandbox.google.access import Caller
from sandbox.google.errors import Refused
from sandbox.google.query import Query, Resource, page, parts_of
from sandbox.state import Row, State, digest

_PARTS = ("snippet", "contentDetails", "statistics", "status", "brandingSettings", "auditDetails")


def when(at: float) -> str:
    """A Unix time as the API writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def find_or_make_channel(state: State, wanted: str, description: str) -> Row:
    """The channel of this id or title; a new one of that title if there is none."""
    with state.change():
        row = state.row("select * from channels where id = ? or title = ?", wanted, wanted)
        if row is None:
            channel_id = "UC" + secrets.token_urlsafe(16)[:22]
            handle = "@" + (re.sub(r"[^a-z0-9]+", "", wanted.lower()) or channel_id[2:10].lower())
            state.run(
                "insert into channels values (?, ?, ?, ?, ?)", channel_id, wanted, handle, description, state.now()
            )
            return state.rows("select * from channels where id = ?", channel_id)[0]
        return row


def uploads_playlist(channel_id: str) -> str:
    """The id of a channel's uploads playlist: `UU` for `UC`."""
    return "UU" + channel_id[2:]


def list_channels(state: State, who: Caller, query: Query) -> Resource:
    """channels.list: `mine=true` or `id=`."""
    parts = parts_of(query, _PARTS)
    if query.get("mine") == "true":
        rows = state.rows("select * from channels where id = ?", who.channel_id)
    elif query.get("id"):
        rows = [
            row for row in state.rows("select * from channels order by created") if row["id"] in query["id"].split(",")
        ]
    else:
        raise Refused("missingRequiredParameter", "No filter selected. Expected one of: mine, id", "parameters.")
    body, cut = page("channelListResponse", query, rows)
    return body | {"items": [_resource(state, row, parts, mine=row["id"] == who.channel_id) for row in cut]}


def _resource(state: State, row: Row, parts: frozenset[str], *, mine: bool) -> Resource:
    count = state.row("select count(*) as n from videos where channel_id = ? and deleted is null", row["id"])
    full: Resource = {
        "snippet": {
            "title": row["title"],
            "description": row["description"],
            "customUrl": row["handle"],
            "publishedAt": when(row["created"]),
            "thumbnails": {},
            "country": "US",
            "localized": {"title": row["title"], "description": row["description"]},
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": uploads_playlist(row["id"])}},
        "statistics": {
            "viewCount": "0",
            "subscriberCount": "0",
            "hiddenSubscriberCount": False,
            "videoCount": str(count["n"] if count else 0),
        },
        "status": {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "allowed", "madeForKids": False},
        "brandingSettings": {"channel": {"title": row["title"], "description": row["description"]}},
        "auditDetails": {
            "overallGoodStanding": True,
            "communityGuidelinesGoodStanding": True,
            "copyrightStrikesGoodStanding": True,
            "contentIdClaimsGoodStanding": True,
        },
    }
    if not mine:
        full.pop("auditDetails")
    return {"kind": "youtube#channel", "etag": digest([row["id"], row["title"]])[:27], "id": row["id"]} | {
        part: value for part, value in full.items() if part in parts
    }
