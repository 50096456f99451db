"""What a backup says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ytempire.kit.errors import YtempireError
from ytempire.kit.media_store import MediaRef

FORMAT = 1
"""Raised when an older ytempire could no longer restore what a newer one writes."""


class BackupFailed(YtempireError):  # noqa: N818
    """No backup was made, or none could be restored; nothing that was there before was changed."""

    code = "backup_failed"


class RestoreUnequal(YtempireError):  # noqa: N818
    """What was restored is not what was backed up."""

    code = "restore_unequal"


@dataclass(frozen=True)
class TableSum:
    """A table's content as figures that don't depend on the order of its rows: both halves of all rows' MD5, summed."""

    rows: int
    sums: tuple[str, str]


@dataclass(frozen=True)
class Manifest:
    """The inventory of one backup, `manifest.json` beside `database.dump`.

    `media` lie in the folder `media` that all backups of one place share, under the hash of their content.
    """

    format: int
    made_at: datetime
    revision: str
    """Of the database's schema."""
    key_fingerprint: str
    """Tells which wrapping key the sealed columns need, and nothing about the key."""
    dump_sha256: str
    dump_bytes: int
    tables: dict[str, TableSum]
    books: tuple[str, ...]
    """What the ledger's audit said when the backup was made; empty: it balanced."""
    media: tuple[MediaRef, ...]
    damaged: tuple[str, ...]
    """Media files that were damaged already, so they are not in the backup."""
    files: tuple[str, ...]
    """Small files of the state folder that are in the backup, such as the operator's own prices."""
