"""A simulation's jobs count exactly if the transaction that asked for them commits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ytempire.kit.clock import SetClock
from ytempire.kit.ids import new_id
from ytempire.orchestration.simulation import CommitTelling, Schedule

NOW = datetime(2026, 10, 5, tzinfo=UTC)


async def test_a_job_counts_once_its_transaction_has_committed(database_urls):
    database = CommitTelling(database_urls.app)
    schedule = Schedule(database, SetClock(NOW))
    await database.open()
    video, user = new_id(), new_id()
    async with database.transaction(user) as conn:
        await schedule.enqueue(conn, video, user, "light", rehearsal=True, after_s=900)
        assert schedule.take() == []
    (job,) = schedule.take()
    assert (job.video_id, job.user_id, job.queue, job.at) == (video, user, "light", NOW + timedelta(minutes=15))

    async def ask_and_fail() -> None:
        async with database.transaction(user) as conn:
            await schedule.enqueue(conn, video, user, "light", rehearsal=True)
            raise LookupError

    with pytest.raises(LookupError):
        await ask_and_fail()
    async with database.transaction(user):
        pass
    assert schedule.take() == []
    await database.close()
