"""Backups of an installation: database, media and what belongs to them, and the way back. Never the wrapping key."""

from __future__ import annotations

from ytempire.local.backup.make import Made, Source, backups_in, make_backup, newest_backup
from ytempire.local.backup.restore import Restored, restore_backup
from ytempire.local.backup.rules import is_due

__all__ = ["Made", "Restored", "Source", "backups_in", "is_due", "make_backup", "newest_backup", "restore_backup"]
