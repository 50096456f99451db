"""Each list page is one query, besides whose key it is and the tenant's setting, at ten rows and at ten thousand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncCursor

from tests.conftest import DatabaseUrls
from tests.stores.many_rows import fill
from tests.web.conftest import Stage
from tests.web.operations import operations
from ytempire.bootstrap.platform import built_on
from ytempire.bootstrap.web import web_parts
from ytempire.kit.cache import Cache
from ytempire.kit.database import Database
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.web import create_app

FEW, MANY = 10, 10_000
BESIDES = ("holder_of_api_key", "set_config")
NOT_FILLED = {
    "webhooks_list_webhooks": "a user has some",
    "admin/users_list_users": "one call of users_for_operator",
    "admin/costs_orders": "one statement by keyset; operators give some orders a year",
}
"""Lists whose rows `many_rows` doesn't make, by operationId; their statements are counted all the same."""


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement of this process from here on, whichever connection it takes."""
    noted: list[str] = []
    execute = AsyncCursor.execute

    async def noting(self: AsyncCursor[Any], query: Any, *args: Any, **more: Any) -> Any:
        noted.append(query if isinstance(query, str) else repr(query))
        return await execute(self, query, *args, **more)

    monkeypatch.setattr(AsyncCursor, "execute", noting)
    return noted


@pytest.fixture
async def unlimited(database_urls: DatabaseUrls, valkey_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    settings = Settings(state_dir=tmp_path, rehearsal=True, requests_per_minute=1_000_000)
    rates, cache = Rates(valkey_url), Cache(valkey_url)
    async with built_on(settings, database_urls.app, valkey_url, "http://127.0.0.1:9") as built:
        parts = web_parts(settings, built, rates, cache, url="http://127.0.0.1")
        stage = Stage(parts, create_app(parts))
        yield stage
        for client in stage.clients:
            await client.aclose()
    await rates.close()
    await cache.close()


async def test_a_list_page_is_one_query_however_many_rows_there_are(
    unlimited: Stage, statements: list[str], database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    app: Any = unlimited.app
    lists = [
        one for one in operations(app._app.openapi()) if "cursor" in one.query() and {*one.path_ids} <= {"channel_id"}
    ]
    assert len(lists) >= 6
    asked: dict[str, list[list[str]]] = {}
    for rows in (FEW, MANY):
        user, client = await unlimited.signed_in("operator")
        channel = await fill(database, user, rows, unlimited.parts.clock.now())
        for one in lists:
            at = one.path.replace("{channel_id}", str(channel))
            await client.get(at)
            statements.clear()
            answer = await client.get(at)
            assert answer.status_code == 200, answer.text
            if one.name not in NOT_FILLED:
                assert len(answer.json()["items"]) >= min(rows, 50), f"{one}: many_rows makes no rows for it"
            asked.setdefault(str(one), []).append([*statements])
    with capsys.disabled():
        print(f"\nlist pages: {len(asked)}, statements at {FEW} and {MANY} rows: "
              + ", ".join(f"{len(few)}/{len(many)}" for few, many in asked.values()))  # fmt: skip
    for name, (few, many) in asked.items():
        besides = [[any(one in text for one in BESIDES) for text in texts] for texts in (few, many)]
        assert besides[0] == besides[1] == [True, True, False], f"{name}: {many}"
        assert few[-1] == many[-1], name
