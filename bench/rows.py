"""The costs pages over a ledger of ten thousand and of ten million rows: what a page costs may not grow with them.

    python bench/rows.py [--rows 10000000] [--requests 200] [--rounds 5]

Two databases on one PostgreSQL, filled by SQL: 50 users, 250 channels, 180 days; the same days, alerts and full pages in
both, so that only the ledger behind them differs. The pages are asked of the real application in this process (sign-in,
rates, row-level security and all), in turn from either, several rounds. Ledger rows are calls and transfers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import UUID

import httpx
import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.web.conftest import Stage
from ytempire.accounts import Desk, Passwords, TenantKeys
from ytempire.kit import crypto
from ytempire.kit.clock import SetClock
from ytempire.kit.database import Database
from ytempire.kit.live import Live
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.rates import Rates
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.local import roles
from ytempire.local.folder import secret_in
from ytempire.local.migrate import migrate
from ytempire.local.postgres import Postgres, start_postgres
from ytempire.local.valkey import start_valkey
from ytempire.orchestration import Platform, Queue
from ytempire.production.step import Tools
from ytempire.web import Cursors, Parts, create_app

USERS, CHANNELS, DAYS, PAGE = 50, 250, 180, 50
ROWS_PER_CALL = 3
SMALL_ROWS = 10_000
MOST_GROWTH = 1.2
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

# Ids of one kind grow with time, as ours do; `n` is a row's number.
FILL: tuple[LiteralString, ...] = (
    """insert into users (id, name, time_zone, role, created_at)
    select md5('user' || n)::uuid, 'u' || n, 'UTC', case n when 0 then 'operator' else 'creator' end, '2026-01-01Z'
    from generate_series(0, 49) n""",
    """insert into channels (id, user_id, handle, name, niche, audience, tone, language, format, minutes, voice,
        music_mood, palette, look, mark, colours, category_id, made_for_kids, visibility, autopilot, playlist,
        upload_captions, created_at)
    select md5('channel' || n)::uuid, md5('user' || n % 50)::uuid, 'c' || n, 'Channel ' || n, '', '', '', 'en',
        'vertical', 1, '', '', '', '', '', '{}', '', false, 'private', 'review', '', false, '2026-01-01Z'
    from generate_series(0, 249) n""",
    """insert into videos (id, user_id, channel_id, state, orders, title, topic, rehearsal, created_at, updated_at)
    select ('0199' || lpad(to_hex(v), 8, '0') || '70008000000000000000')::uuid, md5('user' || v % 50)::uuid,
        md5('channel' || v % 250)::uuid, 'published', '{}', 'A video about number ' || v, 'number ' || v, false,
        '2026-11-25Z'::timestamptz - (%(videos)s - v) * interval '1 minute', '2026-11-25Z'
    from generate_series(0, %(videos)s - 1) v""",
    """insert into budgets (id, name, resource, cap, margin, spent)
    select 'platform-day:' || day, 'platform-day', 'microusd', 150000000, 0, 45000000
    from (select ('2026-11-25'::date - d) as day from generate_series(0, 179) d) x""",
    """insert into budgets (id, user_id, name, resource, cap, margin, spent)
    select 'user-day:' || u || ':' || day, u, 'user-day', 'microusd', 3000000, 0, 900000
    from (select md5('user' || n)::uuid as u, ('2026-11-25'::date - d) as day
        from generate_series(0, 49) n, generate_series(0, 179) d) x""",
    """insert into cost_days (user_id, day, category, bills, spent, saved, cached, model_calls, cheap_calls)
    select md5('user' || n)::uuid, '2026-11-25'::date - d, c, 12, 225000, 40000, 6, 10, 7
    from generate_series(0, 49) n, generate_series(0, 179) d,
        unnest(array['openai', 'elevenlabs', 'thumbnail', 'processing']) c""",
    """insert into budget_alerts (budget_id, kind, user_id, budget, words, at, cap)
    select 'user-day:' || u || ':' || day, 'near', u, 'user-day', 'user-day has reached 80 percent of its cap',
        day + time '11:00', 3000000
    from (select md5('user' || n)::uuid as u, ('2026-11-25'::date - d) as day
        from generate_series(0, 49) n, generate_series(0, 179) d) x""",
    """insert into budgets (id, user_id, name, resource, cap, margin, spent, saved)
    select 'video:' || id, user_id, 'video', 'microusd', 3000000, 1000000, 900000, 160000 from videos order by id""",
    """insert into budgets (id, parent_id, user_id, name, resource, cap, margin, spent)
    select 'video:' || v.id || '/' || c.name, 'video:' || v.id, v.user_id, c.name, 'microusd', c.cap, 0, 225000
    from videos v, (values ('elevenlabs', 500000), ('openai', 1000000), ('processing', 300000),
        ('thumbnail', 200000)) c (name, cap)
    order by 1""",
)
CALLS: LiteralString = """
    insert into paid_calls (id, user_id, video_id, step, resource, category, what, once, attempt, state, claimed,
        performed, estimate, estimated_meters, meters, result, hold_id, hold_amount, hold_state, begun_at, ended_at,
        role)
    select ('0198' || lpad(to_hex(n), 8, '0') || '70008000000000000000')::uuid,
        md5('user' || (n % %(videos)s) % 50)::uuid,
        ('0199' || lpad(to_hex(n % %(videos)s), 8, '0') || '70008000000000000000')::uuid,
        'script', 'microusd', (array['openai', 'elevenlabs', 'thumbnail', 'processing'])[1 + n / %(videos)s % 4],
        'script (cheap)', 'call ' || n, 1, 'done', true, 1, 30000, '{"input_tokens": 9000}', '{"input_tokens": 7000}',
        '{"answer": "what a model said, somewhat shortened"}',
        ('0197' || lpad(to_hex(n), 8, '0') || '70008000000000000000')::uuid, 30000, 'settled',
        '2026-11-25Z'::timestamptz - (%(calls)s - n) * interval '4 seconds', '2026-11-25Z',
        case n / %(videos)s % 4 when 0 then case n % 4 when 0 then 'strong' else 'cheap' end else '' end
    from generate_series(%(first)s, %(last)s) n"""
TRANSFERS: LiteralString = """
    insert into transfers (id, user_id, call_id, hold_id, kind, budgets, held, spent, overrun, attempt, at)
    select ('0196' || lpad(to_hex(2 * n + k.at), 8, '0') || '70008000000000000000')::uuid,
        md5('user' || (n % %(videos)s) % 50)::uuid,
        ('0198' || lpad(to_hex(n), 8, '0') || '70008000000000000000')::uuid,
        ('0197' || lpad(to_hex(n), 8, '0') || '70008000000000000000')::uuid, k.kind,
        array['platform-day:2026-11-25', 'video:0199' || lpad(to_hex(n % %(videos)s), 8, '0')], k.held, k.spent, 0, 1,
        '2026-11-25Z'::timestamptz - (%(calls)s - n) * interval '4 seconds'
    from generate_series(%(first)s, %(last)s) n,
        (values (0, 'hold', 30000, 0), (1, 'settle', -30000, 22500)) k (at, kind, held, spent)"""


@dataclass(frozen=True)
class Filled:
    """An application over one of the databases, and who asks it."""

    stage: Stage
    creators: list[httpx.AsyncClient]
    operator: httpx.AsyncClient
    ledger_rows: int


async def fill(admin_url: str, rows: int) -> int:
    """Fill a database with so many calls and transfers; returns how many there are."""
    calls = rows // ROWS_PER_CALL
    videos = max(USERS * (PAGE + 10), calls // 40)

    async def run(statement: LiteralString, first: int = 0, last: int = 0) -> None:
        async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as conn:
            await conn.execute("set session_replication_role = replica")  # what is written fits: no need to look it up
            await conn.execute("set synchronous_commit = off")
            values = {"videos": videos, "calls": calls, "first": first, "last": last}
            text: str = statement
            for name, value in values.items():  # written in: a parameter's place in arithmetic has no type
                text = text.replace(f"%({name})s", str(value))
            await conn.execute(text.encode())

    for statement in FILL:
        await run(statement)
    half = calls // 2
    await asyncio.gather(run(CALLS, 0, calls - 1), run(TRANSFERS, 0, half - 1), run(TRANSFERS, half, calls - 1))
    async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as conn:
        for table in ("budgets", "videos", "cost_days", "paid_calls", "transfers", "budget_alerts", "users"):
            await conn.execute(f"vacuum (analyze) {table}".encode())
        row = await (
            await conn.execute("select (select count(*) from paid_calls) + (select count(*) from transfers)")
        ).fetchone()
    return int(row[0]) if row else 0


@asynccontextmanager
async def application(app_url: str, valkey_url: str, folder: Path, ledger_rows: int) -> AsyncIterator[Filled]:
    """The real application on a database, without a cache before it."""
    database = Database(app_url, max_size=4)
    await database.open()
    clock, rates, live = SetClock(NOW), Rates(valkey_url), Live(valkey_url)
    nothing: dict[str, Any] = dict.fromkeys(Tools.__dataclass_fields__, None)
    nothing |= {"database": database, "clock": clock, "media": LocalMediaStore(folder)}
    tools = Tools(**nothing | {"ledger": Ledger(database, clock, load_prices(), Policy())})
    parts = Parts(
        platform=Platform(tools, (), Queue(database, stalled_after_s=6), live, rehearsal=True),
        authoriser=cast("Any", None),
        credentials=cast("Any", None),
        followers=cast("Any", None),
        desk=Desk(database, clock, TenantKeys(crypto.new_key(), clock), Passwords(), rates),
        cursors=Cursors(crypto.new_key()),
        public_url="http://127.0.0.1",
        requests_per_minute=1_000_000,
    )
    stage = Stage(parts, create_app(parts))
    try:
        people = []
        async with database.system() as conn:
            for number in range(6):
                row = await (await conn.execute("select md5('user' || %s::text)::uuid", (number,))).fetchone()
                people.append(UUID(str(row[0])) if row else UUID(int=0))
        clients = [
            (await stage.signed_in("operator" if n == 0 else "creator", user_id=user))[1]
            for n, user in enumerate(people)
        ]
        yield Filled(stage, clients[1:], clients[0], ledger_rows)
    finally:
        for client in stage.clients:
            await client.aclose()
        await rates.close()
        await live.close()
        await database.close()


PAGES: tuple[tuple[str, str, bool], ...] = (
    ("today", "/api/v1/costs/today", False),
    ("today of an operator", "/api/v1/costs/today", True),
    ("videos", f"/api/v1/costs/videos?limit={PAGE}", False),
    ("days", "/api/v1/costs/days", False),
    ("budgets", "/api/v1/costs/budgets", False),
    ("alerts", "/api/v1/costs/alerts", False),
    ("quota", "/api/v1/quota", False),
    ("platform days", "/api/v1/admin/costs/days", True),
)


async def asked(of: Filled, path: str, dice: random.Random, requests: int, *, operator: bool) -> list[float]:
    """Milliseconds of so many answers, one after the other."""
    took = []
    for _ in range(requests):
        client = of.operator if operator else dice.choice(of.creators)
        began = time.perf_counter()
        answer = await client.get(path)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
    return took


async def compare(small: Filled, large: Filled, *, requests: int, rounds: int) -> dict[str, dict[str, float]]:
    """p95 of each page, as the median of the rounds' own; the two take turns within each."""
    dice, found = random.Random(7), dict[str, dict[str, float]]()
    for name, path, operator in PAGES:
        p95: dict[int, list[float]] = {0: [], 1: []}
        for side in (0, 1):
            await asked((small, large)[side], path, dice, 20, operator=operator)
        for number in range(rounds):
            took: dict[int, list[float]] = {0: [], 1: []}
            for _ in range(requests // 10):  # in small portions, so that what else the machine does hits both
                for side in (0, 1) if number % 2 == 0 else (1, 0):
                    took[side] += await asked((small, large)[side], path, dice, 10, operator=operator)
            for side, times in took.items():
                p95[side].append(statistics.quantiles(times, n=20)[-1])
        before, after = (statistics.median(p95[side]) for side in (0, 1))
        found[name] = {"small_p95_ms": round(before, 2), "large_p95_ms": round(after, 2)}
        found[name]["ratio"] = round(statistics.median(b / a for a, b in zip(p95[0], p95[1], strict=True)), 3)
    return found


async def measure(folder: Path, *, rows: int, requests: int, rounds: int) -> dict[str, object]:
    """Fill both, ask both."""
    options = {"max_wal_size": "16GB", "shared_buffers": "512MB", "maintenance_work_mem": "256MB", "autovacuum": "off"}
    server: Postgres = start_postgres(folder, durable=False, options=options)
    valkey = start_valkey(folder)
    try:
        names = {"small": SMALL_ROWS, "large": rows}
        for name in names:
            roles.ensure_roles(
                server.url(database="postgres"),
                lambda role: secret_in(server.secrets_dir / f"{role}.password"),
                database=name,
            )
            migrate(server.url(roles.OWNER, name))
        began = time.perf_counter()
        there = {name: await fill(server.url(database=name), wanted) for name, wanted in names.items()}
        fill_s = time.perf_counter() - began
        print(f"filled {there['small']:,} and {there['large']:,} ledger rows in {fill_s:.0f} s", flush=True)
        async with (
            application(server.url(roles.APP, "small"), valkey.url(), folder / "a", there["small"]) as small,
            application(server.url(roles.APP, "large"), valkey.url(), folder / "b", there["large"]) as large,
        ):
            found = await compare(small, large, requests=requests, rounds=rounds)
    finally:
        valkey.stop()
        server.stop()
    worst = max(page["ratio"] for page in found.values())
    print(f"{'page':<22}{'p95 small':>12}{'p95 large':>12}{'ratio':>8}")
    for name, page in found.items():
        print(f"{name:<22}{page['small_p95_ms']:>9.2f} ms{page['large_p95_ms']:>9.2f} ms{page['ratio']:>8.3f}")
    return {
        "small_ledger_rows": there["small"],
        "large_ledger_rows": there["large"],
        "fill_s": round(fill_s, 1),
        "pages": found,
        "worst_ratio": worst,
        "goal_ratio": MOST_GROWTH,
        "met": worst < MOST_GROWTH and there["large"] >= rows * 0.99,
    }


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--requests", type=int, default=200, help="of each page, each database and each round")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ytempire-rows-"))
    folder.chmod(0o755)
    try:
        figures = asyncio.run(measure(folder, rows=given.rows, requests=given.requests, rounds=given.rounds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))
    sys.exit(0 if figures["met"] else 1)


if __name__ == "__main__":
    main()
