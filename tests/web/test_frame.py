"""What surrounds every route, tried on routes of the test's own and real PostgreSQL and Valkey."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import jsonschema
import pytest
from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from tests.web.conftest import Stage
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import NotFound
from ytempire.kit.ids import new_id
from ytempire.kit.rates import Rate, Rates
from ytempire.web import create_app
from ytempire.web.cursors import After, Limit, Page
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.parts import parts_of
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import Request, resource, takes_body

SAME = {"Sec-Fetch-Site": "same-origin"}


class Thing(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "x", "size": 1}]})
    name: str = Field(max_length=20)
    size: int = 1


things = resource("things")
gate = asyncio.Event()
entered = asyncio.Semaphore(0)
"""Released by each request for a slow thing that holds its key."""


@things.post("", status_code=201)
async def make_thing(thing: Thing, conn: Transaction, who: SignedIn) -> Thing:
    """Writes to a table, so that commit and rollback can be seen."""
    if thing.name == "slow":
        entered.release()
    await conn.execute("update users set name = name || %s where id = %s", (thing.name, who.user_id))
    if thing.name == "slow":
        await gate.wait()
    if thing.name == "gone":
        raise NotFound("no such thing", field="name", fix="Name another.")
    if thing.name == "fault":
        raise ZeroDivisionError
    return thing


@things.get("")
async def list_things(request: Request, who: SignedIn, after: After = None, limit: Limit = 2) -> Page[Thing]:
    cursors = parts_of(request).cursors
    first = int((cursors.read("things", who.user_id, after) or ["-1"])[0]) + 1
    rows = [Thing(name=str(n), size=n) for n in range(first, 5)][: limit + 1]
    return cursors.page("things", who.user_id, rows, limit, show=lambda row: row, place=lambda row: (str(row.size),))


async def _named(conn: Connection, user_id: object) -> Thing:
    row = await (await conn.execute("select name from users where id = %s for update", (user_id,))).fetchone()
    assert row
    return Thing(name=row[0])


@things.get("/{name}")
async def get_thing(name: str, response: Response, conn: Transaction, who: SignedIn) -> Thing:
    shown = await _named(conn, who.user_id)
    with_etag(response, shown)
    return shown


@things.put("/{name}")
async def put_thing(name: str, thing: Thing, conn: Transaction, who: SignedIn, if_match: IfMatch = None) -> Thing:
    """As resources do it: what is there now is read under its row's lock, in the transaction that writes."""
    require_match(if_match, await _named(conn, who.user_id))
    await conn.execute("update users set name = %s where id = %s", (thing.name, who.user_id))
    return thing


@things.post("/upload")
@takes_body(3_000_000)
async def upload(request: Request, _who: SignedIn) -> Thing:
    return Thing(name="taken", size=len(await request.body()))


@pytest.fixture
def frame(stage: Stage) -> Stage:
    gate.clear()
    return stage.with_routes(things)


async def name_of(database: Database, user_id: object) -> str:
    async with database.transaction(user_id) as conn:
        row = await (await conn.execute("select name from users where id = %s", (user_id,))).fetchone()
    return str(row[0])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "field"),
    [
        ("GET", "/nowhere", None, 404, "not_found", None),
        ("PATCH", "/api/v1/things", None, 405, "method_not_allowed", None),
        ("POST", "/api/v1/things", b"{", 422, "bad_input", "body"),
        ("POST", "/api/v1/things", b'{"name": 3}', 422, "bad_input", "name"),
        ("POST", "/api/v1/things", b'{"name": "a\\u0000b"}', 422, "bad_input", None),
        ("POST", "/api/v1/things", b'{"name": "a\\ud800"}', 422, "bad_input", "name"),
        ("POST", "/api/v1/things", b'{"name": "gone"}', 404, "not_found", "name"),
        ("POST", "/api/v1/things", b'{"name": "fault"}', 500, "fault", None),
        ("POST", "/api/v1/things", b"x" * 1_000_001, 413, "too_large", "body"),
        ("GET", "/api/v1/things?limit=0", None, 422, "bad_input", "limit"),
        ("GET", "/api/v1/things?cursor=x", None, 400, "wrong_cursor", "cursor"),
        ("PUT", "/api/v1/things/a", b'{"name": "b"}', 428, "condition_missing", "If-Match"),
    ],
)
async def test_every_error_is_a_problem_with_a_code(
    frame: Stage, method: str, path: str, body: bytes | None, status: int, code: str, field: str | None
) -> None:
    _, client = await frame.signed_in()
    answer = await client.request(method, path, content=body, headers={"Content-Type": "application/json"})
    said = answer.json()
    assert (answer.status_code, said["code"], said.get("field")) == (status, code, field), said
    assert answer.headers["content-type"] == "application/problem+json"
    assert said["status"] == status
    assert said["request_id"] == answer.headers["x-request-id"]
    assert code == "bad_input" or said["fix"]
    assert "ZeroDivision" not in answer.text
    assert "GET, POST" in answer.headers.get("allow", "GET, POST")


async def test_nobody_and_an_unknown_key_are_told_apart(frame: Stage) -> None:
    nobody = await frame.client().get("/api/v1/things")
    unknown = await frame.client({"Authorization": "Bearer yte_x_y"}).get("/api/v1/things")
    _, reader = await frame.signed_in(scopes=["read"])
    writes = await reader.post("/api/v1/things", json={"name": "x"})
    assert (nobody.status_code, unknown.status_code, writes.status_code) == (401, 401, 403)
    assert nobody.headers["www-authenticate"] == "Bearer"
    assert "scope write" in writes.json()["fix"]


async def test_an_error_rolls_back_and_an_answer_is_committed_before_it_leaves(
    frame: Stage, database: Database
) -> None:
    user, client = await frame.signed_in()
    assert (await client.post("/api/v1/things", json={"name": "gone"})).status_code == 404
    assert await name_of(database, user) == "x"
    assert (await client.post("/api/v1/things", json={"name": "kept"})).status_code == 201
    assert await name_of(database, user) == "xkept"


async def test_one_key_one_work(frame: Stage, database: Database) -> None:
    user, client = await frame.signed_in()
    once = {"Idempotency-Key": "k1"}
    first = await client.post("/api/v1/things", json={"name": "a"}, headers=once)
    again = await client.post("/api/v1/things", json={"name": "a"}, headers=once)
    other = await client.post("/api/v1/things", json={"name": "b"}, headers=once)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert other.json()["code"] == "key_reused"
    assert await name_of(database, user) == "xa"
    _, stranger = await frame.signed_in()
    assert (await stranger.post("/api/v1/things", json={"name": "c"}, headers=once)).json()["name"] == "c"
    frame.clock.at += timedelta(hours=25)
    assert (await client.post("/api/v1/things", json={"name": "d"}, headers=once)).status_code == 201


async def test_a_second_request_at_the_same_time_is_told_to_wait(frame: Stage, database: Database) -> None:
    user, client = await frame.signed_in()
    once = {"Idempotency-Key": "k2"}
    first = asyncio.create_task(client.post("/api/v1/things", json={"name": "slow"}, headers=once))
    await asyncio.wait_for(entered.acquire(), 10)
    second = await client.post("/api/v1/things", json={"name": "slow"}, headers=once)
    gate.set()
    assert (second.status_code, second.json()["code"]) == (409, "in_flight")
    assert (await first).status_code == 201
    assert (await client.post("/api/v1/things", json={"name": "slow"}, headers=once)).status_code == 201
    assert await name_of(database, user) == "xslow"


async def test_a_failure_frees_the_key(frame: Stage, database: Database) -> None:
    user, client = await frame.signed_in()
    once = {"Idempotency-Key": "k3"}
    for name in ("gone", "fault"):
        assert (await client.post("/api/v1/things", json={"name": name}, headers=once)).status_code >= 400
    assert (await client.post("/api/v1/things", json={"name": "y"}, headers=once)).status_code == 201
    assert await name_of(database, user) == "xy"


async def test_an_abandoned_key_is_taken_over_and_its_first_claimant_records_nothing(
    frame: Stage, database: Database
) -> None:
    user, client = await frame.signed_in()
    once = {"Idempotency-Key": "k4"}
    first = asyncio.create_task(client.post("/api/v1/things", json={"name": "slow"}, headers=once))
    await asyncio.wait_for(entered.acquire(), 10)
    frame.clock.at += timedelta(minutes=3)
    second = asyncio.create_task(client.post("/api/v1/things", json={"name": "slow"}, headers=once))
    await asyncio.wait_for(entered.acquire(), 10)
    gate.set()
    answers = sorted([(await first).status_code, (await second).status_code])
    assert answers == [201, 409]
    assert await name_of(database, user) == "xslow"


async def test_edits_at_once_from_the_same_version_leave_one(frame: Stage, database: Database) -> None:
    user, client = await frame.signed_in()
    tag = (await client.get("/api/v1/things/t")).headers["etag"]
    at_once = [client.put("/api/v1/things/t", json={"name": f"n{i}"}, headers={"If-Match": tag}) for i in range(6)]
    edits = await asyncio.gather(*at_once)
    assert sorted(edit.status_code for edit in edits) == [200, 412, 412, 412, 412, 412]
    [kept] = [edit.json()["name"] for edit in edits if edit.status_code == 200]
    assert await name_of(database, user) == kept


async def test_pages_follow_each_other_and_a_cursor_is_its_users_alone(frame: Stage) -> None:
    _, client = await frame.signed_in()
    seen, cursor = [], None
    while True:
        page = (await client.get("/api/v1/things", params={"cursor": cursor} if cursor else {})).json()
        seen += [thing["size"] for thing in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == [0, 1, 2, 3, 4]
    _, stranger = await frame.signed_in()
    assert (await stranger.get("/api/v1/things", params={"cursor": cursor})).status_code == 400
    forged = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    assert (await client.get("/api/v1/things", params={"cursor": forged})).status_code == 400


async def test_an_upload_may_be_larger_where_the_route_says_so(frame: Stage) -> None:
    _, client = await frame.signed_in()
    assert (await client.post("/api/v1/things/upload", content=b"x" * 2_000_000)).json()["size"] == 2_000_000

    async def drip() -> object:
        for _ in range(40):
            yield b"x" * 100_000

    assert (await client.post("/api/v1/things/upload", content=drip())).status_code == 413
    assert (await client.post("/api/v1/things", content=drip())).status_code == 413


async def test_rates_are_told_and_kept_without_valkey(frame: Stage, valkey_url: str) -> None:
    _, client = await frame.signed_in()
    answer = await client.get("/api/v1/things")
    assert answer.headers["ratelimit-policy"] == '"requests";q=1000;w=60'
    assert answer.headers["ratelimit"].startswith('"requests";r=999;t=')
    refused = await client.get("/api/v1/things?limit=0")
    assert refused.headers["ratelimit"].startswith('"requests";r=998;t=')
    now, whose, rate = frame.clock.now(), new_id().hex, Rate("tries", 3, 60)
    one, other, cut_off = Rates(valkey_url), Rates(valkey_url), Rates("redis://127.0.0.1:1/0")
    shared = [(await rates.take(rate, whose, now)).allowed for rates in (one, other, one, other)]
    alone = [(await cut_off.take(rate, whose, now)).allowed for _ in range(4)]
    assert shared == alone == [True, True, True, False]
    assert (await one.take(rate, whose, now + timedelta(seconds=60))).allowed
    for rates in (one, other, cut_off):
        await rates.close()


async def test_more_than_the_rate_is_refused_until_the_minute_is_over(stage: Stage) -> None:
    parts = replace(stage.parts, requests_per_minute=2)
    few = Stage(parts, create_app(parts), stage.clients)
    (_, one), (_, other) = await few.signed_in(), await few.signed_in()
    answers = [await one.get("/api/v1/users/me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "too_many"
    assert answers[2].headers["retry-after"] == "60"
    assert answers[2].headers["ratelimit"] == '"requests";r=0;t=60'
    assert (await other.get("/api/v1/users/me")).status_code == 200
    few.clock.at += timedelta(seconds=60)
    assert (await one.get("/api/v1/users/me")).status_code == 200


async def test_health_and_headers(frame: Stage) -> None:
    client = frame.client()
    live, ready = await client.get("/health/live"), await client.get("/health/ready")
    assert live.json() == {"status": "ok"}
    assert (ready.status_code, ready.json()) == (200, {"database": "ok", "valkey": "ok"})
    assert "default-src 'self'" in live.headers["content-security-policy"]
    assert live.headers["x-content-type-options"] == "nosniff"
    assert (await client.get("/health/live", headers={"X-Request-Id": "abc-12345"})).headers[
        "x-request-id"
    ] == "abc-12345"
    await frame.parts.database.close()
    assert (await client.get("/health/ready")).status_code == 503


async def test_the_document_is_openapi_3_1_with_a_fitting_example_on_every_operation(frame: Stage) -> None:
    document = (await frame.client().get("/api/v1/openapi.json")).json()
    check_document(document)


def check_document(document: dict) -> None:
    assert document["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in str(document)
    seen = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            contents = [operation.get("requestBody", {}).get("content", {})]
            contents += [answer.get("content", {}) for answer in operation["responses"].values()]
            assert "application/problem+json" in operation["responses"]["default"]["content"], (path, method)
            for content in contents:
                for media in content.values():
                    schema = {**media["schema"], "components": document["components"]}
                    jsonschema.validate(media["example"], schema)
                    seen += 1
    assert seen > len(document["paths"])


async def test_a_cookie_is_acted_on_only_for_this_site(frame: Stage) -> None:
    user, _ = await frame.signed_in()
    token = await frame.session(user)
    client: httpx.AsyncClient = frame.client({"Cookie": f"ytempire_session={token}"})
    tries = {
        "same-origin": SAME,
        "cross-site": {"Sec-Fetch-Site": "cross-site"},
        "same-site": {"Sec-Fetch-Site": "same-site"},
        "own Origin": {"Origin": "http://127.0.0.1"},
        "foreign Origin": {"Origin": "http://127.0.0.1:81"},
        "null Origin": {"Origin": "null"},
        "neither": {},
    }
    answers = {
        name: (await client.post("/api/v1/things", json={"name": "x"}, headers=headers)).status_code
        for name, headers in tries.items()
    }
    assert {name for name, status in answers.items() if status == 201} == {"same-origin", "own Origin"}
    assert (await client.get("/api/v1/things", headers=tries["cross-site"])).status_code == 200
