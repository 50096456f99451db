"""videos.list, update, delete, and the birth of a video at the end of its upload."""

import dataclasses
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

from sandbox.google import resource, rules
from sandbox.google.access import Caller
from sandbox.google.errors import Refused
from sandbox.google.probe import Probe, probe
from sandbox.google.query import Query, Resource, page, parts_of
from sandbox.state import Row, State


def checked(state: State, query: Query, given: Resource) -> Resource:
    """The metadata an insert will store; only the parts named in `part` are read."""
    parts = parts_of(query, resource.PARTS)
    snippet = rules.snippet_of(
        given.get("snippet") or {} if "snippet" in parts else {"title": "unknown"}, updating=False
    )
    status = rules.status_of(
        (given.get("status") or {}) if "status" in parts else {}, was_public=False, now=state.now()
    )
    return {"snippet": snippet, "status": status}


@dataclasses.dataclass(frozen=True)
class Facts:
    """What was found out about an uploaded file."""

    file: Path
    size: int
    sha256: str
    probe: Probe


def look(file: Path) -> Facts:
    """Read a finished file; slow (ffmpeg, checksum), so it is done outside any transaction."""
    with file.open("rb") as source:
        checksum = hashlib.file_digest(source, "sha256").hexdigest()
    return Facts(file, file.stat().st_size, checksum, probe(file))


def bear(state: State, channel_id: str, kept: Resource, facts: Facts, session_id: str) -> str:
    """Make the video of a finished upload; its id."""
    video_id, now = secrets.token_urlsafe(9)[:11], state.now()
    state.run(
        "insert into videos values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)",
        video_id,
        state.next_seq("videos"),
        channel_id,
        now,
        now + float(state.setting("processing_s")),
        json.dumps(kept["snippet"]),
        json.dumps(kept["status"]),
        facts.file.name,
        facts.size,
        facts.sha256,
        json.dumps(dataclasses.asdict(facts.probe)),
        session_id,
    )
    return video_id


def uploaded_since(state: State, channel_id: str, since: float) -> int:
    """How many videos a channel has uploaded since a time."""
    return int(
        state.rows("select count(*) as n from videos where channel_id = ? and uploaded > ?", channel_id, since)[0]["n"]
    )


def find(state: State, video_id: str) -> Row | None:
    """A video that was not deleted."""
    return state.row("select * from videos where id = ? and deleted is null", video_id)


def own(state: State, who: Caller, video_id: str | None) -> Row:
    """The caller's own video; Refused `videoNotFound` or `forbidden`."""
    row = find(state, video_id or "")
    if row is None:
        raise Refused("videoNotFound", location="id")
    if row["channel_id"] != who.channel_id:
        raise Refused("forbidden")
    return row


def list_videos(state: State, who: Caller, query: Query, base_url: str) -> Resource:
    """videos.list by `id`; others' private videos are not found, owner-only parts are forbidden."""
    parts = parts_of(query, resource.PARTS)
    if not query.get("id"):
        raise Refused("missingRequiredParameter", "No filter selected. Expected one of: id", "parameters.")
    wanted = query["id"].split(",")
    if len(wanted) > 50:
        raise Refused("invalidParameter", "At most 50 ids", "id")
    rows = [
        row
        for row in (find(state, video_id) for video_id in dict.fromkeys(wanted))
        if row is not None
        and (row["channel_id"] == who.channel_id or resource.status_now(state, row)["privacyStatus"] != "private")
    ]
    if parts & resource.OWNER_PARTS and any(row["channel_id"] != who.channel_id for row in rows):
        raise Refused("forbidden")
    body, _ = page("videoListResponse", query | {"maxResults": "50"}, rows)
    body["pageInfo"]["resultsPerPage"] = len(rows)
    return body | {
        "items": [resource.video(state, row, parts, base_url, mine=row["channel_id"] == who.channel_id) for row in rows]
    }


def update(state: State, who: Caller, query: Query, given: Resource, base_url: str) -> Resource:
    """videos.update: each named part is replaced wholesale."""
    parts = parts_of(query, resource.PARTS)
    row = own(state, who, given.get("id"))
    if "snippet" in parts:
        kept = rules.snippet_of(given.get("snippet") or {}, updating=True)
        state.run("update videos set snippet = ? where id = ?", json.dumps(kept), row["id"])
    if "status" in parts:
        before: dict[str, Any] = resource.status_now(state, row)
        was_public = before["privacyStatus"] == "public" or bool(before.get("wasPublic"))
        status = rules.status_of(given.get("status") or {}, was_public=was_public, now=state.now())
        if was_public:
            status["wasPublic"] = True  # ours alone: a video that was public once cannot be scheduled any more
        state.run("update videos set status = ? where id = ?", json.dumps(status), row["id"])
    return resource.video(state, own(state, who, row["id"]), parts, base_url, mine=True)


def delete(state: State, who: Caller, query: Query) -> None:
    """videos.delete: the video leaves every list; the books remember it."""
    erase(state, own(state, who, query.get("id"))["id"])


def erase(state: State, video_id: str) -> None:
    """Delete a video, whoever asked."""
    state.run("update videos set deleted = ? where id = ?", state.now(), video_id)
    state.run("delete from playlist_items where video_id = ?", video_id)
