"""Rows of a tenant who has a channel, a video of it and a paid call, for tests of what the database itself keeps."""

from __future__ import annotations

from typing import LiteralString
from uuid import UUID

from ytempire.kit.ids import new_id


def new_tenant() -> dict[str, UUID]:
    """The ids that the rows need."""
    return {"user": new_id(), "channel": new_id(), "video": new_id(), "call": new_id()}


_USER: LiteralString = "insert into users (id, name, time_zone, created_at) values (%(user)s, 'x', 'UTC', now())"
_CHANNEL: LiteralString = """
    insert into channels (id, user_id, handle, name, niche, audience, tone, language, format, minutes, voice,
        music_mood, palette, look, mark, colours, category_id, made_for_kids, visibility, autopilot, playlist,
        upload_captions, created_at)
    values (%(channel)s, %(user)s, 'x', '', '', '', '', '', '', 1, '',
        '', '', '', '', '{}', '', false, 'private', 'review', '',
        false, now())"""
_VIDEO: LiteralString = """
    insert into videos (id, user_id, channel_id, orders, rehearsal, created_at, updated_at)
    values (%(video)s, %(user)s, %(channel)s, '{}', true, now(), now())"""
_CALL: LiteralString = """
    insert into paid_calls (id, user_id, step, resource, category, what, once, attempt, state, claimed, performed,
        estimate, estimated_meters, hold_id, hold_amount, hold_state, begun_at)
    values (%(call)s, %(user)s, '', 'microusd', '', '', 'x', 1, 'open', false, 0,
        0, '{}', gen_random_uuid(), 0, 'void', now())"""

TENANT_WITH_A_VIDEO: tuple[LiteralString, ...] = (_USER, _CHANNEL, _VIDEO, _CALL)
