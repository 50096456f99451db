"""captions.insert, list, download, delete."""

import re
import secrets
from typing import Any

from sandbox.google import videos
from sandbox.google.access import Caller
from sandbox.google.channels import when
from sandbox.google.errors import Refused
from sandbox.google.query import Query, Resource, parts_of
from sandbox.state import Row, State, digest


def checked(state: State, who: Caller, query: Query, given: Resource) -> Resource:
    """The snippet an insert will store: video, language, name; Refused `captionExists` for a known pair."""
    parts_of(query, ("snippet",))
    snippet = given.get("snippet") or {}
    language, name = snippet.get("language"), snippet.get("name")
    if not isinstance(language, str) or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        raise Refused("invalidMetadata", "language is missing or not a BCP-47 tag", "body.snippet.language")
    if not isinstance(name, str):
        raise Refused("invalidMetadata", "name is missing; an empty one is allowed", "body.snippet.name")
    if len(name) > 150:
        raise Refused("nameTooLong")
    row = videos.own(state, who, snippet.get("videoId"))
    if state.row("select 1 from captions where video_id = ? and language = ? and name = ?", row["id"], language, name):
        raise Refused("captionExists")
    return {"videoId": row["id"], "language": language, "name": name, "isDraft": bool(snippet.get("isDraft"))}


def add(state: State, kept: Resource, text: bytes) -> Resource:
    """Store a track's file."""
    if not text:
        raise Refused("contentRequired")
    if state.row(
        "select 1 from captions where video_id = ? and language = ? and name = ?",
        kept["videoId"],
        kept["language"],
        kept["name"],
    ):
        raise Refused("captionExists")
    path, caption_id = state.new_file(".captions"), secrets.token_urlsafe(24)
    path.write_bytes(text)
    state.run(
        "insert into captions values (?, ?, ?, ?, ?, ?, ?)",
        caption_id,
        kept["videoId"],
        kept["language"],
        kept["name"],
        int(kept["isDraft"]),
        state.now(),
        path.name,
    )
    return _resource(state, _find(state, caption_id))


def list_captions(state: State, who: Caller, query: Query) -> Resource:
    """captions.list of one of the caller's videos."""
    parts_of(query, ("snippet",))
    row = videos.own(state, who, query.get("videoId"))
    found = [
        _resource(state, caption)
        for caption in state.rows("select * from captions where video_id = ? order by updated", row["id"])
    ]
    if query.get("id"):
        found = [item for item in found if item["id"] in query["id"].split(",")]
    return {"kind": "youtube#captionListResponse", "etag": digest(found)[:27], "items": found}


def download(state: State, who: Caller, caption_id: str, form: str | None) -> tuple[bytes, str]:
    """(text, MIME type) of a track, as it was sent or as srt or vtt."""
    row = _find(state, caption_id)
    videos.own(state, who, row["video_id"])
    raw = (state.files / row["file"]).read_bytes()
    if form is None:
        return raw, "application/octet-stream"
    if form == "vtt":
        return as_vtt(raw), "text/vtt"
    if form == "srt":
        return as_srt(raw), "application/x-subrip"
    raise Refused("invalidParameter", "tfmt: srt and vtt are served here", "tfmt")


def delete(state: State, who: Caller, query: Query) -> None:
    """captions.delete."""
    row = _find(state, query.get("id", ""))
    videos.own(state, who, row["video_id"])
    state.run("delete from captions where id = ?", row["id"])


def as_vtt(raw: bytes) -> bytes:
    """A track as WebVTT."""
    text = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").strip()
    if text.startswith("WEBVTT"):
        return text.encode() + b"\n"
    return ("WEBVTT\n\n" + re.sub(r"(\d\d:\d\d:\d\d),(\d\d\d)", r"\1.\2", text)).encode() + b"\n"


def as_srt(raw: bytes) -> bytes:
    """A track as SubRip: numbered cues, commas in the times."""
    blocks = [block for block in re.split(r"\n\s*\n", as_vtt(raw).decode()) if "-->" in block]
    cues = []
    for number, block in enumerate(blocks, 1):
        lines = block.splitlines()
        at = next(index for index, line in enumerate(lines) if "-->" in line)
        times = " --> ".join(_long(part) for part in re.findall(r"[\d:]+\.\d{3}", lines[at])[:2])
        cues.append("\n".join([str(number), times, *lines[at + 1 :]]))
    return ("\n\n".join(cues) + "\n").encode()


def _long(time: str) -> str:
    return (time if time.count(":") == 2 else "00:" + time).replace(".", ",")


def _find(state: State, caption_id: str) -> Row:
    row = state.row("select * from captions where id = ?", caption_id)
    if row is None:
        raise Refused("captionNotFound")
    return row


def _resource(state: State, row: Row) -> Resource:
    readable = "-->" in (state.files / row["file"]).read_bytes().decode("utf-8", "replace")
    snippet: dict[str, Any] = {
        "videoId": row["video_id"],
        "lastUpdated": when(row["updated"]),
        "trackKind": "standard",
        "language": row["language"],
        "name": row["name"],
        "audioTrackType": "unknown",
        "isCC": False,
        "isLarge": False,
        "isEasyReader": False,
        "isDraft": bool(row["draft"]),
        "isAutoSynced": False,
        "status": "serving" if readable else "failed",
    }
    if not readable:
        snippet["failureReason"] = "unknownFormat"
    whole = {"kind": "youtube#caption", "id": row["id"], "snippet": snippet}
    return whole | {"etag": digest(whole)[:27]}
