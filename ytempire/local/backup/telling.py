"""What a backup or a restore did, in lines for a person and in facts for machines."""

from __future__ import annotations

from pathlib import Path

from ytempire.local.backup.make import Made
from ytempire.local.backup.restore import Restored

Told = tuple[tuple[str, ...], dict[str, object]]
_MB = 1_000_000
_ABOUT_THE_KEY = (
    "NOT in it: the wrapping key. Keep a copy of {} in another place, once: without it no stored token can be read, and"
    " whoever has both reads them all."
)


def told_of_backup(made: Made, key_file: Path, *, beside_state: bool) -> Told:
    """`beside_state`: it lies in the state folder, so it shares that disk's fate."""
    manifest = made.manifest
    rows = sum(table.rows for table in manifest.tables.values())
    size = sum(ref.size_bytes for ref in manifest.media)
    held = f"{len(manifest.media)} media files ({size // _MB:,} MB, {made.new_media} of them new)"
    lines = [f"backed up {rows:,} rows and {held} to {made.folder}", _ABOUT_THE_KEY.format(key_file)]
    if beside_state:
        lines.append("It lies in the state folder: a lost disk takes both. YTEMPIRE_BACKUP_DIR or --to names another.")
    lines += [f"damaged before, so not in it: {damaged}" for damaged in manifest.damaged]
    lines += [f"the ledger does not balance: {difference}" for difference in manifest.books]
    facts: dict[str, object] = {
        "folder": str(made.folder),
        "rows": rows,
        "media_files": len(manifest.media),
        "media_bytes": size,
        "new_media_files": made.new_media,
        "dump_bytes": manifest.dump_bytes,
        "key_fingerprint": manifest.key_fingerprint,
        "damaged": list(manifest.damaged),
        "ledger_differences": list(manifest.books),
        "dropped": list(made.dropped),
    }
    return tuple(lines), facts


def told_of_restore(restored: Restored, state_dir: Path) -> Told:
    """The state as it is now, and how that was proven."""
    manifest = restored.manifest
    rows = sum(table.rows for table in manifest.tables.values())
    lines = [
        f"restored what was backed up at {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC to {state_dir}",
        f"{rows:,} rows in {len(manifest.tables)} tables: equal, table by table",
        f"{len(manifest.media)} media files: equal",
        "the ledger balances" if not manifest.books else "the ledger differs just as it did before",
        f"{restored.tokens} sealed tokens: all decrypt",
        f"took {sum(restored.seconds.values()):.1f} s",
    ]
    facts: dict[str, object] = {
        "state_dir": str(state_dir),
        "made_at": manifest.made_at.isoformat(),
        "rows": rows,
        "media_files": len(manifest.media),
        "tokens": restored.tokens,
        "seconds": restored.seconds,
    }
    return tuple(lines), facts
