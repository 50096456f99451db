"""search.list: words in titles, descriptions and tags. A bucket of its own, so nobody looks up his own videos by it."""

import json
from typing import Any

from sandbox.google import resource
from sandbox.google.access import Caller
from sandbox.google.channels import when
from sandbox.google.query import Query, Resource, page, parts_of
from sandbox.state import Row, State, digest


def search(state: State, who: Caller, query: Query, base_url: str) -> Resource:
    """search.list for videos: `q`, `forMine`, `channelId`, `order` date."""
    parts_of(query, ("snippet",))
    words = query.get("q", "").casefold().split()
    rows = [
        row
        for row in state.rows("select * from videos where deleted is null order by seq desc")
        if _fits(state, row, who, query, words)
    ]
    body, cut = page("searchListResponse", query, rows)
    return body | {"regionCode": "US", "items": [_result(state, row, base_url) for row in cut]}


def _fits(state: State, row: Row, who: Caller, query: Query, words: list[str]) -> bool:
    mine = row["channel_id"] == who.channel_id
    if query.get("forMine") == "true" and not mine:
        return False
    if query.get("channelId") not in (None, row["channel_id"]):
        return False
    if resource.status_now(state, row)["privacyStatus"] != "public" and not (mine and query.get("forMine") == "true"):
        return False
    snippet = json.loads(row["snippet"])
    text = " ".join([snippet["title"], snippet["description"], *snippet.get("tags", [])]).casefold()
    return all(word in text for word in words)


def _result(state: State, row: Row, base_url: str) -> Resource:
    snippet = json.loads(row["snippet"])
    channel = state.row("select title from channels where id = ?", row["channel_id"])
    whole: dict[str, Any] = {
        "kind": "youtube#searchResult",
        "id": {"kind": "youtube#video", "videoId": row["id"]},
        "snippet": {
            "publishedAt": when(row["uploaded"]),
            "channelId": row["channel_id"],
            "title": snippet["title"],
            "description": snippet["description"],
            "channelTitle": channel["title"] if channel else "",
            "thumbnails": resource.thumbnails(state, row["id"], base_url),
            "liveBroadcastContent": "none",
        },
    }
    return whole | {"etag": digest(whole)[:27]}
