"""What a video cost, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ytempire.kit.database import Database
from ytempire.ledger.ladder.model import CheaperWay
from ytempire.ledger.ladder.store import ways
from ytempire.ledger.model import Bucket, Policy
from ytempire.ledger.receipts.model import Receipt, ReceiptLine, VideoCost
from ytempire.ledger.receipts.store import receipt_rows
from ytempire.ledger.rules import MICROUSD, line_caps
from ytempire.ledger.store import budget_states

STATES = {"settle": "settled", "reconcile": "settled", "void": "void", "unknown": "unknown", "hold": "held"}


async def receipt(database: Database, policy: Policy, user_id: UUID, video_id: UUID) -> Receipt:
    """Lines, sums, the split and YouTube's quota; all zero for a video without calls."""
    async with database.transaction(user_id) as conn:
        rows = await receipt_rows(conn, user_id, video_id)
        cheaper = await ways(conn, user_id, video_id)
    return make_receipt(video_id, rows, policy, cheaper)


def make_receipt(
    video_id: UUID, rows: list[dict[str, Any]], policy: Policy, cheaper: Sequence[CheaperWay] = ()
) -> Receipt:
    """A receipt from its rows."""
    seen: set[UUID] = set()
    lines = tuple(_line(row, seen) for row in rows if row["resource"] == MICROUSD)
    by_category: Counter[str] = Counter()
    for line in lines:
        by_category[line.category] += line.actual_microusd
    quota: Counter[str] = Counter()
    for row in rows:
        if row["resource"] != MICROUSD and row["state"] != "cached":
            quota[row["resource"] if row["resource"] == "units" else row["category"]] += _used(row)
    return Receipt(
        video_id=video_id,
        lines=lines,
        estimate_microusd=sum(line.estimate_microusd for line in lines),
        held_microusd=sum(line.held_microusd for line in lines),
        actual_microusd=sum(line.actual_microusd for line in lines),
        overrun_microusd=sum(line.overrun_microusd for line in lines),
        saved_microusd=sum(line.saved_microusd for line in lines),
        cap_microusd=policy.video_cap,
        by_category=tuple((str(category), by_category[category], cap) for category, cap in line_caps(policy)),
        youtube_uploads=quota[Bucket.UPLOADS],
        youtube_units=quota["units"],
        cheaper=tuple(cheaper),
    )


def _line(row: dict[str, Any], seen: set[UUID]) -> ReceiptLine:
    """A hold as a line; a call that needed several holds was estimated once."""
    again = row["id"] in seen
    seen.add(row["id"])
    cached = row["state"] == "cached" and not row["kinds"]
    return ReceiptLine(
        step=row["step"],
        category=row["category"],
        what=row["what"],
        estimate_microusd=0 if again else row["estimate"],
        held_microusd=int(row["taken"] or 0),
        actual_microusd=int(row["spent"] or 0) + int(row["overrun"] or 0),
        overrun_microusd=int(row["overrun"] or 0),
        saved_microusd=row["saved"],
        state="cached" if cached else _state(row),
    )


def _state(row: dict[str, Any]) -> str:
    """The last word on a hold; a hold whose late bill was nothing was void after all."""
    last = row["kinds"][-1]
    if last == "reconcile" and not row["spent"] and not row["overrun"]:
        return "void"
    return STATES[last]


def _used(row: dict[str, Any]) -> int:
    under_way = row["taken"] if row["kinds"][-1] == "hold" else 0
    return int(under_way) + int(row["spent"]) + int(row["overrun"])


async def video_cost(database: Database, policy: Policy, user_id: UUID, video_id: UUID) -> VideoCost:
    """A video's money without its lines."""
    async with database.transaction(user_id) as conn:
        states = await budget_states(conn, [f"video:{video_id}"])
    video = next((state for state in states if state.name == "video"), None)
    return VideoCost(
        held_microusd=video.held if video else 0,
        spent_microusd=video.spent + video.overrun if video else 0,
        cap_microusd=policy.video_cap,
    )
