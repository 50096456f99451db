"""A user with as many rows as a list can show: for tests and benchmarks of what grows with rows."""

from __future__ import annotations

from typing import LiteralString
from uuid import UUID

from ytempire.kit.database import Database
from ytempire.kit.ids import new_id

_CHANNELS: LiteralString = """
    insert into channels (id, user_id, handle, name, niche, audience, tone, language, format, minutes, voice,
        music_mood, palette, look, mark, colours, category_id, made_for_kids, visibility, autopilot, playlist,
        upload_captions, created_at)
    select case when n = 1 then %(channel)s else gen_random_uuid() end, %(user)s, 'c' || n, 'Fathom Minute ' || n,
        'life in the deep sea', 'curious people', 'calm, exact', 'en', '9:16', 0.75, 'local:heart',
        'calm', 'midnight', 'bold', 'FM', '{}', '28', false, 'private', 'review', '',
        false, %(now)s::timestamptz - interval '1 year' + n * interval '1 second'
    from generate_series(1, %(count)s) n"""
_TOPICS: LiteralString = """
    insert into channel_topics (id, user_id, channel_id, position, topic, added_at)
    select gen_random_uuid(), %(user)s, %(channel)s, n, 'Why squid glow, part ' || n, %(now)s
    from generate_series(1, %(count)s) n"""
_VIDEOS: LiteralString = """
    insert into videos (id, user_id, channel_id, state, orders, title, topic, rehearsal, created_at, updated_at)
    select gen_random_uuid(), %(user)s, %(channel)s, 'published', '{}', 'Why squid glow, part ' || n, 'squid', true,
        %(now)s::timestamptz - n * interval '1 minute', %(now)s
    from generate_series(1, %(count)s) n"""
_KEYS: LiteralString = """
    insert into api_keys (id, user_id, name, secret_hash, scopes, created_at)
    select substr(md5(%(user)s::text || n), 1, 16), %(user)s, 'key ' || n, sha256(n::text::bytea), '{read}',
        %(now)s::timestamptz + n * interval '1 millisecond'
    from generate_series(1, %(count)s) n"""
_INVITATIONS: LiteralString = """
    insert into invitations (id, user_id, email, role, token_hash, created_at, expires_at)
    select gen_random_uuid(), %(user)s, n || '.' || %(user)s::text || '@example.org', 'creator',
        sha256((%(user)s::text || n)::bytea), %(now)s::timestamptz + n * interval '1 millisecond',
        %(now)s::timestamptz + interval '7 days'
    from generate_series(1, %(count)s) n"""
_BUDGETS: LiteralString = """
    insert into budgets (id, user_id, name, resource, cap, margin)
    select 'video:' || id, user_id, 'video', 'microusd', 3000000, 0 from videos where user_id = %(user)s
    on conflict do nothing"""
_SPENT: LiteralString = """
    update budgets set spent = 95000 where user_id = %(user)s and name = 'video'"""
_MEDIA: LiteralString = """
    insert into channel_media (id, user_id, channel_id, purpose, sha256, size_bytes, suffix, kind, width_px, height_px,
        duration_s, title, words, tags, licence, origin, added_at)
    select gen_random_uuid(), %(user)s, %(channel)s, 'library', encode(sha256(n::text::bytea), 'hex'), 1000, '.png',
        'image', 640, 480, 0, 'Squid ' || n, 'squid', '{}', '', '', %(now)s::timestamptz + n * interval '1 millisecond'
    from generate_series(1, %(count)s) n"""
_RUNS: LiteralString = """
    insert into runs (video_id, user_id, driver, token_id, token_hash, token_ends_at, state, claimed_at, seen_at,
        ended_at)
    select id, user_id, 'n8n', id, '', created_at, 'published', created_at, created_at, created_at
    from videos where user_id = %(user)s"""
EVERYTHING: tuple[LiteralString, ...] = (
    _CHANNELS,
    _TOPICS,
    _VIDEOS,
    _KEYS,
    _INVITATIONS,
    _MEDIA,
    _BUDGETS,
    _SPENT,
    _RUNS,
)


async def fill(database: Database, user_id: UUID, count: int, now: object) -> UUID:
    """So many rows of each kind; the channel that has all the topics and videos."""
    channel = new_id()
    values = {"user": user_id, "channel": channel, "count": count, "now": now}
    async with database.transaction(user_id) as conn:
        for statement in EVERYTHING:
            await conn.execute(statement, values)
    return channel
