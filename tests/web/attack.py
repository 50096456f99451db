"""The tenant attack: every operation of the document, asked by one tenant with every id of another.

Each request is first one that a stranger makes, then the owner's, then the stranger's again: what was remembered of the
owner's answer must not be told. The owner's must succeed, or the stranger's refusal proves nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import httpx

from tests.web.belongings import API, LISTS, MAKERS, REQUESTS, Tenant, make
from tests.web.operations import Operation, with_id
from ytempire.kit.ids import new_id

BY_ADDRESS = {
    "media_fetch": "whoever has a signed address may; test_media.py tries those that were changed or are another's",
    "webhooks_report": "signed by the installation's own driver; test_runs.py tries what is forged or stale",
    "cache_get": "a name is each tenant's own: for another it is another value (test_cache.py)",
    "cache_put": "the same",
    "cache_delete": "the same",
    "relay/elevenlabs_speak": "takes a run's token, and a voice is the vendor's (tests/contracts/test_relay.py)",
}
"""Operations whose path names no id: a signed address is the secret itself, a name is each tenant's own."""
SETS = 3
"""So many fresh sets of ids of each kind, for each route and tenant."""
ALONE = {
    "auth_join": "takes a one-time link; nobody is signed in",
    "auth_login": "nobody is signed in",
    "auth_reset": "takes a one-time link; nobody is signed in",
    "auth_logout": "ends the session that asks",
    "auth_begin_totp": "of the session that asks",
    "auth_confirm_totp": "of the session that asks",
    "auth_renew_codes": "of the session that asks",
    "auth_forgot": "nobody is signed in, and no mail server is set up",
    "auth_use_email": "takes a one-time link; nobody is signed in",
    "users/me_ask_for_email": "of the user who asks, with their password; no mail server is set up",
    "users/me_delete": "of the user who asks, with their password",
    "relay/openai_models": "takes a run's token, which is for one video (tests/contracts/test_relay.py)",
    "relay/openai_respond": "the same",
    "relay/openai_complete": "the same",
}
"""Operations that name nobody's ids and need more than an API key, by operationId."""
ACROSS = {
    "admin/users_list_users": "operators see who there is",
    "admin/users_get": "operators look at any user",
    "admin/users_change": "operators suspend any user",
    "admin/users_make_reset_link": "operators hand out links",
    "admin/users_make_email_link": "operators hand out links",
    "admin/costs_platform_days": "the platform's money",
    "admin/costs_stop": "stops everybody's generation",
    "admin/costs_resume": "lets everybody's generation go on",
    "admin/costs_orders": "operators see what operators ordered",
    "admin/quota_open_reserve": "the platform's quota",
    "admin/plan_waiting": "operators see sums over all plans",
    "admin/runs_runs": "operators see what another driver leads",
    "admin/runs_rates": "operators see how it went",
    "plan_due": "claims for a driver what is due over all users",
}
"""Operations that look across tenants by design: for operators; a creator is refused."""


@dataclass(frozen=True)
class Request:
    """What is sent; `told` are the ids in it, which an answer may repeat."""

    operation: Operation
    path: str
    told: frozenset[str]
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None

    async def by(self, who: Tenant, once: str) -> httpx.Response:
        headers = {"If-Match": "*"} | ({"Idempotency-Key": once} if self.operation.method == "post" else {})
        sent: dict[str, Any] = {} if self.body is None else {"json": self.body}
        if isinstance(self.body, bytes):
            sent = {"content": self.body, "headers": headers | {"Content-Type": "application/octet-stream"}}
        return await who.client.request(
            self.operation.method.upper(), self.path, params=self.query, **({"headers": headers} | sent)
        )


@dataclass
class Attack:
    """Two tenants of one role against each other, and what came of it."""

    first: Tenant
    second: Tenant
    attempts: int = 0
    owned: int = 0
    """Requests that their owner was answered with 2xx."""
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What keeps the attack from proving anything: an owner who is refused, an id nobody can make."""

    async def on(self, operation: Operation) -> None:
        """Both against each other, on one operation."""
        if operation.path_ids or operation.query_ids() or operation.body_ids():
            for owner, stranger in ((self.first, self.second), (self.second, self.first)):
                theirs = await self._own(operation, stranger)
                for turn in range(SETS):
                    await self._ids(operation, owner, stranger, theirs, compare=turn == 0 and operation.method != "get")
                await self._ids_of_other_kinds(operation, owner, stranger, theirs)
        else:
            for who, other in ((self.first, self.second), (self.second, self.first)):
                body = await REQUESTS[operation.name](who, {}) if operation.name in REQUESTS else operation.body()
                request = Request(operation, operation.path, frozenset(), body=body)
                await self._succeeds(request, who, other)
        if "cursor" in operation.query():
            await self._cursors(operation)

    async def _ids(self, operation: Operation, owner: Tenant, stranger: Tenant, theirs: _Own, *, compare: bool) -> None:
        """Each set of the ids that the request names is the owner's, the rest the stranger's own."""
        own = await self._own(operation, owner)
        places = list(own.ids)
        asked = [
            _request(operation, {**theirs.ids, **{place: own.ids[place] for place in taken}}, theirs.body)
            for size in range(1, len(places) + 1)
            for taken in combinations(places, size)
        ]
        before = await _everything(owner) if compare else None
        for request in asked:
            await self._refused(request, stranger, owner, {404})
        if compare and await _everything(owner) != before:
            self.leaks.append(f"{operation}: a stranger changed what is another tenant's")
        await self._succeeds(_request(operation, own.ids, own.body), owner, stranger)
        for request in asked:
            await self._refused(request, stranger, owner, {404})

    async def _ids_of_other_kinds(self, operation: Operation, owner: Tenant, stranger: Tenant, theirs: _Own) -> None:
        """The owner's ids of every kind there is, where one of another kind belongs."""
        for place in theirs.ids:
            for stolen in sorted(owner.ids)[:: max(1, len(owner.ids) // 20)]:
                request = _request(operation, {**theirs.ids, place: stolen}, theirs.body)
                await self._refused(request, stranger, owner, {404, 422})

    async def _cursors(self, operation: Operation) -> None:
        """A cursor is of the user who was given it."""
        for owner, stranger in ((self.first, self.second), (self.second, self.first)):
            own = await self._own(operation, owner)
            if operation.name not in LISTS:
                self.faults.append(f"{operation}: what is listed? add the kind to LISTS in tests/web/belongings.py")
                return
            for _ in range(2):
                await make(owner, LISTS[operation.name], own.given | _asked_for(own.ids))
            request = _request(operation, own.ids, own.body)
            page = await Request(operation, request.path, request.told, {**request.query, "limit": 1}).by(owner, "-")
            if not page.is_success or not page.json()["next"]:
                self.faults.append(f"{operation}: no second page, so no cursor to steal: {page.text[:200]}")
                continue
            theirs = await self._own(operation, stranger)
            stolen = _request(operation, theirs.ids, None)
            query = {**stolen.query, "cursor": page.json()["next"]}
            await self._refused(Request(operation, stolen.path, frozenset(), query), stranger, owner, {400})

    async def not_for(self, creator: Tenant, operation: Operation) -> None:
        """What is for operators is refused to a creator, whatever the ids."""
        ids = {("path", name): str(new_id()) for name in operation.path_ids}
        await self._refused(_request(operation, ids, operation.body()), creator, self.first, {403})

    async def _own(self, operation: Operation, who: Tenant) -> _Own:
        """A fresh set of this tenant's ids, at every place where the operation takes one, and a body that suits them.

        Two members of one chain (`/channels/{channel_id}/topics/{topic_id}`) belong together.
        """
        ids: dict[tuple[str, ...], str] = {}
        given: dict[str, str] = {}
        for name in operation.path_ids:
            ids[("path", name)] = given[name] = await make(who, name, given)
        body = await REQUESTS[operation.name](who, given) if operation.name in REQUESTS else operation.body()
        for name in operation.query_ids():
            ids[("query", name)] = await make(who, name, given)
        told = given | _asked_for(ids)
        for where in operation.body_ids():
            ids[("body", *where)] = told[_kind(where)] = await make(who, _kind(where), told)
        return _Own(ids, given, body)

    async def _succeeds(self, request: Request, owner: Tenant, other: Tenant) -> None:
        answer = await request.by(owner, new_id().hex)
        if answer.is_success:
            self.owned += 1
        else:
            self.faults.append(f"{request.operation}: its owner is refused: {answer.status_code} {answer.text[:300]}")
        self._look(request, answer, other)

    async def _refused(self, request: Request, stranger: Tenant, owner: Tenant, fitting: set[int]) -> None:
        answer = await request.by(stranger, new_id().hex)
        self.attempts += 1
        if answer.status_code not in fitting or answer.headers.get("content-type") != "application/problem+json":
            self.leaks.append(f"{request.operation}: a stranger gets {answer.status_code} {answer.text[:300]}")
        self._look(request, answer, owner)

    def _look(self, request: Request, answer: httpx.Response, other: Tenant) -> None:
        """The other's words and ids are in no answer."""
        said = answer.text + json.dumps(dict(answer.headers))
        if other.word in said:
            self.leaks.append(f"{request.operation}: tells what another tenant wrote: {answer.text[:300]}")
        if found := [one for one in other.ids - request.told if one in said]:
            self.leaks.append(f"{request.operation}: tells another tenant's id {found[0]}")


@dataclass(frozen=True)
class _Own:
    ids: dict[tuple[str, ...], str]
    given: dict[str, str]
    """Those of the path, by name."""
    body: Any


def _request(operation: Operation, ids: dict[tuple[str, ...], str], body: Any) -> Request:
    path, query = operation.path, {}
    for (place, *where), value in ids.items():
        if place == "path":
            path = path.replace("{" + where[0] + "}", value)
        elif place == "query":
            query[where[0]] = value
        else:
            body = with_id(body, tuple(where), value)
    for name, value in operation.path_choices.items():
        path = path.replace("{" + name + "}", value)
    return Request(operation, path, frozenset(ids.values()), query, body)


def _asked_for(ids: dict[tuple[str, ...], str]) -> dict[str, str]:
    """Ids of the query: a list is asked for what has them."""
    return {place[1]: value for place, value in ids.items() if place[0] == "query"}


def _kind(where: tuple[str, ...]) -> str:
    """Of a place in a body: `channel_ids` are many of `channel_id`."""
    return next(name for name in reversed(where) if name != "*").removesuffix("s")


async def _everything(who: Tenant) -> Any:
    return (await who.client.get(f"{API}/users/me/export")).json()


def uncovered(every: list[Operation]) -> list[str]:
    """Places of ids that no maker knows, and names in the lists of exceptions that are no operation any more."""
    missing = [
        f"{operation}: no maker for {kind}: add one to MAKERS in tests/web/belongings.py"
        for operation in every
        if operation.name not in ACROSS and operation.name not in BY_ADDRESS
        for kind in (
            *operation.path_ids,
            *operation.query_ids(),
            *(
                next(name for name in reversed(where) if name != "*").removesuffix("s")
                for where in operation.body_ids()
            ),
        )
        if kind not in MAKERS
    ]
    known = {operation.name: operation for operation in every}
    stale = [
        f"{name}: no such operation" for name in (*ALONE, *ACROSS, *BY_ADDRESS, *REQUESTS, *LISTS) if name not in known
    ]
    named = [
        f"{name}: names ids, so it can't stand in ALONE"
        for name in ALONE
        if name in known and (known[name].path_ids or known[name].query_ids() or known[name].body_ids())
    ]
    return missing + stale + named
