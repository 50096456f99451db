"""Nothing is lost, paid twice or uploaded twice, whatever dies when: by the sandbox's own books."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.stories.killing import Campaign, points
from ytempire.bootstrap import ensure_demo_channels, open_session
from ytempire.orchestration.order import order_video
from ytempire.production import OrderWishes, new_order, select_steps
from ytempire.production.model import VideoState

VOICE = "elevenlabs:JBFqnCBsd6RMkjVDRZzb"
SAMPLE = (
    "script.after_call",
    "voice.before_call",
    "voice.after_call",
    "render.after_scene",
    "publish.after_call",
    "publish.recorded",
)


async def test_a_killed_worker_loses_nothing_and_repeats_nothing_paid(
    services_dir: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    kills = int(request.config.getoption("--kills"))
    state_dir = services_dir / f"kill-{kills}"
    monkeypatch.setenv("YTEMPIRE_STATE_DIR", str(state_dir))
    monkeypatch.setenv("YTEMPIRE_STALLED_AFTER_S", "1.5")
    async with open_session(rehearsal=True) as session:
        channel = (await ensure_demo_channels(session))[0]
        campaign = Campaign(session, worker_env(session.sandbox_url, session.state_dir), session.state_dir)
        left = list(points() if kills else SAMPLE)
        while left or len(campaign.killed) < kills:
            wishes = OrderWishes(minutes=0.25, voice=VOICE, even_if_similar=True)
            video = await order_video(session.platform, channel, new_order(channel, wishes))
            wanted = left or points()
            left = wanted[await campaign.run(video, wanted) :]
        tools = session.platform.tools
        for video in campaign.videos:
            seen = await campaign.now(video)
            assert seen.state is VideoState.PUBLISHED, seen.reason
            async with tools.database.transaction(video.user_id) as conn:
                assert {row.state for row in await select_steps(conn, video.id)} == {"done"}
        books = httpx.get(f"{session.sandbox_url}/_books").raise_for_status().json()
        assert books["paid_twice"] == []
        assert books["uploaded_twice"] == []
        assert len(books["uploads"]) == len(campaign.videos)
        await _every_bill_is_on_a_receipt(campaign, books)
        assert await tools.ledger.audit() == []
    by_step = Counter(point.partition(".")[0] for point in campaign.killed)
    print(
        f"\n{len(campaign.killed)} kills at {len(set(campaign.killed))} points in {len(campaign.videos)} videos"
        f" ({dict(by_step)}): lost 0, paid twice 0, uploaded twice 0, ledger balanced;"
        f" not passed again: {dict(Counter(campaign.not_passed))}"
    )


async def _every_bill_is_on_a_receipt(campaign: Campaign, books: dict[str, list[dict[str, object]]]) -> None:
    ledger = campaign.session.platform.tools.ledger
    settled = 0
    for video in campaign.videos:
        receipt = await ledger.receipt(video.user_id, video.id)
        paid = [line for line in receipt.lines if line.category in {"openai", "elevenlabs"}]
        assert {line.state for line in paid} <= {"settled", "cached"}
        settled += sum(line.state == "settled" and line.actual_microusd > 0 for line in paid)
    assert settled == len(books["bills"])


def worker_env(sandbox_url: str, state_dir: Path) -> dict[str, str]:
    return {
        "YTEMPIRE_STATE_DIR": str(state_dir),
        "YTEMPIRE_REHEARSAL": "true",
        "YTEMPIRE_SANDBOX_URL": sandbox_url,
        "YTEMPIRE_STALLED_AFTER_S": "1.5",
    }
