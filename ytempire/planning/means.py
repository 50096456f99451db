"""Verb: what there is to make one more video with, and what it takes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ytempire.kit.database import Connection
from ytempire.planning import store
from ytempire.planning.model import Means, Need
from ytempire.planning.ports import Planner
from ytempire.planning.rules import estimate_microusd


async def look_at_means(
    planner: Planner, conn: Connection, user_id: UUID, now: datetime, *, playlist: bool
) -> tuple[Means, Need]:
    """The day's budgets with what is under way, and one video's need; `playlist`: it goes into one."""
    cap = planner.ledger.policy.video_cap
    under_way = await store.videos_under_way(conn)
    usual = await planner.ledger.usual_cost(conn, user_id)
    budgets = await planner.ledger.budgets_at(conn, user_id, now)
    means = Means(
        budgets={str(state.name): state for state in budgets},
        video_cap_microusd=cap,
        under_way=under_way,
        quota_under_way=planner.quota_of(videos=under_way.videos, in_playlists=under_way.in_playlists),
    )
    return means, Need(estimate_microusd(usual, cap), planner.quota_of(videos=1, in_playlists=int(playlist)))
