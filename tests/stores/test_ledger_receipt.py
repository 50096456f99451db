"""A whole video's receipt, to the micro-dollar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ytempire.kit.clock import SetClock
from ytempire.kit.errors import OutcomeUnknown, VendorRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import (
    Bucket,
    Category,
    Ledger,
    Meters,
    PaidCall,
    Policy,
    QuotaCall,
    Receipt,
    ReceiptLine,
    Share,
    load_prices,
)

USER, VIDEO = new_id(), new_id()


def gives(meters: Meters):
    async def perform():
        return {}, meters

    return perform


def raises(error: Exception):
    async def perform():
        raise error

    return perform


async def test_a_receipt_to_the_microdollar(database):
    ledger = Ledger(database, SetClock(datetime(2026, 11, 23, 12, tzinfo=UTC)), load_prices(), Policy())

    def call(step: str, category: Category, what: str, estimate: Meters) -> PaidCall:
        return PaidCall(USER, VIDEO, step, category, what, f"{VIDEO}:{what}", estimate)

    cheap = Meters("openai", "gpt-6-luna", input_tokens=3_000, output_tokens=1_500)
    draft = Meters("openai", "gpt-6-luna", input_tokens=2_800, cached_input_tokens=1_000, output_tokens=777)
    strong = Meters("openai", "gpt-6.1-terra", input_tokens=4_000, output_tokens=2_000)
    dearer = Meters("openai", "gpt-6.1-terra", input_tokens=4_000, output_tokens=2_500)
    spoken = Meters("elevenlabs", "eleven_v4_turbo", characters=901)
    picture = Meters("local", "cpu", cpu_ms=90_000)

    await ledger.spend(call("script", Category.OPENAI, "draft", cheap), gives(draft))
    refused = VendorRefused("busy", vendor="openai", reason="slow_down", retry_after_s=1)
    with pytest.raises(VendorRefused):
        await ledger.spend(call("script", Category.OPENAI, "polish", strong), raises(refused))
    await ledger.spend(call("script", Category.OPENAI, "polish", strong), gives(dearer))
    lost = call("voice", Category.ELEVENLABS, "4 sentences", spoken)
    with pytest.raises(OutcomeUnknown):
        await ledger.spend(lost, raises(OutcomeUnknown("timeout", vendor="elevenlabs")))
    await ledger.spend(lost, gives(spoken))
    await ledger.saved(
        call("voice", Category.ELEVENLABS, "sentence 5", Meters("elevenlabs", "eleven_v4", characters=70))
    )
    await ledger.processing(USER, VIDEO, "render", f"{VIDEO}:render", 61_234, "61 s of CPU")
    thumbnail = call("thumbnail", Category.THUMBNAIL, "background", picture)
    with pytest.raises(OutcomeUnknown):
        await ledger.spend(thumbnail, raises(OutcomeUnknown("timeout", vendor="local")))

    async def done():
        return {}

    await ledger.spend_quota(QuotaCall(USER, VIDEO, "publish", Bucket.UPLOADS, "upload", "q1"), done)
    await ledger.spend_quota(QuotaCall(USER, VIDEO, "publish", Bucket.UNITS, "thumbnail", "q2", 50), done)
    await ledger.spend_quota(QuotaCall(USER, VIDEO, "publish", Bucket.UNITS, "read", "q3", 1, Share.READS), done)
    lost_read = QuotaCall(USER, VIDEO, "publish", Bucket.UNITS, "read", "q4", 1, Share.READS)
    with pytest.raises(OutcomeUnknown):
        await ledger.spend_quota(lost_read, raises(OutcomeUnknown("timeout", vendor="youtube")))

    assert await ledger.receipt(USER, VIDEO) == Receipt(
        video_id=VIDEO,
        lines=(
            ReceiptLine("script", "openai", "draft", 1_050, 1_050, 579, 0, 0, "settled"),
            ReceiptLine("script", "openai", "polish", 14_000, 14_000, 0, 0, 0, "void"),
            ReceiptLine("script", "openai", "polish", 0, 14_000, 16_500, 2_500, 0, "settled"),
            ReceiptLine("voice", "elevenlabs", "4 sentences", 36_040, 36_040, 36_040, 0, 0, "unknown"),
            ReceiptLine("voice", "elevenlabs", "4 sentences", 0, 36_040, 36_040, 0, 0, "settled"),
            ReceiptLine("voice", "elevenlabs", "sentence 5", 5_600, 0, 0, 0, 5_600, "cached"),
            ReceiptLine("render", "processing", "61 s of CPU", 851, 851, 851, 0, 0, "settled"),
            ReceiptLine("thumbnail", "thumbnail", "background", 1_250, 1_250, 0, 0, 0, "held"),
        ),
        estimate_microusd=58_791,
        held_microusd=103_231,
        actual_microusd=90_010,
        overrun_microusd=2_500,
        saved_microusd=5_600,
        cap_microusd=3_000_000,
        by_category=(
            ("openai", 17_079, 1_000_000),
            ("elevenlabs", 72_080, 500_000),
            ("thumbnail", 0, 200_000),
            ("processing", 851, 300_000),
        ),
        youtube_uploads=1,
        youtube_units=52,
    )
    cost = await ledger.video_cost(USER, VIDEO)
    assert (cost.spent_microusd, cost.held_microusd) == (90_010, 1_250)
    assert await ledger.audit() == []


async def test_a_video_without_calls_has_an_empty_receipt(database):
    ledger = Ledger(database, SetClock(datetime(2026, 11, 23, tzinfo=UTC)), load_prices(), Policy())
    receipt = await ledger.receipt(USER, new_id())
    assert (receipt.lines, receipt.actual_microusd, receipt.cap_microusd) == ((), 0, 3_000_000)
