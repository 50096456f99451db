"""The drill: an installation is backed up, lost, and restored into a fresh state; and what a restore refuses."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests.conftest import DatabaseUrls
from tests.stores.full_state import TOKEN, fill
from ytempire.accounts import TenantKeys
from ytempire.kit.clock import SetClock
from ytempire.kit.crypto import new_key, wrapping_key
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput
from ytempire.kit.media_store import LocalMediaStore, MediaRef
from ytempire.kit.settings import Settings
from ytempire.ledger import Policy
from ytempire.local import care
from ytempire.local.backup import Made, Source, backups_in, is_due, make_backup, restore_backup
from ytempire.local.backup.model import BackupFailed, TableSum
from ytempire.local.backup.rules import differences, made_when, name_of
from ytempire.local.backup.telling import told_of_backup
from ytempire.local.machine import ServiceAddresses, local_services

NOW = datetime(2030, 1, 2, tzinfo=UTC)
POLICY = Policy.in_dollars(video="3", platform_day="150", cpu_hour="0.05", money_day_zone="UTC")


@dataclass(frozen=True)
class Stage:
    folder: Path
    source: Source
    clock: SetClock
    user: UUID
    refs: list[MediaRef]

    @property
    def place(self) -> Path:
        return self.folder / "backups"

    async def backup(self, keep: int = 10) -> Made:
        self.clock.at += timedelta(hours=1)
        return await make_backup(self.source, self.place, self.clock, keep=keep)


def own_key(state_dir: Path) -> Path:
    return state_dir / "secrets" / "wrapping.key"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the account of an embedded PostgreSQL may enter."""
    path = Path(tempfile.mkdtemp(prefix="ytempire-backup-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
async def stage(database: Database, database_urls: DatabaseUrls, folder: Path) -> Stage:
    state = folder / "lost"
    media = LocalMediaStore(state / "media", floor_bytes=0)
    key_file = state / "secrets" / "wrapping.key"
    user, refs = await fill(database, database_urls.admin, media, key_file, calls=50, sizes=[1_000, 200_000, 3])
    (state / "prices.json").write_text("{}")
    return Stage(folder, Source(database_urls.dump, media, key_file, state), SetClock(NOW), user, refs)


async def test_what_is_lost_is_back_as_it_was_after_a_restore(stage: Stage) -> None:
    made = await stage.backup()
    assert not made.manifest.books
    assert not any("wrapping" in file.name for file in stage.place.rglob("*"))
    key = stage.folder / "kept-elsewhere.key"
    shutil.copyfile(stage.source.key_file, key)
    shutil.rmtree(stage.source.state_dir)

    fresh = stage.folder / "fresh"
    restored = await restore_backup(made.folder, key, fresh, own_key(fresh))

    assert restored.tokens == 1
    assert restored.manifest.tables["transfers"].rows == 100
    media = LocalMediaStore(fresh / "media")
    assert set(media.refs()) == set(stage.refs)
    assert (fresh / "prices.json").read_text() == "{}"
    async with local_services(Settings(state_dir=fresh)) as addresses:
        database = Database(addresses.database_url)
        await database.open()
        keys = TenantKeys(wrapping_key(fresh / "secrets" / "wrapping.key"), stage.clock)
        async with database.transaction(stage.user) as conn:
            row = await (await conn.execute("select channel_id, refresh_token from channel_connections")).fetchone()
            assert row is not None
            token = await keys.unseal(
                conn, bytes(row[1]), user_id=stage.user, table="channel_connections", column="refresh_token", row=row[0]
            )
        await database.close()
        assert token.decode() == TOKEN

        # what has data now is never restored into
        with pytest.raises(BadInput, match=r"has data already: 1 users, 1 channels, 1 videos, 51 paid calls"):
            await restore_backup(made.folder, key, fresh, own_key(fresh))


async def test_a_restore_names_what_is_missing_or_wrong_and_writes_nothing(stage: Stage) -> None:
    made = await stage.backup()
    fresh = stage.folder / "fresh"
    other = stage.folder / "other.key"
    other.write_text(new_key().hex())
    with pytest.raises(BadInput, match=r"is not the wrapping key of this backup"):
        await restore_backup(made.folder, other, fresh, own_key(fresh))
    with pytest.raises(BadInput, match=r"nowhere.key is not there"):
        await restore_backup(made.folder, stage.folder / "nowhere.key", fresh, own_key(fresh))
    with pytest.raises(BackupFailed, match=r"Name the folder of one backup"):
        await restore_backup(stage.place, stage.source.key_file, fresh, own_key(fresh))

    lost = stage.refs[0]
    pool = LocalMediaStore(stage.place / "media")
    pool.remove(lost)
    with pytest.raises(BackupFailed, match=f"lacks media {lost.sha256}.mp4"):
        await restore_backup(made.folder, stage.source.key_file, fresh, own_key(fresh))
    assert not fresh.exists()

    pool.take_from(stage.source.media, lost, link=False)
    dumped = made.folder / "database.dump"
    dumped.write_bytes(dumped.read_bytes()[:-1])
    with pytest.raises(BackupFailed, match="is damaged"):
        await restore_backup(made.folder, stage.source.key_file, fresh, own_key(fresh))
    assert not fresh.exists()


async def test_media_are_kept_once_for_all_backups_and_go_with_the_last_that_names_them(stage: Stage) -> None:
    first = await stage.backup()
    assert first.new_media == 3
    second = await stage.backup()
    assert second.new_media == 0
    stored = LocalMediaStore(stage.place / "media")
    at = stored.path(stage.refs[1])
    assert at.samefile(stage.source.media.path(stage.refs[1])), "on one disk, a backup's media take no space"

    stage.source.media.remove(stage.refs[1])
    assert stored.has(stage.refs[1])
    await stage.backup(keep=2)
    assert stored.has(stage.refs[1]), "the second backup names it"
    last = await stage.backup(keep=1)
    assert len(last.dropped) == 2
    assert second.folder.name in last.dropped
    assert not stored.has(stage.refs[1])
    assert backups_in(stage.place) == [last.folder]


async def test_a_damaged_file_is_named_and_not_backed_up(stage: Stage) -> None:
    stage.source.media.path(stage.refs[0]).write_bytes(b"x" * 1_000)
    made = await stage.backup()
    assert stage.refs[0] not in made.manifest.media
    assert stage.refs[0].sha256 in made.manifest.damaged[0]


async def test_rows_that_change_while_the_dump_is_written_are_in_neither_dump_nor_sums(
    stage: Stage, admin: psycopg.AsyncConnection
) -> None:
    before = (await stage.backup()).manifest.tables
    await admin.execute("update transfers set budgets = array['x'] where kind = 'settle'")
    after = (await stage.backup()).manifest.tables
    assert differences(before, after) == ["transfers: 100 rows, of which some are not as they were"]


def test_the_next_backup_is_due_an_interval_after_the_newest() -> None:
    assert is_due(None, NOW, every_h=1)
    assert not is_due(NOW - timedelta(minutes=59), NOW, every_h=1)
    assert is_due(NOW - timedelta(minutes=60), NOW, every_h=1)
    assert not is_due(None, NOW, every_h=0)


def test_a_name_tells_its_time_and_nothing_else_is_a_backup() -> None:
    assert made_when(name_of(NOW)) == NOW
    assert made_when("media") is None


def test_differences_say_what_is_not_the_same() -> None:
    one, other = TableSum(1, ("1", "1")), TableSum(2, ("1", "1"))
    assert differences({"a": one, "b": one}, {"a": other, "c": one}) == [
        "a: 2 rows instead of 1", "b: missing", "c: not in the backup",
    ]  # fmt: skip


async def test_who_makes_a_backup_is_told_that_the_key_is_not_in_it(stage: Stage) -> None:
    made = await stage.backup()
    lines, facts = told_of_backup(made, stage.source.key_file, beside_state=True)
    assert any("NOT in it: the wrapping key" in line and str(stage.source.key_file) in line for line in lines)
    assert any("a lost disk takes both" in line for line in lines)
    assert facts["media_files"] == 3
    manifest = (made.folder / "manifest.json").read_text()
    assert stage.source.key_file.read_text().strip() not in manifest


async def test_a_backup_is_made_by_itself_when_it_is_due(stage: Stage) -> None:
    settings = Settings(state_dir=stage.source.state_dir, backup_every_h=1, backup_keep=2)
    addresses = ServiceAddresses("", None, "", stage.source.dump_url)
    place = care.backup_place(settings)

    async def after_a_moment() -> list[str]:
        async with care.cared_for(settings, POLICY, addresses, stage.clock):
            async with asyncio.timeout(20):
                while not backups_in(place):
                    await asyncio.sleep(0.05)
            return [folder.name for folder in backups_in(place)]

    first = await after_a_moment()
    assert first == await after_a_moment(), "a restart makes none that isn't due"
