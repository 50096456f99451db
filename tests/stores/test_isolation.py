"""Row-level security holds whatever the code does."""

from __future__ import annotations

import psycopg
import pytest

from ytempire.kit.database import Database
from ytempire.kit.errors import NotConfigured


async def test_the_app_role_is_neither_superuser_nor_owner(database: Database) -> None:
    async with database.system() as connection:
        row = await (
            await connection.execute(
                "select current_user, rolsuper, rolbypassrls, rolcreaterole,"
                " exists (select from pg_class where relowner = pg_roles.oid)"
                " or exists (select from pg_proc where proowner = pg_roles.oid)"
                " or pg_has_role(current_user, 'ytempire_owner', 'member')"
                " or pg_has_role(current_user, 'ytempire_dump', 'member')"
                " from pg_roles where rolname = current_user"
            )
        ).fetchone()
    assert row == ("ytempire_app", False, False, False, False)
