"""The simulator: what it promises holds, what is not kept is found, and a day that is too dear stops and resumes."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

import pytest

from ytempire.bootstrap import simulation
from ytempire.kit.settings import Settings
from ytempire.ledger import Policy
from ytempire.orchestration.simulation import Report, Wishes, broken_promises, facts_of

SAMPLE = Wishes(days=2, users=3, channels=2, faults=0.1, seed=5)
LOWER = Policy(platform_day_cap=50_000)
"""A video costs about $0.03: a day's three pass this cap, unless the ledger keeps it."""
ROOM_FOR_TWO = Policy(platform_day_cap=3_050_000)
"""A user's first video is planned at the cap of $3.00, which the day has no room for once two were made."""


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="ytempire-simulate-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


async def played(folder: Path, wishes: Wishes, *, promised: Policy, kept: Policy | None = None) -> Report:
    settings = Settings(state_dir=folder, rehearsal=True)
    report = await simulation.play(
        settings, promised, wishes, processes=0, tell=lambda _words, _played: None, policy=kept
    )
    assert list(folder.glob("simulation-*")) == []
    return report


async def test_every_day_is_served_whatever_fails_and_no_limit_is_passed(folder):
    report = await played(folder, SAMPLE, promised=Policy())
    facts = facts_of(report, cheap_model="gpt-6-luna")
    assert broken_promises(report) == []
    assert sum(report.faults_struck.values()) > 0
    assert facts["videos_published"] == facts["videos_ordered"] == facts["uploads"] == 6
    assert (facts["videos_per_user_min"], facts["videos_per_user_max"], facts["rotation_difference"]) == (2, 2, 0)
    assert 0 < facts["max_day_usd"] < 150
    assert 0 < facts["max_video_usd"] < 3
    assert 0 < facts["max_day_units"] <= 7_000
    assert facts["bills_of_vendors_usd"]["openai"] <= facts["by_category_usd"]["openai"]
    assert facts["cache_hit_rate_of"]
    assert (facts["uploaded_twice"], facts["calls_paid_twice"], facts["ledger_differences"]) == (0, 0, [])

    again = await played(folder, dataclasses.replace(SAMPLE, faults=0), promised=LOWER, kept=Policy())
    # The ledger was told of higher caps than were promised: whoever judges must see it.
    assert again.faults_struck == {}
    assert again.plan == report.plan
    assert any(line.startswith("platform-day: ") for line in broken_promises(again))


async def test_a_day_that_is_too_dear_stops_and_the_next_one_goes_on(folder):
    report = await played(folder, dataclasses.replace(SAMPLE, faults=0), promised=ROOM_FOR_TWO)
    assert broken_promises(report) == []
    assert report.slots["came_late"] > 0
    assert report.longest_slot_wait_s >= 3_600
    assert len([day for day in report.days if day.published]) >= 2
