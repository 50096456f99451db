"""The installation's owner and the tenants' keys, on a real PostgreSQL."""

import asyncio
from pathlib import Path

import pytest

from ytempire.accounts import LOCAL_USER_ID, TenantKeys, ensure_local_user
from ytempire.kit import crypto
from ytempire.kit.clock import SystemClock
from ytempire.kit.crypto import Undecryptable
from ytempire.kit.errors import BadInput


async def test_two_processes_make_one_owner(database):
    first, second = await asyncio.gather(*(ensure_local_user(database, SystemClock()) for _ in range(2)))
    assert first.id == second.id == LOCAL_USER_ID
    assert first.time_zone == "UTC"
    moved = await ensure_local_user(database, SystemClock(), time_zone="Europe/Berlin")
    assert moved.time_zone == "Europe/Berlin"
    assert await ensure_local_user(database, SystemClock()) == moved


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Europe", "\x00"])
async def test_no_time_zone_names_the_field(database, zone):
    with pytest.raises(BadInput, match=r"time_zone: .*Europe/Berlin"):
        await ensure_local_user(database, SystemClock(), time_zone=zone)


async def test_a_sealed_cell_opens_only_in_its_place(database, tmp_path: Path):
    user = await ensure_local_user(database, SystemClock())
    keys = TenantKeys(crypto.wrapping_key(tmp_path / "key"), SystemClock())
    cell = {"user_id": user.id, "table": "t", "column": "c", "row": 1}
    async with database.transaction(user.id) as conn:
        sealed = await keys.seal(conn, b"refresh", **cell)
        assert b"refresh" not in sealed
        assert await keys.unseal(conn, sealed, **cell) == b"refresh"
        with pytest.raises(Undecryptable):
            await keys.unseal(conn, sealed, **(cell | {"row": 2}))
        with pytest.raises(Undecryptable, match="wrapping key"):
            await TenantKeys(crypto.new_key(), SystemClock()).unseal(conn, sealed, **cell)
    assert "key" not in repr(keys).replace("TenantKeys", "")
