"""The operating system account a service runs under: PostgreSQL refuses root, and Valkey needs no rights either."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import BadInput, NotConfigured


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """`postgres` or `nobody` if this process is root; None if it is an ordinary user, who keeps its own account."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise NotConfigured(
        "PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody`",
        fix="Run ytempire as an ordinary user, or create one of these accounts (`useradd --system postgres`).",
    )


def powerless_account() -> Account | None:
    """`nobody` if this process is root: for a service that must not read even another service's files. Else None."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise NotConfigured(
            "n8n does not run as root, and this machine has no account `nobody`",
            fix="Run ytempire as an ordinary user, or create it (`useradd --system nobody`).",
        ) from None
    return Account("nobody", entry.pw_uid, entry.pw_gid)


def can_run(binary: Path, account: Account | None) -> bool:
    """Whether that account can execute the file: not, for instance, below a home folder of mode 0700."""
    try:
        return _run_as(account, [str(binary), "--version"]) == 0
    except (PermissionError, FileNotFoundError):
        return False


def require_enterable(
    folder: Path,
    account: Account | None,
    *,
    what: str = "PostgreSQL",
    field: str = "YTEMPIRE_STATE_DIR",
    such_as: str = "/var/lib/ytempire",
) -> None:
    """Raise BadInput if the account can't pass every parent of the folder."""
    if account is not None and _run_as(account, ["/bin/sh", "-c", 'cd "$0"', str(folder)]) != 0:
        raise BadInput(
            f"the account `{account.name}`, which runs {what} for root, may not enter {folder}",
            field=field,
            fix=f"Choose a folder whose parents others may enter (mode 0711 or wider), such as {such_as}.",
        )


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner of a file or folder."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _run_as(account: Account | None, command: list[str]) -> int:
    return subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    ).returncode
