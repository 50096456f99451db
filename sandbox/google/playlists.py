"""Playlists and their items, the uploads playlist included (newest first, never written to)."""

import json
import secrets
from typing import Any

from sandbox.google import resource, videos
from sandbox.google.access import Caller
from sandbox.google.channels import uploads_playlist, when
from sandbox.google.errors import Refused
from sandbox.google.query import Query, Resource, page, parts_of
from sandbox.state import Row, State, digest

_PARTS = ("snippet", "status", "contentDetails", "player", "localizations")
_ITEM_PARTS = ("snippet", "status", "contentDetails")


def list_playlists(state: State, who: Caller, query: Query) -> Resource:
    """playlists.list by `mine`, `id` or `channelId`."""
    parts = parts_of(query, _PARTS)
    rows = state.rows("select * from playlists order by seq desc")
    if query.get("mine") == "true":
        rows = [row for row in rows if row["channel_id"] == who.channel_id]
    elif query.get("id"):
        rows = [row for row in rows if row["id"] in query["id"].split(",")]
    elif query.get("channelId"):
        rows = [row for row in rows if row["channel_id"] == query["channelId"]]
    else:
        raise Refused("missingRequiredParameter", "No filter selected. Expected one of: mine, id, channelId")
    rows = [row for row in rows if row["privacy"] != "private" or row["channel_id"] == who.channel_id]
    body, cut = page("playlistListResponse", query, rows)
    return body | {"items": [_playlist(state, row, parts) for row in cut]}


def insert_playlist(state: State, who: Caller, query: Query, given: Resource) -> Resource:
    """playlists.insert: a title is required."""
    parts = parts_of(query, _PARTS)
    snippet, status = given.get("snippet") or {}, given.get("status") or {}
    title = snippet.get("title")
    if not isinstance(title, str) or not title.strip():
        raise Refused("playlistTitleRequired")
    if len(title) > 150 or "<" in title or ">" in title:
        raise Refused("invalidPlaylistSnippet")
    privacy = status.get("privacyStatus", "public") if "status" in parts else "public"
    if privacy not in ("public", "unlisted", "private"):
        raise Refused("invalidPlaylistSnippet", "privacyStatus is invalid")
    playlist_id = "PL" + secrets.token_urlsafe(24)[:32]
    kept = {"title": title, "description": str(snippet.get("description", ""))}
    state.run(
        "insert into playlists values (?, ?, ?, ?, ?, ?)",
        playlist_id,
        state.next_seq("playlists"),
        who.channel_id,
        state.now(),
        json.dumps(kept),
        privacy,
    )
    return _playlist(state, _own(state, who, playlist_id), parts)


def delete_playlist(state: State, who: Caller, query: Query) -> None:
    """playlists.delete, items included."""
    row = _own(state, who, query.get("id", ""))
    state.run("delete from playlist_items where playlist_id = ?", row["id"])
    state.run("delete from playlists where id = ?", row["id"])


def list_items(state: State, who: Caller, query: Query, base_url: str) -> Resource:
    """playlistItems.list by `playlistId` (a `UU…` id is a channel's uploads) or `id`, filtered by `videoId`."""
    parts = parts_of(query, _ITEM_PARTS)
    playlist_id = query.get("playlistId")
    if playlist_id is None and not query.get("id"):
        raise Refused("missingRequiredParameter", "No filter selected. Expected one of: playlistId, id")
    items = _uploads(state, who, playlist_id) if (playlist_id or "").startswith("UU") else _stored(state, who, query)
    if query.get("videoId"):
        items = [item for item in items if item["video_id"] == query["videoId"]]
    body, cut = page("playlistItemListResponse", query, items)
    return body | {"items": [_item(state, item, parts, base_url) for item in cut]}


def insert_item(state: State, who: Caller, query: Query, given: Resource, base_url: str) -> Resource:
    """playlistItems.insert: at the end, or at `snippet.position`."""
    parts = parts_of(query, _ITEM_PARTS)
    snippet = given.get("snippet") or {}
    target = snippet.get("resourceId") or {}
    if not snippet.get("playlistId") or target.get("kind") != "youtube#video":
        raise Refused("missingRequiredParameter", "snippet.playlistId and snippet.resourceId are needed")
    if str(snippet["playlistId"]).startswith("UU"):
        raise Refused("playlistOperationUnsupported")
    playlist = _own(state, who, str(snippet["playlistId"]))
    video = videos.find(state, str(target.get("videoId")))
    if video is None:
        raise Refused("videoNotFound")
    item_id = secrets.token_urlsafe(24)
    note = str((given.get("contentDetails") or {}).get("note", ""))
    state.run(
        "insert into playlist_items values (?, ?, ?, ?, ?, ?)",
        item_id,
        state.next_seq("playlist_items"),
        playlist["id"],
        video["id"],
        state.now(),
        note,
    )
    made = next(item for item in _stored(state, who, {"playlistId": playlist["id"]}) if item["id"] == item_id)
    return _item(state, made, parts, base_url)


def delete_item(state: State, who: Caller, query: Query) -> None:
    """playlistItems.delete."""
    row = state.row("select * from playlist_items where id = ?", query.get("id", ""))
    if row is None:
        raise Refused("playlistItemNotFound")
    _own(state, who, row["playlist_id"])
    state.run("delete from playlist_items where id = ?", row["id"])


def _own(state: State, who: Caller, playlist_id: str) -> Row:
    row = state.row("select * from playlists where id = ?", playlist_id)
    if row is None:
        raise Refused("playlistNotFound", location="playlistId")
    if row["channel_id"] != who.channel_id:
        raise Refused("forbidden")
    return row


def _uploads(state: State, who: Caller, playlist_id: str | None) -> list[dict[str, Any]]:
    channel_id = "UC" + (playlist_id or "")[2:]
    if state.row("select 1 from channels where id = ?", channel_id) is None:
        raise Refused("playlistNotFound", location="playlistId")
    rows = state.rows("select * from videos where channel_id = ? and deleted is null order by seq desc", channel_id)
    shown = [
        row
        for row in rows
        if channel_id == who.channel_id or resource.status_now(state, row)["privacyStatus"] == "public"
    ]
    return [
        {
            "id": uploads_playlist(channel_id) + row["id"],
            "playlist_id": playlist_id,
            "video_id": row["id"],
            "added": row["uploaded"],
            "position": at,
            "channel_id": channel_id,
            "note": "",
        }
        for at, row in enumerate(shown)
    ]


def _stored(state: State, who: Caller, query: Query) -> list[dict[str, Any]]:
    if query.get("playlistId"):
        playlist = state.row("select * from playlists where id = ?", query["playlistId"])
        if playlist is None:
            raise Refused("playlistNotFound", location="playlistId")
        if playlist["privacy"] == "private" and playlist["channel_id"] != who.channel_id:
            raise Refused("playlistItemsNotAccessible")
        rows = state.rows(
            "select playlist_items.*, channel_id from playlist_items join playlists on playlists.id ="
            " playlist_id where playlist_id = ? order by playlist_items.seq",
            playlist["id"],
        )
    else:
        rows = [
            row
            for row in state.rows(
                "select playlist_items.*, channel_id from playlist_items join playlists on"
                " playlists.id = playlist_id order by playlist_items.seq"
            )
            if row["id"] in query["id"].split(",") and row["channel_id"] == who.channel_id
        ]
    return [dict(row) | {"position": at} for at, row in enumerate(rows)]


def _playlist(state: State, row: Row, parts: frozenset[str]) -> Resource:
    snippet = json.loads(row["snippet"])
    channel = state.row("select title from channels where id = ?", row["channel_id"])
    count = state.row("select count(*) as n from playlist_items where playlist_id = ?", row["id"])
    full: Resource = {
        "snippet": snippet
        | {
            "publishedAt": when(row["created"]),
            "channelId": row["channel_id"],
            "thumbnails": {},
            "channelTitle": channel["title"] if channel else "",
            "localized": {"title": snippet["title"], "description": snippet["description"]},
        },
        "status": {"privacyStatus": row["privacy"]},
        "contentDetails": {"itemCount": count["n"] if count else 0},
    }
    whole = {"kind": "youtube#playlist", "id": row["id"]} | {
        part: value for part, value in full.items() if part in parts
    }
    return whole | {"etag": digest(whole)[:27]}


def _item(state: State, item: dict[str, Any], parts: frozenset[str], base_url: str) -> Resource:
    video = videos.find(state, item["video_id"])
    snippet = json.loads(video["snippet"]) if video else {"title": "Deleted video", "description": ""}
    channel = state.row("select title from channels where id = ?", item["channel_id"])
    title = channel["title"] if channel else ""
    privacy = resource.status_now(state, video)["privacyStatus"] if video else "private"
    full: Resource = {
        "snippet": {
            "publishedAt": when(item["added"]),
            "channelId": item["channel_id"],
            "channelTitle": title,
            "title": snippet["title"],
            "description": snippet["description"],
            "playlistId": item["playlist_id"],
            "position": item["position"],
            "resourceId": {"kind": "youtube#video", "videoId": item["video_id"]},
            "thumbnails": resource.thumbnails(state, item["video_id"], base_url),
            "videoOwnerChannelId": video["channel_id"] if video else "",
            "videoOwnerChannelTitle": title,
        },
        "status": {"privacyStatus": privacy},
        "contentDetails": {"videoId": item["video_id"]}
        | ({"videoPublishedAt": when(video["uploaded"])} if video and privacy != "private" else {}),
    }
    if item["note"]:
        full["contentDetails"]["note"] = item["note"]
    whole = {"kind": "youtube#playlistItem", "id": item["id"]} | {
        part: value for part, value in full.items() if part in parts
    }
    return whole | {"etag": digest(whole)[:27]}
