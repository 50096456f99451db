"""Envelope encryption: AES-256-GCM, one data key per tenant, wrapped by a key outside the database.

What a ciphertext belongs to (tenant, table, column, row) is its additional data, so it can't be moved elsewhere.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ytempire.kit.errors import YtempireError

_NONCE_BYTES = 12
_KEY_BYTES = 32


class Undecryptable(YtempireError):  # noqa: N818
    """Wrong key, or a ciphertext that was changed or moved."""

    code = "undecryptable"


def place(*, tenant: object, table: str, column: str, row: object) -> bytes:
    """The additional data of one cell."""
    return f"{tenant}|{table}|{column}|{row}".encode()


def new_key() -> bytes:
    """A random 256-bit key."""
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, plain: bytes, where: bytes) -> bytes:
    """Encrypt: nonce ‖ ciphertext ‖ tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, where)


def unseal(key: bytes, sealed: bytes, where: bytes) -> bytes:
    """Decrypt. Raises Undecryptable."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], where)
    except (InvalidTag, ValueError) as error:  # ValueError: too short to be anything that was sealed
        raise Undecryptable(
            "a stored secret can't be decrypted", fix="Is the wrapping key the one of this database?"
        ) from error


def wrapping_key(file: Path) -> bytes:
    """The installation's wrapping key, made on first use (mode 0600). Keep a copy apart from the backups.

    Raises Undecryptable if the file holds something else: making a new one would lose every stored secret.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        handle, name = tempfile.mkstemp(dir=file.parent)  # mode 0600
        with os.fdopen(handle, "w") as out:
            out.write(new_key().hex())
        with suppress(FileExistsError):  # another process was quicker: its key counts
            os.link(name, file)
        Path(name).unlink()
    try:
        key = bytes.fromhex(file.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise Undecryptable(f"{file} does not hold a 256-bit key", fix="Put the right file back.")
    return key
