"""What the fuzzer stands on: a user with belongings, and cases made to reach beyond an operation's first refusal."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import httpx
import pyotp

from tests.web.belongings import MAKERS, OF_OPERATORS, REQUESTS, Tenant, make
from tests.web.conftest import make_user
from tests.web.operations import Operation, operations, with_id
from ytempire.accounts import TenantKeys
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.model import SCOPES, ApiKey
from ytempire.accounts.secrets import hashed, new_api_key
from ytempire.kit.clock import SystemClock
from ytempire.kit.crypto import wrapping_key
from ytempire.kit.database import Database
from ytempire.kit.media_store import MediaRef
from ytempire.orchestration.runs import begin_run
from ytempire.production import select_video
from ytempire.web.media_links import link_to

TOKEN = 43
"""A one-time link ends in so many letters of its token."""
_turns = count()


@dataclass
class Ground:
    """Who asks, what is theirs, and bodies that are known to be taken."""

    who: str
    url: str
    key: str
    user_id: str
    operations: list[str]
    role: str = "creator"
    ids: dict[str, list[str]] = field(default_factory=dict)
    families: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of an id that lies below others: those in the path before it."""
    bodies: dict[str, list[Any]] = field(default_factory=dict)
    """By operationId, where the document's example can't be sent as it is."""
    addresses: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)
    """Path and query of files' signed addresses."""
    failed: str = ""
    """A video that failed and that no other case names, so that it stays so."""
    headers: dict[str, str] = field(default_factory=dict)
    """Instead of the key: a session's."""
    secret: str = ""
    """Of a second factor that is being set up."""
    only: frozenset[str] = frozenset()
    """Operations to ask; none named: all."""

    def suited(self, case: Any) -> Any:
        """Three of four cases that fit their schema are brought nearer to what is taken."""
        turn = next(_turns)
        if case.meta is None or case.meta.generation.mode.is_negative or turn % 4 == 0:
            return case
        for name in reversed(case.path_parameters):
            if family := self.families.get(str(case.path_parameters[name])):
                case.path_parameters.update(family)
                break
        asked = case.operation.definition.raw
        if any(one["name"] == "If-Match" for one in asked.get("parameters", ())):
            case.headers["If-Match"] = "*"
        if "cursor" in case.query:
            del case.query["cursor"]
        if asked.get("operationId") == "videos_what_a_retry_makes" and self.failed:
            case.path_parameters["video_id"] = self.failed
        if asked.get("operationId") == "media_fetch" and self.addresses:
            path, query = self.addresses[turn % len(self.addresses)]
            case.path_parameters.update(path)
            case.query.update(query)
        known = self.bodies.get(asked.get("operationId", ""), ())
        if known and isinstance(known[0], bytes):
            case.body = known[turn % len(known)]
        elif known and isinstance(case.body, dict):
            taken = self._fresh(known[turn % len(known)], turn)
            case.body = {**case.body, **taken} if turn % 4 == 1 else taken
        return case

    def _fresh(self, body: Any, turn: int) -> Any:
        """The body with names that nobody has yet, and the code of this half-minute."""
        if self.secret and "code" in body:
            return {"code": pyotp.TOTP(self.secret).now()}
        return json.loads(re.sub(rf"\"{self.who}-\d+", f'"{self.who}-{1000 + turn}', json.dumps(body)))

    def harmless(self, case: Any) -> bool:
        """Not the key that asks revoked, not the user who asks suspended."""
        named = [unquote(str(value)) for value in case.path_parameters.values()]
        return case.method.upper() == "GET" or not {self.user_id, self.key.split("_")[1]} & set(named)


async def prepared(where: dict[str, str], *, each: int = 12) -> list[Ground]:
    """New users on the server, with `each` belongings of every kind: an operator, a creator, people who sign in."""
    database = Database(where["database_url"])
    await database.open()
    keys = TenantKeys(wrapping_key(Path(where["key_file"])), SystemClock())
    grounds = []
    try:
        for role in ("operator", "creator"):
            user_id, key = await _user(database, role)
            headers = {"Authorization": f"Bearer {key}"}
            async with httpx.AsyncClient(base_url=where["url"], headers=headers, timeout=60) as client:
                every = operations((await client.get("/api/v1/openapi.json")).json())
                who = Tenant(f"fuzz{role}{key.split('_')[1]}", user_id, client, database, keys, where["feed_url"])
                await who.post("/plan/resume", {})
                ground = Ground(who.word, where["url"], key, str(user_id), [str(one) for one in every], role)
                if role == "operator":
                    ground.ids["user_id"] = [str(await make_user(database)) for _ in range(each)]
                    people = await _people(who, ground, where["url"], each)
                await _belongings(who, every, role, ground, each)
                await _bodies(who, every, role, ground)
                if role == "creator":
                    led = await _led(who, every, where["url"])
                ground.addresses = await _addresses(who, keys)
                ground.failed = await make(who, "video_id", {})
                async with database.transaction(user_id) as conn:
                    await conn.execute("update videos set state = 'failed' where id = %s", (ground.failed,))
                grounds.append(ground)
    finally:
        await database.close()
    return [*grounds, *people, led]


async def _user(database: Database, role: Any) -> tuple[UUID, str]:
    user_id = await make_user(database, role)
    key_id, secret, key = new_api_key()
    async with database.transaction(user_id) as conn:
        made = ApiKey(key_id, "fuzz", SCOPES, SystemClock().now(), None, None, None)
        await credentials.add_api_key(conn, user_id, made, hashed(secret))
    return user_id, key


async def _people(operator: Tenant, ground: Ground, url: str, each: int) -> list[Ground]:
    """Those who join by a link, sign in, choose a new password, use a second factor, sign out and leave."""
    password = "plum orbit canvas nine"

    async def invited() -> str:
        made = await operator.post(
            "/admin/invitations", {"email": f"joins-{operator.name()}@example.org", "role": "creator"}
        )
        return str(made["link"][-TOKEN:])

    async def joined() -> tuple[dict[str, Any], dict[str, str]]:
        async with httpx.AsyncClient(base_url=url, timeout=60) as nobody:
            body = {"token": await invited(), "name": "x", "password": password, "time_zone": "UTC"}
            answer = await nobody.post("/api/v1/auth/join", json=body)
            session = "; ".join(f"{name}={value}" for name, value in nobody.cookies.items())
            return answer.json(), {"Cookie": session, "Sec-Fetch-Site": "same-origin"}

    user, _ = await joined()
    links = [await operator.post(f"/admin/users/{user['id']}/reset-link", None) for _ in range(1)]
    ground.bodies["auth_join"] = [
        {"token": await invited(), "name": "x", "password": password, "time_zone": "UTC"} for _ in range(each)
    ]
    ground.bodies["auth_reset"] = [{"token": link["link"][-TOKEN:], "password": password} for link in links]
    mover, _ = await joined()  # whose letter about a password would be ended by moving
    moved = [
        await operator.post(f"/admin/users/{mover['id']}/email-link", {"email": f"new-{operator.name()}@example.org"})
    ]
    ground.bodies["auth_use_email"] = [{"token": link["link"][-TOKEN:]} for link in moved]
    ground.bodies["auth_login"] = [{"email": (await joined())[0]["email"], "password": password}]
    people = []
    for name, only in (
        ("beginning", {"auth_begin_totp"}), ("second factor", {"auth_confirm_totp"}),
        ("recovery", {"auth_renew_codes"}), ("signing out", {"auth_logout"}), ("leaving", {"users/me_delete"}),
        ("moving", {"users/me_ask_for_email"}),
    ):  # fmt: skip
        user, headers = await joined()
        one = Ground(name, url, "__", user["id"], ground.operations, headers=headers, only=frozenset(only))
        one.bodies["users/me_delete"] = [{"password": password}]
        one.bodies["users/me_ask_for_email"] = [{"email": f"{name}-1@example.org", "password": password}]
        if only & {"auth_confirm_totp", "auth_renew_codes"}:
            async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
                one.secret = (await client.post("/api/v1/auth/totp")).json()["secret"]
                if "auth_renew_codes" in only:  # with the code of the half-minute before, so that the next one serves
                    code = pyotp.TOTP(one.secret).at(int(time.time()) - 30)
                    await client.post("/api/v1/auth/totp/confirm", json={"code": code})
            one.bodies |= {"auth_confirm_totp": [{"code": ""}], "auth_renew_codes": [{"code": ""}]}
        people.append(one)
    return people


async def _led(who: Tenant, every: list[Operation], url: str) -> Ground:
    """What only a run may ask, with its token."""
    channel = await make(who, "channel_id", {})
    video = await who.post("/videos", {"channel_id": channel, "topic": who.name()})
    now = SystemClock().now()
    async with who.database.transaction(who.user_id) as conn:
        found = await select_video(conn, UUID(video["id"]))
        assert found
        begun = await begin_run(conn, found, now, driver="n8n", workflow="w", execution="1")
    mine = [one for one in every if one.path.startswith("/api/v1/relay/")]
    ground = Ground("a run", url, begun.token, str(who.user_id), [str(one) for one in every])
    ground.only = frozenset(one.name for one in mine)
    ground.ids["voice_id"] = ["21m00Tcm4TlvDq8ikWAM"]
    ground.bodies = {one.name: [one.body()] for one in mine if one.body()}
    return ground


async def _belongings(who: Tenant, every: list[Operation], role: str, ground: Ground, each: int) -> None:
    for operation in every:
        for at in range(each):
            given: dict[str, str] = {}
            for name in operation.path_ids:
                if name not in MAKERS or (name in OF_OPERATORS and role != "operator"):
                    break
                known = ground.ids.setdefault(name, [])
                mine = [one for one in known if ground.families.get(one, {}).items() <= given.items()]
                if at >= len(known) or not mine:
                    known.append(await make(who, name, given))
                    if given:
                        ground.families[known[-1]] = dict(given)
                    mine = [known[-1]]
                given[name] = mine[at % len(mine)]


async def _addresses(who: Tenant, keys: TenantKeys) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Of the user's pictures: each in its two parts."""
    async with who.database.transaction(who.user_id) as conn:
        rows = await (await conn.execute("select sha256, size_bytes, suffix from channel_media limit 5")).fetchall()
    parts: Any = SimpleNamespace(clock=SystemClock(), public_url="", keys=keys)
    found = []
    for sha256, size_bytes, suffix in rows:
        address, _ = link_to(parts, who.user_id, MediaRef(sha256, size_bytes, suffix), f"picture{suffix}")
        split = urlsplit(address)
        found.append(({"sha256": sha256, "name": f"picture{suffix}"}, dict(parse_qsl(split.query))))
    return found


async def _bodies(who: Tenant, every: list[Operation], role: str, ground: Ground) -> None:
    """The document's example, or what REQUESTS has in its place, with ids of ours."""
    for operation in every:
        if operation.name in ground.bodies or (role != "operator" and "/admin/" in operation.path):
            continue
        given = {name: ground.ids[name][0] for name in operation.path_ids if ground.ids.get(name)}
        suits = operation.name in REQUESTS
        bodies = [await REQUESTS[operation.name](who, given)] if suits else [operation.body()]
        for where in operation.body_ids():
            for at, body in enumerate(bodies):
                if body and (known := ground.ids.get(where[-1])):
                    bodies[at] = with_id(body, where, known[at % len(known)])
        if isinstance(bodies[0], dict | bytes):
            ground.bodies[operation.name] = bodies
