"""What an installation does for itself: backups and the deletion of old media, now and when due while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from ytempire.kit.clock import Clock, SystemClock
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, NotConfigured, YtempireError
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.metrics import PLATFORM, served
from ytempire.kit.settings import Settings
from ytempire.ledger import Policy
from ytempire.local.backup import Made, Restored, Source, is_due, make_backup, newest_backup, restore_backup
from ytempire.local.backup.telling import Told, told_of_backup, told_of_restore
from ytempire.local.figures import refresh
from ytempire.local.folder import make_folder
from ytempire.local.gc import Freed, Terms, collect
from ytempire.local.installation import only_one, services
from ytempire.local.machine import ServiceAddresses

log = structlog.get_logger()
_LOOK_EVERY_S, _REFRESH_EVERY_S = 30.0, 15.0
Say = Callable[[str], None]


def key_file(settings: Settings) -> Path:
    """Where this installation keeps its wrapping key."""
    return settings.wrapping_key_file or settings.state_dir / "secrets" / "wrapping.key"


def backup_place(settings: Settings) -> Path:
    """Where its backups go."""
    return settings.backup_dir or settings.state_dir / "backups"


def media_of(settings: Settings) -> LocalMediaStore:
    """Its media."""
    return LocalMediaStore(make_folder(settings.state_dir / "media"), floor_bytes=settings.disk_floor_bytes)


def dump_url(addresses: ServiceAddresses) -> str:
    """The address that reads all tenants. Raises NotConfigured on an own server that didn't tell it."""
    if addresses.dump_url is None:
        raise NotConfigured(
            "the address of the role `ytempire_dump` is not known",
            field="DATABASE_DUMP_URL",
            fix="Set it (docs/how-to/own-postgresql.md): backups and `gc` look at every tenant's rows, read only.",
        )
    return addresses.dump_url


async def back_up(settings: Settings, addresses: ServiceAddresses, place: Path | None, clock: Clock) -> Made:
    """One backup now."""
    source = Source(dump_url(addresses), media_of(settings), key_file(settings), settings.state_dir)
    return await make_backup(source, place or backup_place(settings), clock, keep=settings.backup_keep)


async def restore(settings: Settings, folder: Path, key: Path) -> Restored:
    """A backup back into the fresh state folder of the settings, on the embedded PostgreSQL."""
    if settings.database_url is not None:
        raise BadInput(
            "a restore goes into the embedded PostgreSQL",
            field="DATABASE_URL",
            fix="Unset it, or restore database.dump with pg_restore as docs/how-to/backup-and-restore.md shows.",
        )
    async with only_one(settings.state_dir):
        return await restore_backup(folder, key, settings.state_dir, key_file(settings), port=settings.postgres_port)


async def collect_garbage(settings: Settings, addresses: ServiceAddresses, clock: Clock, *, dry_run: bool) -> Freed:
    """Delete what nobody needs now, or say what that would be."""
    terms = Terms.of_days(
        clock.now(), scenes=settings.scene_days, finals=settings.final_days, events=settings.event_days
    )
    url = dump_url(addresses)
    database = Database(addresses.database_url, max_size=2)
    await database.open()
    try:
        freed = await collect(url, database, media_of(settings), terms, dry_run=dry_run)
    finally:
        await database.close()
    if not dry_run:
        _gc_stamp(settings).write_text(clock.now().isoformat())
    return freed


def gc_is_due(settings: Settings, now: datetime) -> bool:
    """Whether a day has gone by since the last one."""
    try:
        last = datetime.fromisoformat(_gc_stamp(settings).read_text())
    except (OSError, ValueError):
        return True
    return now - last >= timedelta(days=1)


def _gc_stamp(settings: Settings) -> Path:
    return settings.state_dir / "gc.last"


async def gc_told(settings: Settings, policy: Policy, *, dry_run: bool) -> Told:
    """`ytempire gc`."""
    async with services(settings, policy) as (addresses, _):
        freed = await collect_garbage(settings, addresses, SystemClock(), dry_run=dry_run)
    lines = freed.lines(dry_run=dry_run, scene_days=settings.scene_days, final_days=settings.final_days)
    facts: dict[str, object] = {
        "dry_run": dry_run,
        "bytes": freed.size_bytes,
        "scenes": len(freed.scenes),
        "finals": len(freed.finals),
        "unnamed": len(freed.unnamed),
    }
    return tuple(lines), facts


async def backup_told(settings: Settings, policy: Policy, place: Path | None) -> Told:
    """`ytempire backup`: one backup of this installation, whether it runs or not."""
    async with services(settings, policy) as (addresses, _):
        made = await back_up(settings, addresses, place, SystemClock())
    beside_state = made.folder.resolve().is_relative_to(settings.state_dir.resolve())
    return told_of_backup(made, key_file(settings), beside_state=beside_state)


async def restore_told(settings: Settings, folder: Path, key: Path) -> Told:
    """`ytempire restore`: a backup into this fresh installation."""
    return told_of_restore(await restore(settings, folder, key), settings.state_dir)


@asynccontextmanager
async def cared_for(
    settings: Settings, policy: Policy, addresses: ServiceAddresses, clock: Clock, say: Say = lambda _: None
) -> AsyncIterator[None]:
    """While this is open, what is due is done, and the platform's metrics are served.

    What fails is said, and tried again when it is due.
    """

    async def refresh_figures() -> None:
        place, media = backup_place(settings), media_of(settings)
        await refresh(dump_url(addresses), policy, media, place, clock.now(), rehearsal=settings.rehearsal)

    async def back_up_if_due() -> None:
        newest = newest_backup(backup_place(settings))
        if is_due(newest, clock.now(), every_h=settings.backup_every_h):
            made = await back_up(settings, addresses, None, clock)
            for damaged in made.manifest.damaged:
                say(f"backup: {damaged}")

    async def collect_if_due() -> None:
        if gc_is_due(settings, clock.now()):
            freed = await collect_garbage(settings, addresses, clock, dry_run=False)
            if freed.size_bytes:
                say(freed.lines(dry_run=False, scene_days=settings.scene_days, final_days=settings.final_days)[0])

    if addresses.dump_url is None:
        say("no backups, no `gc`, no metrics of the platform from here: DATABASE_DUMP_URL is not set")
        yield
        return
    verbs = [("backup", back_up_if_due, _LOOK_EVERY_S), ("gc", collect_if_due, _LOOK_EVERY_S)]
    if settings.metrics_port:
        verbs.append(("metrics", refresh_figures, _REFRESH_EVERY_S))
    with served(PLATFORM, settings.metrics_port):
        tasks = [asyncio.create_task(_again_and_again(what, verb, every_s, say)) for what, verb, every_s in verbs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def care(settings: Settings, policy: Policy, say: Say) -> None:
    """`ytempire care`: what `up` does beside its workers, for servers on which each process is a unit of its own."""
    async with services(settings, policy) as (addresses, _):
        dump_url(addresses)
        async with cared_for(settings, policy, addresses, SystemClock(), say):
            say(f"backups to {backup_place(settings)}, `gc` once a day; Ctrl-C stops")
            await asyncio.Event().wait()


async def _again_and_again(what: str, verb: Callable[[], Awaitable[None]], every_s: float, say: Say) -> None:
    said = ""
    while True:
        try:
            await verb()
            said = ""
        except YtempireError as error:
            if str(error) != said:  # once, not every half minute
                said = str(error)
                say(f"{what}: {said}")
        except Exception as error:  # noqa: BLE001 - care that ends is worse than care that stumbles
            log.warning("the installation's own care stumbled", error=str(error), kind=type(error).__name__)
        await asyncio.sleep(every_s)
