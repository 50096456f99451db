"""Decisions about backups: when one is due, which are kept, what must be the same after a restore."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from ytempire.local.backup.model import TableSum

_NAME = "%Y-%m-%dT%H-%M-%S.%fZ"


def name_of(made_at: datetime) -> str:
    """A backup's folder; names sort as times do."""
    return made_at.strftime(_NAME)


def made_when(name: str) -> datetime | None:
    """The time that a backup's name says; None for any other name."""
    try:
        return datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def is_due(newest: datetime | None, now: datetime, *, every_h: float) -> bool:
    """Whether it is time for the next backup; `every_h` 0 means never."""
    return every_h > 0 and (newest is None or now - newest >= timedelta(hours=every_h))


def superfluous(names: Sequence[str], *, keep: int) -> list[str]:
    """The oldest, beyond the `keep` newest."""
    return sorted(names)[: max(0, len(names) - keep)]


def fingerprint(key: bytes) -> str:
    """Names a key without telling anything of it: the key is random, so its hash can't be guessed back."""
    return hashlib.sha256(b"ytempire wrapping key|" + key).hexdigest()[:32]


def differences(wanted: Mapping[str, TableSum], found: Mapping[str, TableSum]) -> list[str]:
    """Each table whose content is another, in words."""
    said = []
    for table in sorted({*wanted, *found}):
        before, after = wanted.get(table), found.get(table)
        if before == after:
            continue
        if before is None or after is None:
            said.append(f"{table}: {'not in the backup' if before is None else 'missing'}")
        elif before.rows != after.rows:
            said.append(f"{table}: {after.rows} rows instead of {before.rows}")
        else:
            said.append(f"{table}: {after.rows} rows, of which some are not as they were")
    return said
