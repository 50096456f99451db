"""Backup and restore of 100,000 ledger rows and 20 videos' media: dump, drop, restore, the same rows, books and tokens.

    python bench/restore.py [--transfers 100000] [--videos 20] [--video-mb 20]

The baseline, in the same run, is a plain copy of the same bytes (dump and media) on the same disk. The restore reads and
hashes every byte, loads the database, and compares each table with what it was: it fails where a row differs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.stores.full_state import fill
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.settings import Settings
from ytempire.local import care
from ytempire.local.backup import restore_backup
from ytempire.local.machine import local_services
from ytempire.local.postgres import ADMIN, Postgres

GOAL_S = 300.0


async def measure(folder: Path, *, transfers: int, videos: int, video_bytes: int) -> dict[str, object]:
    """Fill a state, back it up, lose it, restore it."""
    lost, fresh, key = Settings(state_dir=folder / "lost"), folder / "fresh", folder / "wrapping.key"
    async with local_services(lost) as addresses:
        database = Database(addresses.database_url)
        port = int(addresses.database_url.rsplit(":", 1)[1].split("/")[0])
        admin = Postgres(port, 0, lost.state_dir / "secrets").url(ADMIN)
        await fill(
            database,
            admin,
            care.media_of(lost),
            care.key_file(lost),
            calls=transfers // 2,
            sizes=[video_bytes] * videos,
        )
        began = time.perf_counter()
        made = await care.back_up(lost, addresses, folder / "backups", SystemClock())
        backup_s = time.perf_counter() - began
    shutil.copyfile(care.key_file(lost), key)
    shutil.rmtree(lost.state_dir)

    began = time.perf_counter()
    shutil.copytree(folder / "backups", folder / "plain-copy")
    copy_s = time.perf_counter() - began
    shutil.rmtree(folder / "plain-copy")

    began = time.perf_counter()
    restored = await restore_backup(made.folder, key, fresh, fresh / "secrets" / "wrapping.key")
    restore_s = time.perf_counter() - began
    rows = restored.manifest.tables["transfers"].rows
    media = sum(1 for _ in LocalMediaStore(fresh / "media").refs())
    return {
        "ledger_rows": rows,
        "all_rows": sum(table.rows for table in restored.manifest.tables.values()),
        "media_files": media,
        "media_mb": round(videos * video_bytes / 1e6),
        "dump_mb": round(restored.manifest.dump_bytes / 1e6, 1),
        "tokens_decrypt": restored.tokens,
        "ledger_balances": not restored.manifest.books,
        "backup_s": round(backup_s, 2),
        "plain_copy_s": round(copy_s, 2),
        "restore_s": round(restore_s, 2),
        "restore_parts_s": restored.seconds,
        "ratio_to_plain_copy": round(restore_s / copy_s, 1),
        "goal_restore_s": GOAL_S,
        "met": restore_s <= GOAL_S and rows >= transfers and media == videos and restored.tokens == 1,
    }


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transfers", type=int, default=100_000)
    parser.add_argument("--videos", type=int, default=20)
    parser.add_argument("--video-mb", type=int, default=20)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ytempire-restore-"))
    folder.chmod(0o755)
    try:
        figures = asyncio.run(
            measure(folder, transfers=given.transfers, videos=given.videos, video_bytes=given.video_mb * 1_000_000)
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))
    sys.exit(0 if figures["met"] else 1)


if __name__ == "__main__":
    main()
