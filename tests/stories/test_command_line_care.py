"""Backup and restore as a person runs them, from a first start to a restored state."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any


def ran(state: Path, *arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "ytempire", *map(str, arguments)],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "YTEMPIRE_STATE_DIR": str(state)},
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def told(answer: tuple[int, str, str]) -> Any:
    assert answer[0] == 0, answer
    return json.loads(answer[1])


def test_a_backup_of_one_state_is_restored_into_another_with_the_key_from_elsewhere(services_dir: Path) -> None:
    state, fresh, key = services_dir / "care", services_dir / "care-fresh", services_dir / "kept.key"
    code, out, err = ran(state, "channel", "add", "honey")
    assert code == 0, err
    shutil.copyfile(state / "secrets" / "wrapping.key", key)

    code, out, err = ran(state, "backup")
    assert code == 0, err
    assert "NOT in it: the wrapping key" in out
    made = told(ran(state, "backup", "--to", services_dir / "care-place", "--json"))
    restored = told(ran(fresh, "restore", made["folder"], "--key", key, "--json"))
    assert restored["rows"] == made["rows"] > 0

    code, out, err = ran(fresh, "restore", made["folder"], "--key", key)
    assert (code, out) == (2, "")
    assert "has data already: 1 users, 1 channels" in err
