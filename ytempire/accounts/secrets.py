"""Secrets we hand out and passwords we are told: neither can be read back from what is stored."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHES_AT_ONCE = 2  # 19 MiB each
_KEY_PREFIX, _RUN_PREFIX = "yte", "ytr"


def new_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> bytes:
    """What is stored of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def new_api_key() -> tuple[str, str, str]:
    """The key's id, its secret, and the key as it is shown once."""
    key_id, secret = secrets.token_hex(8), new_token()
    return key_id, secret, f"{_KEY_PREFIX}_{key_id}_{secret}"


def new_run_token() -> tuple[str, str, str]:
    """The same of a token for one video: its id, its secret, and the token as it is handed out once."""
    run_id, secret = secrets.token_hex(8), new_token()
    return run_id, secret, f"{_RUN_PREFIX}_{run_id}_{secret}"


def is_run_token(token: str) -> bool:
    """Whether this looks like a token for one video."""
    return token.startswith(f"{_RUN_PREFIX}_")


def new_recovery_code() -> str:
    """80 random bits as a person types them: four groups of four."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[n : n + 4] for n in range(0, 16, 4))


def hashed_recovery_code(code: str) -> bytes:
    """What is stored of one, however it is written."""
    return hashed("".join(code.split()).replace("-", "").lower())


def parts_of_key(key: str) -> tuple[str, str] | None:
    """Id and secret of what looks like an API key, or like a run's token."""
    prefix, _, rest = key.partition("_")
    key_id, _, secret = rest.partition("_")
    known = prefix in {_KEY_PREFIX, _RUN_PREFIX}
    return (key_id, secret) if known and key_id.isalnum() and key_id.isascii() and secret else None


class Passwords:
    """Hashes and checks passwords: argon2id, 19 MiB, two passes (OWASP), in threads and few at once."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._at_once = asyncio.Semaphore(_HASHES_AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """What is stored of it."""
        async with self._at_once:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether it is the password; without one stored it takes as long and is never."""
        if self._nobodys is None:
            self._nobodys = await self.hash(new_token())
        async with self._at_once:
            right = await asyncio.to_thread(self._verify, stored or self._nobodys, password)
        return right and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
