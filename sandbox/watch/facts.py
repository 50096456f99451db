"""What a page shows of a stored video, in plain words."""

import json
from typing import Any

from sandbox.google.channels import when
from sandbox.google.probe import of_json
from sandbox.google.resource import status_now
from sandbox.google.rules import CATEGORIES
from sandbox.state import Row, State


def facts_of(state: State, row: Row) -> dict[str, Any]:
    """Everything the watch page needs."""
    snippet, status, found = json.loads(row["snippet"]), status_now(state, row), of_json(json.loads(row["probe"]))
    lists = state.rows(
        "select distinct snippet from playlists join playlist_items on playlist_id = playlists.id where video_id = ?",
        row["id"],
    )
    tracks = state.rows("select id, language, name from captions where video_id = ? and draft = 0", row["id"])
    done = row["processed"] <= state.now()
    return card_of(state, row) | {
        "description": snippet["description"],
        "tags": snippet.get("tags", []),
        "channel_id": row["channel_id"],
        "width": found.width,
        "height": found.height,
        "failure": found.failure if done else "",
        "synthetic": bool(status.get("containsSyntheticMedia")),
        "captions": [
            {"id": track["id"], "language": track["language"], "label": track["name"] or track["language"]}
            for track in tracks
        ],
        "facts": [
            (name, value)
            for name, value in (
                ("Uploaded", when(row["uploaded"])),
                ("Goes public", str(status.get("publishAt", ""))),
                ("Processing", ("failed" if found.failure else "done") if done else "under way"),
                ("Category", CATEGORIES.get(snippet["categoryId"], snippet["categoryId"])),
                ("Playlists", ", ".join(json.loads(found_list["snippet"])["title"] for found_list in lists)),
                ("Captions", ", ".join(track["language"] for track in tracks)),
                ("Made for kids", _said(status.get("selfDeclaredMadeForKids"))),
                ("Altered or synthetic", _said(status.get("containsSyntheticMedia"))),
                ("Language", str(snippet.get("defaultLanguage", ""))),
                ("File", f"{found.width}×{found.height} {found.codec}, {row['bytes'] / 1e6:.1f} MB"),
            )
            if value
        ],
    }


def card_of(state: State, row: Row) -> dict[str, Any]:
    """What a listing needs."""
    found = of_json(json.loads(row["probe"]))
    channel = state.row("select title from channels where id = ?", row["channel_id"])
    own = state.row("select 1 from thumbnails where video_id = ?", row["id"])
    minutes, seconds = divmod(round(found.duration_s), 60)
    return {
        "id": row["id"],
        "title": json.loads(row["snippet"])["title"],
        "thumbnail": own is not None,
        "channel": channel["title"] if channel else "",
        "privacy": status_now(state, row)["privacyStatus"],
        "length": f"{minutes}:{seconds:02d}",
        "tall": found.height > found.width,
    }


def _said(value: bool | None) -> str:
    return "not declared" if value is None else "yes" if value else "no"
