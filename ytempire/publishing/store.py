"""All SQL of publishing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ytempire.accounts import TenantKeys
from ytempire.channels import is_connected
from ytempire.events import announce
from ytempire.events.model import VideoPublished
from ytempire.kit.database import Connection
from ytempire.publishing.model import Comparison, Upload, UploadState


@dataclass(frozen=True)
class Sessions:
    """Rows of `uploads`; sessions are sealed on the way in and opened on the way out."""

    keys: TenantKeys

    async def ensure(self, conn: Connection, upload: Upload) -> Upload:
        """The video's upload: the row there is, or this new one."""
        await conn.execute(
            """
            insert into uploads (video_id, user_id, channel_id, marker, state, session_no, platform_id, file_sha256,
              created_at)
            values (%s, %s, %s, %s, 'planned', 0, '', %s, %s)
            on conflict (video_id) do nothing
            """,
            (
                upload.video_id, upload.user_id, upload.channel_id, upload.marker, upload.file_sha256,
                upload.created_at,
            ),
        )  # fmt: skip
        found = await self.find(conn, upload.video_id)
        if found is None:
            raise RuntimeError("the upload's row is gone within its own transaction")
        return found

    async def find(self, conn: Connection, video_id: UUID) -> Upload | None:
        """The video's upload, or None."""
        async with conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(
                "select video_id, user_id, channel_id, marker, state, session_no, session, platform_id, file_sha256,"
                " created_at, last_piece_at from uploads where video_id = %s",
                (video_id,),
            )
            row = await cursor.fetchone()
        return await self._opened(conn, row) if row else None

    async def start(self, conn: Connection, upload: Upload, *, session: str, file_sha256: str) -> bool:
        """Store a new session in place of the one the caller knows; False if another worker did meanwhile."""
        cursor = await conn.execute(
            """
            update uploads set state = 'started', session = %(sealed)s, session_no = session_no + 1,
              file_sha256 = %(sha)s, last_piece_at = null
            where video_id = %(video)s and session_no = %(known)s and state <> 'done'
            """,
            {
                "sealed": await self._sealed(conn, upload, session),
                "sha": file_sha256,
                "video": upload.video_id,
                "known": upload.session_no,
            },
        )
        return cursor.rowcount == 1

    async def _sealed(self, conn: Connection, upload: Upload, session: str) -> bytes:
        return await self.keys.seal(
            conn, session.encode(), user_id=upload.user_id, table="uploads", column="session", row=upload.video_id
        )

    async def _opened(self, conn: Connection, row: dict[str, Any]) -> Upload:
        session = ""
        if row["session"] is not None:
            plain = await self.keys.unseal(
                conn, bytes(row["session"]),
                user_id=row["user_id"], table="uploads", column="session", row=row["video_id"],
            )  # fmt: skip
            session = plain.decode()
        return Upload(**(row | {"state": UploadState(row["state"]), "session": session}))


async def mark_finishing(conn: Connection, video_id: UUID, now: datetime) -> None:
    """The last piece is about to be sent: from now on a video may exist."""
    await conn.execute(
        "update uploads set state = 'finishing', last_piece_at = %s where video_id = %s and state <> 'done'",
        (now, video_id),
    )


async def mark_done(conn: Connection, video_id: UUID, platform_id: str) -> None:
    """The video exists on the platform; its session is of no more use."""
    await conn.execute(
        "update uploads set state = 'done', platform_id = %s, session = null where video_id = %s",
        (platform_id, video_id),
    )


async def forget_upload(conn: Connection, video_id: UUID, platform_id: str) -> None:
    """The video was deleted on the platform, so it may be uploaded anew."""
    await conn.execute(
        "update uploads set state = 'planned', platform_id = '', session = null, last_piece_at = null"
        " where video_id = %s and platform_id = %s",
        (video_id, platform_id),
    )


@dataclass(frozen=True)
class PlaylistKey:
    """Which playlist: our channel, the platform's channel it is connected to, the title."""

    user_id: UUID
    channel_id: UUID
    platform_channel_id: str
    title: str


async def claim_playlist(
    conn: Connection, key: PlaylistKey, *, video_id: UUID, now: datetime, stale_before: datetime
) -> tuple[str, bool]:
    """(id of the playlist or empty, whether this video is to make it). A claim older than `stale_before` is void."""
    await conn.execute(
        """
        insert into playlists as p (user_id, channel_id, platform_channel_id, title, platform_id, made_by, claimed_at)
        values (%(user)s, %(channel)s, %(theirs)s, %(title)s, '', %(video)s, %(now)s)
        on conflict (channel_id, platform_channel_id, title) do update
          set made_by = excluded.made_by, claimed_at = excluded.claimed_at
          where p.platform_id = '' and (p.made_by = excluded.made_by or p.claimed_at < %(stale)s)
        """,
        _playlist(key) | {"video": video_id, "now": now, "stale": stale_before},
    )
    row = await (
        await conn.execute(
            "select platform_id, made_by = %(video)s from playlists where channel_id = %(channel)s"
            " and platform_channel_id = %(theirs)s and title = %(title)s",
            _playlist(key) | {"video": video_id},
        )
    ).fetchone()
    if row is None:
        raise RuntimeError("the playlist's row is gone within its own transaction")
    return str(row[0]), bool(row[1])


async def keep_playlist(conn: Connection, key: PlaylistKey, platform_id: str) -> None:
    """Remember the playlist's id; empty forgets it."""
    await conn.execute(
        "update playlists set platform_id = %(id)s where channel_id = %(channel)s"
        " and platform_channel_id = %(theirs)s and title = %(title)s",
        _playlist(key) | {"id": platform_id},
    )


@dataclass(frozen=True)
class Publication:
    """What stands on the platform."""

    video_id: UUID
    user_id: UUID
    channel_id: UUID
    platform: str
    platform_id: str
    url: str
    visibility: str
    disclosure: bool
    read_back: tuple[Comparison, ...]


async def save_publication(conn: Connection, made: Publication, now: datetime) -> None:
    """Note a publication, or what a later read-back found; of a channel that is not connected any more, only ours."""
    told = await is_connected(conn, made.channel_id)
    made = made if told else replace(made, visibility="", read_back=())
    cursor = await conn.execute(
        """
        with before as (select platform_id from publications where video_id = %(video_id)s)
        insert into publications (video_id, user_id, channel_id, platform, platform_id, url, visibility, disclosure,
          read_back, published_at, checked_at)
        values (%(video_id)s, %(user_id)s, %(channel_id)s, %(platform)s, %(platform_id)s, %(url)s, %(visibility)s,
          %(disclosure)s, %(read_back)s, %(now)s, %(now)s)
        on conflict (video_id) do update set platform = excluded.platform, platform_id = excluded.platform_id,
          url = excluded.url, visibility = excluded.visibility, disclosure = excluded.disclosure,
          read_back = excluded.read_back, checked_at = excluded.checked_at
        returning platform_id is distinct from (select platform_id from before)
        """,
        vars(made) | {"read_back": _json(made.read_back), "now": now},
    )
    if await cursor.fetchone() == (True,):
        news = VideoPublished(
            channel_id=made.channel_id, platform=made.platform, url=made.url, visibility=made.visibility
        )
        await announce(conn, made.video_id, news, now)


async def is_online(conn: Connection, video_id: UUID) -> bool:
    """Whether a version of the video stands on the platform, as far as we know: released, and not found deleted."""
    cursor = await conn.execute(
        "select from publications p join uploads u using (video_id)"
        " where p.video_id = %s and u.state = 'done' and u.platform_id = p.platform_id",
        (video_id,),
    )
    return await cursor.fetchone() is not None


async def forget_read_backs(conn: Connection, channel_id: UUID) -> None:
    """Delete what the platform said of the channel's videos; that and where they were published stays."""
    await conn.execute("update publications set read_back = '[]', visibility = '' where channel_id = %s", (channel_id,))


async def forget_playlists(conn: Connection, channel_id: UUID) -> None:
    """Delete the channel's playlists as the platform listed them; by their title they are found again."""
    await conn.execute("delete from playlists where channel_id = %s", (channel_id,))


async def forget_sessions(conn: Connection, channel_id: UUID) -> None:
    """Delete addresses that one could still send to without the token; the upload's state stays as it is."""
    await conn.execute("update uploads set session = null where channel_id = %s", (channel_id,))


def _json(read_back: Sequence[Comparison]) -> Jsonb:
    return Jsonb([asdict(comparison) for comparison in read_back])


def _playlist(key: PlaylistKey) -> dict[str, object]:
    return {"user": key.user_id, "channel": key.channel_id, "theirs": key.platform_channel_id, "title": key.title}
