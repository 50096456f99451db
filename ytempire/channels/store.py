"""SQL of channels, consents and connections; that of backlog and sources stands with their verbs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row

from ytempire.channels.model import (
    Autopilot,
    AutopilotConsent,
    Brand,
    Channel,
    Connection,
    ListedChannel,
    ReadyChannel,
    Source,
    Visibility,
)
from ytempire.channels.rules import covers
from ytempire.events import announce
from ytempire.events.model import ConnectionBroken
from ytempire.kit import database
from ytempire.kit.ids import new_id

_PLAIN = (
    "handle", "name", "niche", "audience", "tone", "language", "format", "minutes", "voice", "music_mood", "intro",
    "outro", "category_id", "made_for_kids", "playlist", "upload_captions", "publish_hour", "time_zone",
)  # fmt: skip
"""Columns that are called as the field is."""

# What feeds brought after a video was planned is no part of it: a refresh must not make its script anew.
_READ: LiteralString = """
select c.*, k.given_at as consented_at, k.visibility as consent_visibility, k.disclosure as consent_disclosure,
  array(select t.topic from channel_topics t where t.channel_id = c.id and t.state = 'waiting'
        order by t.pinned desc, t.position) as topics,
  array(select array[s.title, s.text, s.url] from channel_sources s
        where s.channel_id = c.id and s.kind <> 'item' order by s.position)
  || array(select array[s.title, s.text, s.url] from channel_sources s
        where s.channel_id = c.id and s.kind = 'item' and s.added_at <= %(as_of)s
        order by coalesce(s.published_at, s.added_at) desc, s.id limit 30) as sources
from channels c
left join channel_consents k on k.channel_id = c.id and k.revoked_at is null
"""

_LISTED: LiteralString = """
select c.*, k.given_at as consented_at, k.visibility as consent_visibility, k.disclosure as consent_disclosure,
  array[]::text[] as topics, array[]::text[] as sources,
  coalesce(l.title, '') as connected_to, coalesce(l.broken, '') as broken,
  (select count(*) from channel_topics t where t.channel_id = c.id and t.state = 'waiting') as topics_left,
  (select count(*) from channel_sources s where s.channel_id = c.id and s.kind <> 'item') as own_sources,
  exists (select from channel_sources s where s.channel_id = c.id) as has_sources,
  (select count(*) from channel_feeds f where f.channel_id = c.id) as feeds
from channels c
left join channel_consents k on k.channel_id = c.id and k.revoked_at is null
left join channel_connections l on l.channel_id = c.id
where (%(id)s::uuid is null or c.id = %(id)s)
  and (%(archived)s::boolean is null or (c.archived_at is not null) = %(archived)s)
  and (%(at)s::timestamptz is null or (c.created_at, c.id) > (%(at)s, %(after)s::uuid))
order by c.created_at, c.id limit %(limit)s
"""

_BY_ARCHIVE: LiteralString = """
where (c.archived_at is not null) = coalesce(%(archived)s, c.archived_at is not null)
order by c.created_at, c.id
"""

_CONNECTION: LiteralString = """
select channel_id, platform, platform_channel_id, title, scopes, connected_at, checked_at, broken
from channel_connections
"""

_CHANGE: LiteralString = """
update channels set handle = %(handle)s, name = %(name)s, niche = %(niche)s, audience = %(audience)s,
  tone = %(tone)s, language = %(language)s, format = %(format)s, minutes = %(minutes)s, voice = %(voice)s,
  music_mood = %(music_mood)s, intro = %(intro)s, outro = %(outro)s, palette = %(palette)s, look = %(look)s,
  mark = %(mark)s, colours = %(colours)s, category_id = %(category_id)s, made_for_kids = %(made_for_kids)s,
  visibility = %(visibility)s, autopilot = %(autopilot)s, playlist = %(playlist)s,
  upload_captions = %(upload_captions)s, publish_hour = %(publish_hour)s, time_zone = %(time_zone)s,
  version = version + 1
where id = %(id)s and version = %(version)s
"""

_READY: LiteralString = """
select c.id, c.handle, coalesce(nullif(c.time_zone, ''), u.time_zone) as time_zone, c.publish_hour,
  c.autopilot, c.visibility, k.given_at as consented_at, k.visibility as consent_visibility,
  k.disclosure as consent_disclosure,
  coalesce((select t.topic from channel_topics t where t.channel_id = c.id and t.state = 'waiting'
            order by t.pinned desc, t.position limit 1), '') as next_topic,
  (select count(*) from channel_topics t where t.channel_id = c.id and t.state = 'waiting') as topics_left,
  (select count(*) from channel_feeds f where f.channel_id = c.id) as feeds
from channels c
join users u on u.id = c.user_id
join channel_connections l on l.channel_id = c.id and l.broken = ''
left join channel_consents k on k.channel_id = c.id and k.revoked_at is null
where c.archived_at is null
order by c.created_at, c.id
"""


_ALWAYS = datetime.max.replace(tzinfo=UTC)


class HandleTaken(Exception):  # noqa: N818
    """Another channel of the user has this handle; the transaction is over."""


async def add_channel(conn: database.Connection, channel: Channel, now: datetime) -> bool:
    """Insert; False if the user has another channel of this handle."""
    cursor = await conn.execute(
        """
        insert into channels (id, user_id, handle, name, niche, audience, tone, language, format, minutes,
          voice, music_mood, intro, outro, palette, look, mark, colours, category_id, made_for_kids, visibility,
          autopilot, playlist, upload_captions, publish_hour, time_zone, created_at)
        values (%(id)s, %(user_id)s, %(handle)s, %(name)s, %(niche)s, %(audience)s, %(tone)s, %(language)s,
          %(format)s, %(minutes)s, %(voice)s, %(music_mood)s, %(intro)s, %(outro)s, %(palette)s, %(look)s, %(mark)s,
          %(colours)s, %(category_id)s, %(made_for_kids)s, %(visibility)s, %(autopilot)s, %(playlist)s,
          %(upload_captions)s, %(publish_hour)s, %(time_zone)s, %(now)s)
        on conflict (user_id, handle) do nothing
        """,
        _values(channel) | {"now": now},
    )
    return cursor.rowcount == 1


async def change_channel(conn: database.Connection, channel: Channel) -> bool:
    """Write all columns anew; False if there is no such channel of this version. Raises HandleTaken."""
    try:
        cursor = await conn.execute(_CHANGE, _values(channel))
    except UniqueViolation as error:
        raise HandleTaken(channel.handle) from error
    return cursor.rowcount == 1


async def set_archived(conn: database.Connection, channel_id: UUID, archived_at: datetime | None) -> None:
    """Archive or restore; a channel that is so already keeps its date and version."""
    await conn.execute(
        "update channels set archived_at = %(at)s, version = version + 1"
        " where id = %(id)s and (archived_at is null) <> (%(at)s::timestamptz is null)",
        {"id": channel_id, "at": archived_at},
    )


async def lock_live(conn: database.Connection, channel_id: UUID) -> bool:
    """Whether the channel is there and not archived; until the transaction ends it can't be archived."""
    cursor = await conn.execute("select archived_at is null from channels where id = %s for share", (channel_id,))
    row = await cursor.fetchone()
    return bool(row and row[0])


async def set_autopilot(conn: database.Connection, channel_id: UUID, autopilot: Autopilot) -> None:
    """Switch the autopilot."""
    await conn.execute(
        "update channels set autopilot = %s, version = version + 1 where id = %s", (autopilot.value, channel_id)
    )


async def add_consent(conn: database.Connection, consent: AutopilotConsent, *, user_id: UUID, channel_id: UUID) -> None:
    """Note the consent, in place of an earlier one."""
    await revoke_consent(conn, channel_id, consent.given_at)
    await conn.execute(
        "insert into channel_consents (id, user_id, channel_id, visibility, disclosure, given_at)"
        " values (%s, %s, %s, %s, %s, %s)",
        (new_id(), user_id, channel_id, consent.visibility.value, consent.disclosure, consent.given_at),
    )


async def revoke_consent(conn: database.Connection, channel_id: UUID, now: datetime) -> bool:
    """End the consent in force; False if there was none. Its row stays."""
    cursor = await conn.execute(
        "update channel_consents set revoked_at = %s where channel_id = %s and revoked_at is null", (now, channel_id)
    )
    return cursor.rowcount == 1


async def channel_by_id(
    conn: database.Connection, channel_id: UUID, *, as_of: datetime | None = None
) -> Channel | None:
    """The channel with its backlog and the sources it had at `as_of`, or None."""
    return await _one(conn, _READ + "where c.id = %(key)s", channel_id, as_of)


async def channel_by_handle(conn: database.Connection, handle: str, *, as_of: datetime | None = None) -> Channel | None:
    """The same by handle."""
    return await _one(conn, _READ + "where c.handle = %(key)s", handle, as_of)


async def all_channels(conn: database.Connection, *, archived: bool | None) -> list[Channel]:
    """The user's live or archived channels (None: both) in the order they were made, in one round trip."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            _READ + _BY_ARCHIVE,
            {"archived": archived, "as_of": _ALWAYS},
        )
        return [_channel(row) async for row in cursor]


async def listed_channels(
    conn: database.Connection,
    *,
    channel_id: UUID | None = None,
    archived: bool | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 1,
) -> list[ListedChannel]:
    """Channels in the order they were made, those after a place in it; in one round trip that reads no texts."""
    at, after_id = after or (None, None)
    wanted = {"id": channel_id, "archived": archived, "at": at, "after": after_id, "limit": limit}
    counted = ("created_at", "topics_left", "own_sources", "feeds", "has_sources", "connected_to", "broken")
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_LISTED, wanted)
        return [ListedChannel(_channel(row), **{name: row[name] for name in counted}) async for row in cursor]


async def ready_channels(conn: database.Connection) -> list[ReadyChannel]:
    """The user's live, connected channels, in one round trip."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_READY)
        return [_ready(row) async for row in cursor]


async def save_connection(
    conn: database.Connection, connection: Connection, *, user_id: UUID, sealed_refresh_token: bytes
) -> None:
    """Connect the channel, in place of an earlier connection."""
    await conn.execute(
        """
        insert into channel_connections (channel_id, user_id, platform, platform_channel_id, title, scopes,
          refresh_token, connected_at, checked_at, broken)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (channel_id) do update set platform = excluded.platform,
          platform_channel_id = excluded.platform_channel_id, title = excluded.title,
          scopes = excluded.scopes,
          refresh_token = excluded.refresh_token, connected_at = excluded.connected_at,
          checked_at = excluded.checked_at, broken = excluded.broken
        """,
        (
            connection.channel_id, user_id, connection.platform, connection.platform_channel_id,
            connection.title, list(connection.scopes), sealed_refresh_token, connection.connected_at,
            connection.checked_at, connection.broken,
        ),
    )  # fmt: skip


async def connection_of(conn: database.Connection, channel_id: UUID) -> Connection | None:
    """The channel's connection without its token, or None."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_CONNECTION + "where channel_id = %s", (channel_id,))
        row = await cursor.fetchone()
    return Connection(**(row | {"scopes": tuple(row["scopes"])})) if row else None


async def all_connections(conn: database.Connection) -> list[Connection]:
    """How the user's channels are connected, without tokens, in one round trip."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_CONNECTION)
        return [Connection(**(row | {"scopes": tuple(row["scopes"])})) async for row in cursor]


async def sealed_refresh_token(conn: database.Connection, channel_id: UUID) -> bytes | None:
    """The sealed token, or None."""
    row = await (
        await conn.execute("select refresh_token from channel_connections where channel_id = %s", (channel_id,))
    ).fetchone()
    return bytes(row[0]) if row else None  # type: ignore[call-overload]


async def set_checked(conn: database.Connection, channel_id: UUID, *, now: datetime, broken: str) -> None:
    """Note that the connection was tried, and why it failed (empty: it works)."""
    cursor = await conn.execute(
        "update channel_connections set checked_at = %(now)s, broken = %(broken)s from (select channel_id as same,"
        " broken as was from channel_connections where channel_id = %(id)s for update) before"
        " where channel_id = same returning was",
        {"now": now, "broken": broken, "id": channel_id},
    )
    row = await cursor.fetchone()
    if broken and row is not None and not row[0]:
        await announce(conn, channel_id, ConnectionBroken(reason=broken), now)


async def is_connected(conn: database.Connection, channel_id: UUID) -> bool:
    """Whether the channel is connected; if so, it stays connected until the transaction ends."""
    cursor = await conn.execute("select from channel_connections where channel_id = %s for share", (channel_id,))
    return await cursor.fetchone() is not None


async def delete_connection(conn: database.Connection, channel_id: UUID) -> None:
    """Forget the connection, token included."""
    await conn.execute("delete from channel_connections where channel_id = %s", (channel_id,))


async def _one(conn: database.Connection, sql: LiteralString, key: object, as_of: datetime | None) -> Channel | None:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql, {"key": key, "as_of": as_of or _ALWAYS})
        row = await cursor.fetchone()
    return _channel(row) if row else None


def _channel(row: dict[str, Any]) -> Channel:
    return Channel(
        id=row["id"],
        user_id=row["user_id"],
        **{name: row[name] for name in _PLAIN},
        brand=Brand(row["palette"], row["look"], row["mark"], tuple(row["colours"])),
        visibility=Visibility(row["visibility"]),
        autopilot=Autopilot(row["autopilot"]),
        consent=_consent(row),
        topics=tuple(row["topics"]),
        sources=tuple(Source(*source) for source in row["sources"]),
        version=row["version"],
        archived_at=row["archived_at"],
    )


def _ready(row: dict[str, Any]) -> ReadyChannel:
    agreed = covers(_consent(row), Visibility(row["visibility"]))
    return ReadyChannel(
        id=row["id"],
        handle=row["handle"],
        time_zone=row["time_zone"],
        publish_hour=row["publish_hour"],
        on_autopilot=row["autopilot"] == Autopilot.AUTO and agreed,
        next_topic=row["next_topic"],
        topics_left=row["topics_left"],
        feeds=row["feeds"],
    )


def _consent(row: dict[str, Any]) -> AutopilotConsent | None:
    if row["consented_at"] is None:
        return None
    return AutopilotConsent(row["consented_at"], Visibility(row["consent_visibility"]), row["consent_disclosure"])


def _values(channel: Channel) -> dict[str, object]:
    brand = channel.brand
    return {name: getattr(channel, name) for name in ("id", "user_id", "version", *_PLAIN)} | {
        "palette": brand.palette,
        "look": brand.look,
        "mark": brand.mark,
        "colours": list(brand.colours),
        "visibility": channel.visibility.value,
        "autopilot": channel.autopilot.value,
    }
