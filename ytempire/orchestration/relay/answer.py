"""Verb: answer a request of a run with the vendor's own answer, paid once."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from uuid import UUID

from ytempire.kit.errors import Conflict, NotConfigured, NotFound, Superseded
from ytempire.kit.media_store import MediaRef
from ytempire.ledger import Meters, OutsideCall, PaidCall
from ytempire.orchestration.model import WrongState
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.ports import Answered, Asked, Checked, VendorRelay
from ytempire.orchestration.relay.model import Relayed
from ytempire.orchestration.relay.rules import PLACES, attempt_now, once_of
from ytempire.orchestration.runs import RunState, find_run
from ytempire.orchestration.runs import store as runs

POLL_S = 0.2
_MOST_LOST = 9
JsonObject = dict[str, Any]


async def relay_call(
    platform: Platform, user_id: UUID, video_id: UUID, vendor: str, asked: Asked, *, key: str | None = None
) -> Relayed:
    """The vendor's answer: now, or as it was recorded for the same request (or the same `key`).

    A request that is being made already is waited for. Raises NotFound, WrongState (the run has ended), BadInput,
    NotConfigured, BudgetRefused, VendorRefused, OutcomeUnknown, Conflict (still being made).
    """
    port = relay_of(platform, vendor)
    checked = port.check(asked)
    await require_driving(platform, user_id, video_id)
    prefix, name = once_of(video_id, vendor, asked, key)
    if await platform.tools.ledger.recorded(user_id, name) is None:
        await platform.tools.ledger.require_new(user_id, video_id, prefix=prefix, name=name)
    for lost in range(_MOST_LOST):
        once = f"{name}:{lost + 1}" if lost else name  # the sound of an earlier call was cleared away: another call
        kept, repeated = await _paid(platform, port, checked, once, user_id=user_id, video_id=video_id, vendor=vendor)
        media = platform.tools.media
        sound = MediaRef(**kept["sound"]) if kept["sound"] else None
        if sound is None or media.has(sound):
            encoded = base64.b64encode(media.path(sound).read_bytes()) if sound else b""
            call = await platform.tools.ledger.recorded(user_id, once)
            if call is None:
                break
            body = b"".join((kept["text"].encode(), encoded, kept["rest"].encode()))
            return Relayed(call.id, call.booked, repeated, body, kept["headers"])
    raise NotFound("the media store loses what is put into it", fix="Check the disk of the media folder.")


def relay_of(platform: Platform, vendor: str) -> VendorRelay:
    """The vendor's side. Raises NotConfigured."""
    port = platform.relays.get(vendor)
    if port is None:
        raise NotConfigured(f"{vendor} is not set up here", fix="Give the installation this vendor's key.")
    return port


async def require_driving(platform: Platform, user_id: UUID, video_id: UUID) -> None:
    """Note the sign of life. Raises NotFound without a run, WrongState if it has ended."""
    async with platform.tools.database.transaction(user_id) as conn:
        run, _ = await find_run(conn, video_id)
        if run.state is not RunState.DRIVING:
            raise WrongState(
                f"the run has ended ({run.state}): {run.reason or 'the video has come to rest'}",
                field="video",
                fix="Nothing more may be paid for it; what is held can still be settled or voided.",
            )
        await runs.seen(conn, video_id, platform.tools.clock.now())


async def _paid(
    platform: Platform,
    port: VendorRelay,
    checked: Checked,
    once: str,
    *,
    user_id: UUID,
    video_id: UUID,
    vendor: str,
) -> tuple[JsonObject, bool]:
    """The recorded answer, and whether it was there before."""
    tools, place, made = platform.tools, PLACES[vendor], False

    def kept(answer: Answered) -> tuple[JsonObject, Meters]:
        nonlocal made
        made = True
        sound = vars(tools.media.put_bytes(answer.sound, answer.suffix)) if answer.sound else None
        told = {"text": answer.text, "rest": answer.rest, "sound": sound}
        return told | {"headers": dict(answer.headers)}, answer.meters

    async def perform() -> tuple[JsonObject, Meters]:
        return kept(await port.call(checked, once))

    async def look() -> tuple[JsonObject, Meters] | None:
        found = await port.look(checked, once)
        return kept(found) if found else None

    for _ in range(int(port.longest_s / POLL_S) + 1):
        attempt = _attempt(await tools.ledger.recorded(user_id, once), platform, port.longest_s)
        if attempt is not None:
            call = PaidCall(
                user_id=user_id,
                video_id=video_id,
                step=place.step,
                category=place.category,
                what=checked.what,
                once=once,
                estimate=checked.estimate,
                attempt=attempt,
                role=checked.role,
            )
            try:
                result = await tools.ledger.spend(call, perform, look if checked.can_look else None)
            except Superseded:  # the same request came twice at once
                made = False
            else:
                return result, not made
        await asyncio.sleep(POLL_S)
    raise Conflict(
        "the same request is still being made", fix="Repeat it in a moment, as it is: it is not paid twice.",
        code="in_flight",
    )  # fmt: skip


def _attempt(known: OutsideCall | None, platform: Platform, longest_s: float) -> int | None:
    if known is None:
        return 1
    age_s = (platform.tools.clock.now() - known.begun_at).total_seconds()
    return attempt_now(known.attempt, age_s, claimed=known.claimed, longest_s=longest_s)
