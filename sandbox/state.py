"""State on disk: one SQLite file (WAL) and a folder of media files. Survives kill -9 of the process."""

import contextlib
import hashlib
import json
import random
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

Row = sqlite3.Row
Json = Any
"""A decoded JSON value."""

DEFAULTS: Final[dict[str, Any]] = {
    "clock_offset_s": 0.0,
    "clock_frozen_at": None,
    "processing_s": 0.5,
    "token_lifetime_s": 3599,
    "consent_screen": "production",  # "testing": refresh tokens die after seven days
    "units_per_day": 10_000,
    "uploads_per_day": 100,
    "searches_per_day": 100,
    "uploads_per_channel_day": None,
    "openai_balance_microusd": None,
    "openai_store_lag_s": 0.0,
    "elevenlabs_character_limit": 1_000_000,
    "elevenlabs_concurrency": 8,
    "elevenlabs_sound": "speech",  # "hum": as long, but made in no time
}
"""Every knob of `POST /_settings`, with its value in a fresh state."""


class State:
    """The sandbox's memory. Every change goes through `change()`: one transaction, one at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.files = folder / "files"
        self.files.mkdir(exist_ok=True)
        self._lock = threading.RLock()
        self.dice = random.Random(0)
        self._db = sqlite3.connect(folder / "sandbox.sqlite3", isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = off")  # a killed process loses nothing; only a machine's fall does
        self._db.executescript(Path(__file__).with_name("schema.sql").read_text("utf-8"))

    def close(self) -> None:
        """Fold the write-ahead log into the file and close it."""
        with self._lock:
            self._db.close()

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """One transaction; nested uses join the outer one."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; the number of rows it touched."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row of a query, or None."""
        with self._lock:
            found: Row | None = self._db.execute(sql, values).fetchone()
            return found

    def next_seq(self, table: str) -> int:
        """A number that grows with every row of `table`: the order of creation when the clock stands still."""
        found = self.row(f"select coalesce(max(seq), 0) + 1 as n from {table}")  # noqa: S608 - names from this package
        return int(found["n"]) if found else 1

    def setting(self, key: str) -> Json:
        """One setting of DEFAULTS, as changed."""
        found = self.row("select value from settings where key = ?", key)
        return json.loads(found["value"]) if found else DEFAULTS[key]

    def put_setting(self, key: str, value: Json) -> None:
        """Change one setting; KeyError if there is no such setting."""
        if key not in DEFAULTS:
            raise KeyError(key)
        self.run(
            "insert into settings values (?, ?) on conflict (key) do update set value = excluded.value",
            key,
            json.dumps(value),
        )

    def now(self) -> float:
        """The sandbox's time in Unix seconds: the machine's, shifted or frozen by `POST /_clock`."""
        frozen = self.setting("clock_frozen_at")
        return float(frozen) if frozen is not None else time.time() + float(self.setting("clock_offset_s"))

    def new_file(self, suffix: str) -> Path:
        """A fresh path in the media folder."""
        return self.files / (secrets.token_hex(12) + suffix)


def canonical(value: object) -> str:
    """JSON that is the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256 of a value's canonical JSON: how the books recognise the same request."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
