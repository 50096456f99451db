"""Verb: make one backup of a running installation, and let the oldest go.

A place of backups looks so; what several backups hold is there once, and on the media's own disk takes no space:

    PLACE/media/ab/abcd….mp4            media of all backups, hard links where that can be
    PLACE/2026-11-25T22-00-00.000000Z/  manifest.json, database.dump, prices.json
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from ytempire.kit.clock import Clock
from ytempire.kit.crypto import wrapping_key
from ytempire.kit.errors import NotFound
from ytempire.kit.media_store import LocalMediaStore, MediaDamaged, MediaRef
from ytempire.local.backup import rules, store
from ytempire.local.backup.dump import dump
from ytempire.local.backup.model import FORMAT, BackupFailed, Manifest
from ytempire.local.folder import make_folder, named

MANIFEST, DUMP, MEDIA = "manifest.json", "database.dump", "media"
_FILES = ("prices.json",)


@dataclass(frozen=True)
class Source:
    """What is backed up: the database as the dump role sees it, the media, the state folder's small files."""

    dump_url: str
    media: LocalMediaStore
    key_file: Path
    state_dir: Path


@dataclass(frozen=True)
class Made:
    """A backup that is whole."""

    folder: Path
    manifest: Manifest
    new_media: int
    """Files that no earlier backup in this place held."""
    dropped: tuple[str, ...]
    """Older backups that were let go."""


async def make_backup(source: Source, place: Path, clock: Clock, *, keep: int) -> Made:
    """Write a backup into the place and let go of all but the `keep` newest.

    Raises BackupFailed, StorageFull or BadInput. Rows first, then media: files are stored before a row names them, so
    every file of the snapshot is there.
    """
    make_folder(place)
    with _alone(place):
        made_at = clock.now()
        _clear_half_made(place)
        making = make_folder(place / f".making-{rules.name_of(made_at)}")
        try:
            manifest = await _rows(source, making, made_at)
            pool = LocalMediaStore(make_folder(place / MEDIA), floor_bytes=0)
            manifest, new = await asyncio.to_thread(_media, source.media, pool, manifest)
            for name in manifest.files:
                shutil.copyfile(source.state_dir / name, making / name)
            _write_whole(making / MANIFEST, TypeAdapter(Manifest).dump_json(manifest, indent=1))
            folder = making.replace(place / rules.name_of(made_at))
        except OSError as error:
            raise named(error, place) from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
        dropped = await asyncio.to_thread(_let_go, place, pool, keep)
    return Made(folder, manifest, new, dropped)


def _clear_half_made(place: Path) -> None:
    for left in place.glob(".making-*"):
        shutil.rmtree(left)


def backups_in(place: Path) -> list[Path]:
    """Folders of whole backups, oldest first."""
    return [
        folder
        for folder in sorted(place.glob("*Z"))
        if rules.made_when(folder.name) is not None and (folder / MANIFEST).is_file()
    ]


def newest_backup(place: Path) -> datetime | None:
    """When the newest whole backup was made, None if there is none."""
    made = [rules.made_when(folder.name) for folder in backups_in(place)]
    return max((at for at in made if at is not None), default=None)


def read_manifest(folder: Path) -> Manifest:
    """A backup's inventory. Raises BackupFailed naming what is wrong with it."""
    file = folder / MANIFEST
    try:
        manifest = TypeAdapter(Manifest).validate_json(file.read_bytes())
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no inventory of a backup"
        raise BackupFailed(
            f"{file} can't be read: {said}",
            field="from",
            fix="Name the folder of one backup, the one that holds manifest.json and database.dump.",
        ) from error
    if manifest.format > FORMAT:
        raise BackupFailed(
            f"{file} was written by a newer ytempire (format {manifest.format}, this one knows {FORMAT})",
            field="from",
            fix="Restore it with that version.",
        )
    return manifest


def sha256_of(file: Path) -> str:
    """The hash of a file's content."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


async def _rows(source: Source, making: Path, made_at: datetime) -> Manifest:
    async with store.reading(source.dump_url, field="DATABASE_DUMP_URL") as conn:
        snapshot = await store.export_snapshot(conn)
        dumping = asyncio.create_task(dump(source.dump_url, snapshot, making / DUMP))
        try:
            tables, books = await store.table_sums(conn), await store.audit(conn)
            schema = await store.revision(conn)
        finally:
            await dumping  # needs the snapshot, so this transaction stays open until it is done
    return Manifest(
        format=FORMAT,
        made_at=made_at,
        revision=schema,
        key_fingerprint=rules.fingerprint(wrapping_key(source.key_file)),
        dump_sha256=await asyncio.to_thread(sha256_of, making / DUMP),
        dump_bytes=(making / DUMP).stat().st_size,
        tables=tables,
        books=books,
        media=(),
        damaged=(),
        files=tuple(name for name in _FILES if (source.state_dir / name).is_file()),
    )


def _media(media: LocalMediaStore, pool: LocalMediaStore, manifest: Manifest) -> tuple[Manifest, int]:
    held: list[MediaRef] = []
    damaged: list[str] = []
    new = 0
    for ref in media.refs():
        try:
            if not pool.has(ref):
                pool.take_from(media, ref, link=True)
                new += 1
            held.append(ref)
        except MediaDamaged as error:
            damaged.append(error.message)
        except NotFound:
            continue  # `gc` or a newer take was quicker: nothing needs it
    return replace(manifest, media=tuple(held), damaged=tuple(damaged)), new


def _let_go(place: Path, pool: LocalMediaStore, keep: int) -> tuple[str, ...]:
    dropped = rules.superfluous([folder.name for folder in backups_in(place)], keep=keep)
    for name in dropped:
        shutil.rmtree(place / name)
    needed = {ref for folder in backups_in(place) for ref in read_manifest(folder).media}
    for ref in pool.refs():
        if ref not in needed:
            pool.remove(ref)
    return tuple(dropped)


def _write_whole(file: Path, content: bytes) -> None:
    with file.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One backup at a time in one place. Raises BackupFailed if another is being made."""
    try:
        handle = os.open(place / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise named(error, place) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed(f"another backup is being made in {place}", fix="Wait until it is done.") from None
        yield
    finally:
        os.close(handle)
