"""The history of generated speech: newest first, paged by the last id, searchable by text."""

import json
from pathlib import Path
from typing import Any

from sandbox.elevenlabs.catalogue import catalogue
from sandbox.elevenlabs.errors import Invalid, Refused
from sandbox.elevenlabs.speech import content_type
from sandbox.state import Row, State


def page(state: State, query: dict[str, str]) -> dict[str, Any]:
    """Answer of GET /v1/history (elevenlabs.types.GetSpeechHistoryResponse)."""
    size = query.get("page_size", "100")
    if not size.isdecimal() or not 1 <= int(size) <= 1000:
        raise Invalid(["query", "page_size"], "Input should lie between 1 and 1000")
    if query.get("model_id") and not query.get("source"):
        raise Invalid(["query", "source"], "source is required when model_id is given")
    rows = [row for row in state.rows("select * from speech_history order by seq desc") if _fits(row, query)]
    if query.get("sort_direction") == "asc":
        rows.reverse()
    after = query.get("start_after_history_item_id")
    if after:
        ids = [row["id"] for row in rows]
        rows = rows[ids.index(after) + 1 :] if after in ids else []
    cut = rows[: int(size)]
    return {
        "history": [_item(row) for row in cut],
        "last_history_item_id": cut[-1]["id"] if cut else None,
        "has_more": len(rows) > len(cut),
        "scanned_until": int(cut[-1]["created"]) if cut else None,
    }


def get(state: State, item_id: str) -> dict[str, Any]:
    """One item (elevenlabs.types.SpeechHistoryItemResponse), its alignments included."""
    return _item(_row(state, item_id))


def audio(state: State, item_id: str) -> tuple[Path, str]:
    """(file, MIME type) of an item's audio as it was generated."""
    row = _row(state, item_id)
    return state.files / row["file"], content_type(row["output_format"])


def delete(state: State, item_id: str) -> dict[str, str]:
    """Forget an item."""
    _row(state, item_id)
    state.run("delete from speech_history where id = ?", item_id)
    return {"status": "ok"}


def _row(state: State, item_id: str) -> Row:
    row = state.row("select * from speech_history where id = ?", item_id)
    if row is None:
        raise Refused("history_item_not_found")
    return row


def _fits(row: Row, query: dict[str, str]) -> bool:
    return (
        query.get("voice_id") in (None, row["voice_id"])
        and query.get("model_id", "") in row["model_id"]
        and query.get("source", "TTS") == "TTS"
        and query.get("search", "").casefold() in row["text"].casefold()
        and row["created"] >= float(query.get("date_after_unix", 0))
        and row["created"] < float(query.get("date_before_unix", 1e12))
    )


def _item(row: Row) -> dict[str, Any]:
    alignment = json.loads(row["alignments"])
    return {
        "history_item_id": row["id"],
        "request_id": row["request_id"],
        "voice_id": row["voice_id"],
        "model_id": row["model_id"],
        "voice_name": catalogue()["voices"][row["voice_id"]]["name"],
        "voice_category": "premade",
        "text": row["text"],
        "date_unix": int(row["created"]),
        "character_count_change_from": row["credits_before"],
        "character_count_change_to": row["credits_before"] + row["credits"],
        "content_type": content_type(row["output_format"]),
        "state": "created",
        "settings": json.loads(row["settings"]),
        "feedback": None,
        "share_link_id": None,
        "source": "TTS",
        "alignments": {"alignment": alignment, "normalized_alignment": alignment},
        "output_format": row["output_format"],
    }
