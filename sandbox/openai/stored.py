"""Stored completions: list by metadata, get, change, delete, and the messages of one."""

import json
from typing import Any

from sandbox.openai.errors import Refused
from sandbox.state import State


def page(state: State, query: list[tuple[str, str]]) -> dict[str, Any]:
    """One page of stored completions; `metadata[key]=value` filters, `after` is the last id of the page before."""
    plain = dict(query)
    filters = {key[9:-1]: value for key, value in query if key.startswith("metadata[") and key.endswith("]")}
    order = "desc" if plain.get("order") == "desc" else "asc"
    seen_until = state.now() - float(state.setting("openai_store_lag_s"))
    found = []
    for row in state.rows(f"select * from completions where created <= ? order by seq {order}", seen_until):  # noqa: S608
        metadata = json.loads(row["metadata"])
        if plain.get("model") in (None, row["model"]) and filters.items() <= metadata.items():
            found.append(json.loads(row["body"]) | {"metadata": metadata})
    return _cut(found, plain, "completion")


def get(state: State, completion_id: str) -> dict[str, Any]:
    """One stored completion."""
    row = state.row("select body, metadata from completions where id = ?", completion_id)
    if row is None:
        raise Refused("not_found", f"Completion '{completion_id}' not found.")
    body: dict[str, Any] = json.loads(row["body"])
    return body | {"metadata": json.loads(row["metadata"])}


def relabel(state: State, completion_id: str, metadata: dict[str, str]) -> dict[str, Any]:
    """Replace a stored completion's metadata."""
    state.run("update completions set metadata = ? where id = ?", json.dumps(metadata), completion_id)
    return get(state, completion_id)


def delete(state: State, completion_id: str) -> dict[str, Any]:
    """Forget a stored completion."""
    get(state, completion_id)
    state.run("delete from completions where id = ?", completion_id)
    return {"id": completion_id, "object": "chat.completion.deleted", "deleted": True}


def messages(state: State, completion_id: str, query: list[tuple[str, str]]) -> dict[str, Any]:
    """The messages that were sent for a stored completion."""
    get(state, completion_id)
    row = state.row("select messages from completions where id = ?", completion_id)
    sent = json.loads(row["messages"]) if row else []
    found = []
    for at, message in enumerate(sent):
        content = message.get("content")
        parts = content if isinstance(content, list) else None
        found.append(
            {
                "id": f"{completion_id}-{at}",
                "role": message.get("role", "user"),
                "refusal": None,
                "content": content if parts is None else None,
                "content_parts": parts,
                "name": message.get("name"),
            }
        )
    plain = dict(query)
    return _cut(found[::-1] if plain.get("order") == "desc" else found, plain, "message")


def _cut(found: list[dict[str, Any]], plain: dict[str, str], what: str) -> dict[str, Any]:
    limit = int(plain.get("limit", 20))
    if not 1 <= limit <= 100:
        raise Refused("invalid_value", "Invalid 'limit': it lies between 1 and 100.", "limit")
    after = plain.get("after")
    if after is not None:
        ids = [item["id"] for item in found]
        if after not in ids:
            raise Refused("not_found", f"No {what} '{after}'.", "after")
        found = found[ids.index(after) + 1 :]
    cut = found[:limit]
    return {
        "object": "list",
        "data": cut,
        "first_id": cut[0]["id"] if cut else None,
        "last_id": cut[-1]["id"] if cut else None,
        "has_more": len(found) > limit,
    }
