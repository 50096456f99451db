"""Verb: bring a backup back into a fresh state folder, and prove that it is what was backed up.

Everything that can be found wrong is found before anything is written. Media come first, then the key, then the
database in one transaction; a restore that was interrupted is begun again by the same command.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from ytempire.accounts import TenantKeys
from ytempire.kit.clock import SystemClock, stopwatch_s
from ytempire.kit.crypto import Undecryptable, wrapping_key
from ytempire.kit.errors import BadInput, NotFound
from ytempire.kit.media_store import LocalMediaStore, MediaDamaged, MediaRef
from ytempire.local.backup import rules, store
from ytempire.local.backup.dump import load
from ytempire.local.backup.make import DUMP, MEDIA, read_manifest, sha256_of
from ytempire.local.backup.model import BackupFailed, Manifest, RestoreUnequal
from ytempire.local.folder import make_folder, make_state_folder, named, secret_in
from ytempire.local.keeper import kept
from ytempire.local.migrate import migrate, newest_revision, revisions
from ytempire.local.postgres import Postgres
from ytempire.local.roles import DUMP as DUMP_ROLE
from ytempire.local.roles import OWNER, ensure_roles, remake_database

_NAMED_AT_MOST = 5
_FRESH = "Name an empty folder in YTEMPIRE_STATE_DIR; a restore never replaces anything."


@dataclass(frozen=True)
class Restored:
    """What is back and proven equal."""

    manifest: Manifest
    tokens: int
    """Channels whose sealed token decrypts."""
    seconds: dict[str, float]
    """What each part took: check, media, database, verify, migrate."""


async def restore_backup(folder: Path, key_file: Path, state_dir: Path, own_key: Path, *, port: int = 0) -> Restored:
    """Restore the backup in `folder` into the fresh `state_dir` with its embedded PostgreSQL.

    `key_file` is the wrapping key from wherever it is kept, `own_key` where this installation looks for it.
    Raises BadInput (a state that has data, the wrong key), BackupFailed (what is missing or damaged, by name),
    StorageFull, RestoreUnequal (rows, books or tokens are not what they were).
    """
    watch = _Watch()
    manifest = read_manifest(folder)
    pool = LocalMediaStore(folder / ".." / MEDIA)
    _require_key(manifest, key_file)
    await asyncio.to_thread(_require_whole, manifest, folder, pool)
    _require_no_other_key(own_key, key_file)
    make_state_folder(state_dir)
    watch.done("check")

    running = kept("postgres", state_dir, port=port)
    server = Postgres(await asyncio.to_thread(running.__enter__), 0, state_dir / "secrets")
    try:
        await asyncio.to_thread(ensure_roles, server.url(database="postgres"), lambda role: _password(state_dir, role))
        await _require_no_rows(server, state_dir)
        watch.done("database")
        await asyncio.to_thread(_bring_media, manifest, pool, state_dir)
        _bring_files(manifest, folder, state_dir)
        _bring_key(key_file, own_key)
        watch.done("media")
        await asyncio.to_thread(remake_database, server.url(database="postgres"))
        await load(server.url(), folder / DUMP)
        watch.done("database")
        tokens = await _verified(server, manifest, own_key)
        watch.done("verify")
        await asyncio.to_thread(migrate, server.url(OWNER))
        watch.done("migrate")
    finally:
        await asyncio.to_thread(running.__exit__, None, None, None)
    return Restored(manifest, tokens, watch.seconds)


def _require_key(manifest: Manifest, key_file: Path) -> None:
    if not key_file.is_file():
        raise BadInput(
            f"{key_file} is not there",
            field="key",
            fix="A backup never holds the wrapping key: give the copy that you keep elsewhere.",
        )
    if rules.fingerprint(_key_in(key_file)) != manifest.key_fingerprint:
        raise BadInput(
            f"{key_file} is not the wrapping key of this backup",
            field="key",
            fix=f"Find the one whose fingerprint is {manifest.key_fingerprint}; with another, no token decrypts.",
        )


def _key_in(key_file: Path) -> bytes:
    try:
        return wrapping_key(key_file)
    except Undecryptable as error:
        raise BadInput(error.message, field="key", fix="Give the file `wrapping.key` as it was.") from error


def _require_whole(manifest: Manifest, folder: Path, pool: LocalMediaStore) -> None:
    missing = [name for name in (DUMP, *manifest.files) if not (folder / name).is_file()]
    missing += [f"media {ref.sha256}{ref.suffix}" for ref in manifest.media if not pool.has(ref)]
    if missing:
        shown = ", ".join(missing[:_NAMED_AT_MOST])
        more = f" and {len(missing) - _NAMED_AT_MOST} more" if len(missing) > _NAMED_AT_MOST else ""
        raise BackupFailed(
            f"the backup is not whole, it lacks {shown}{more}",
            field="from",
            fix=f"Media belong in {pool.root}, beside the backup's own folder: copy that as well, or take another.",
        )
    if sha256_of(folder / DUMP) != manifest.dump_sha256:
        raise BackupFailed(f"{folder / DUMP} is damaged", field="from", fix="Take another backup.")
    if manifest.revision not in revisions():
        raise BackupFailed(
            f"the backup's schema is at revision {manifest.revision}, this ytempire only knows {newest_revision()}",
            field="from",
            fix="Restore it with the newer ytempire that made it.",
        )


def _require_no_other_key(own_key: Path, key_file: Path) -> None:
    if own_key.is_file() and own_key.read_text().strip() != key_file.read_text().strip():
        raise BadInput(f"{own_key} holds another wrapping key", field="YTEMPIRE_STATE_DIR", fix=_FRESH)


async def _require_no_rows(server: Postgres, state_dir: Path) -> None:
    async with store.reading(server.url(), field="YTEMPIRE_STATE_DIR") as conn:
        there = await store.what_is_there(conn)
    if there:
        counted = ", ".join(f"{rows} {table.replace('_', ' ')}" for table, rows in there.items())
        raise BadInput(f"{state_dir} has data already: {counted}", field="YTEMPIRE_STATE_DIR", fix=_FRESH)


def _bring_media(manifest: Manifest, pool: LocalMediaStore, state_dir: Path) -> None:
    media = LocalMediaStore(make_folder(state_dir / "media"), floor_bytes=0)
    damaged = [ref for ref in manifest.media if not _brought(media, pool, ref)]
    if damaged:
        raise BackupFailed(
            f"damaged in the backup: {', '.join(f'{ref.sha256}{ref.suffix}' for ref in damaged[:_NAMED_AT_MOST])}",
            field="from",
            fix="Take these files from another copy of the backup, or restore an earlier one.",
        )


def _brought(media: LocalMediaStore, pool: LocalMediaStore, ref: MediaRef) -> bool:
    """A copy, no link: the backup must not share its disk's fate, nor its bytes, with what is worked on."""
    try:
        if not media.has(ref):
            media.take_from(pool, ref, link=False)
    except (MediaDamaged, NotFound):
        return False
    return True


def _bring_files(manifest: Manifest, folder: Path, state_dir: Path) -> None:
    try:
        for name in manifest.files:
            shutil.copyfile(folder / name, state_dir / name)
    except OSError as error:
        raise named(error, state_dir) from error


def _bring_key(key_file: Path, own_key: Path) -> None:
    try:
        if not own_key.exists():
            make_folder(own_key.parent)
            own_key.touch(mode=0o600)
            own_key.write_text(key_file.read_text())
    except OSError as error:
        raise named(error, own_key) from error


async def _verified(server: Postgres, manifest: Manifest, own_key: Path) -> int:
    """Compare rows and books with the manifest and decrypt every token; how many tokens there are."""
    keys = TenantKeys(wrapping_key(own_key), SystemClock())
    async with store.reading(server.url(DUMP_ROLE), field="YTEMPIRE_STATE_DIR") as conn:
        unequal = rules.differences(manifest.tables, await store.table_sums(conn))
        books = await store.audit(conn)
        unequal += [f"ledger: {line}" for line in books if line not in manifest.books]
        try:
            for user_id in await store.tenants_with_keys(conn):
                await keys.require_readable(conn, user_id)
            tokens = await store.sealed_tokens(conn)
            for user_id, channel_id, sealed in tokens:
                await keys.unseal(
                    conn, sealed, user_id=user_id, table="channel_connections", column="refresh_token", row=channel_id
                )
        except Undecryptable as error:
            unequal.append(f"secrets: {error.message}")
    if unequal:
        raise RestoreUnequal(
            f"what was restored is not what was backed up: {'; '.join(unequal[:_NAMED_AT_MOST])}",
            fix="Don't use this state. Take another backup, and report this.",
        )
    return len(tokens)


def _password(state_dir: Path, role: str) -> str:
    return secret_in(state_dir / "secrets" / f"{role}.password")


class _Watch:
    """What each part takes; a part that comes twice is added up."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = stopwatch_s()

    def done(self, part: str) -> None:
        now = stopwatch_s()
        self.seconds[part] = round(self.seconds.get(part, 0.0) + now - self._since, 3)
        self._since = now
