"""What the sandbox charged and what it did, for `GET /_books`."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sandbox.state import State


def charge(
    state: State,
    *,
    vendor: str,
    operation: str,
    model: str,
    request_hash: str,
    marker: str | None,
    cost_microusd: int,
    meters: dict[str, Any],
    reference: str,
) -> None:
    """Write one bill. Call it inside the transaction that records the effect it pays for."""
    state.run(
        "insert into bills (at, vendor, operation, model, request_hash, marker, cost_microusd, meters, reference)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        state.now(),
        vendor,
        operation,
        model,
        request_hash,
        marker,
        cost_microusd,
        json.dumps(meters),
        reference,
    )


def spent_microusd(state: State, vendor: str) -> int:
    """Sum of a vendor's bills in micro-dollars."""
    found = state.row("select coalesce(sum(cost_microusd), 0) as n from bills where vendor = ?", vendor)
    return int(found["n"]) if found else 0


def books(state: State, marker: str | None = None) -> dict[str, Any]:
    """All bills and effects. `marker` is a tag prefix: uploads that share such a tag count as one video twice."""
    bills = [
        dict(row) | {"meters": json.loads(row["meters"])}
        for row in state.rows(
            "select id, at, vendor, operation, model, request_hash, marker, cost_microusd, meters,"
            " reference from bills order by id"
        )
    ]
    uploads = _uploads(state)
    return {
        "vendors": {vendor: _sum(bills, vendor) for vendor in ("openai", "elevenlabs")},
        "bills": bills,
        "paid_twice": _twice(
            (bill["vendor"], bill["operation"], bill["marker"] or bill["request_hash"]) for bill in bills
        ),
        "uploads": uploads,
        "uploaded_twice": _uploaded_twice(uploads, marker),
        "quota": [
            dict(row)
            for row in state.rows("select project, day, bucket, used from quota order by project, day, bucket")
        ],
        "quota_calls": [
            dict(row)
            for row in state.rows(
                "select project, day, bucket, operation, calls, units from quota_calls"
                " order by project, day, bucket, operation"
            )
        ],
        "playlist_items": [
            dict(row)
            for row in state.rows(
                "select playlist_id, video_id, count(*) as times from playlist_items group by 1, 2 order by 1, 2"
            )
        ],
        "captions": [
            dict(row) for row in state.rows("select video_id, language, name from captions order by video_id, language")
        ],
        "thumbnails": [dict(row) for row in state.rows("select video_id, width, height from thumbnails")],
        "calls": [dict(row) for row in state.rows("select * from calls order by vendor, operation, status")],
    }


def _sum(bills: list[dict[str, Any]], vendor: str) -> dict[str, int]:
    own = [bill for bill in bills if bill["vendor"] == vendor]
    return {"paid_calls": len(own), "cost_microusd": sum(bill["cost_microusd"] for bill in own)}


def _twice(keys: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
    return [
        {"vendor": key[0], "operation": key[1], "key": key[2], "times": count}
        for key, count in Counter(keys).items()
        if count > 1
    ]


def _uploads(state: State) -> list[dict[str, Any]]:
    found = []
    for row in state.rows("select * from videos order by seq"):
        snippet = json.loads(row["snippet"])
        found.append(
            {
                "video_id": row["id"],
                "channel_id": row["channel_id"],
                "at": row["uploaded"],
                "title": snippet.get("title", ""),
                "tags": snippet.get("tags", []),
                "bytes": row["bytes"],
                "sha256": row["sha256"],
                "session": row["session_id"],
                "deleted": row["deleted"] is not None,
            }
        )
    return found


def _uploaded_twice(uploads: list[dict[str, Any]], marker: str | None) -> list[dict[str, Any]]:
    if marker is None:
        counted = Counter((item["channel_id"], item["sha256"]) for item in uploads)
    else:
        counted = Counter(
            (item["channel_id"], tag) for item in uploads for tag in item["tags"] if tag.startswith(marker)
        )
    return [{"channel_id": key[0], "key": key[1], "times": count} for key, count in counted.items() if count > 1]
