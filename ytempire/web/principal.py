"""Who asks: a session's cookie or an API key, what they may do, and how often."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from ytempire.accounts import authenticate, is_run_token
from ytempire.accounts.model import Presented, Principal
from ytempire.kit.database import Connection
from ytempire.kit.errors import NotAllowed, NotFound, NotSignedIn, YtempireError
from ytempire.kit.rates import Rate
from ytempire.web.parts import Parts, parts_of
from ytempire.web.session_cookie import cookie_name

READING = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST = 200


class ForeignOrigin(YtempireError):  # noqa: N818
    """A page of another site made the browser send this, with the user's cookie."""

    code = "foreign_origin"


def refuse_foreign(request: Request, *, silent_passes: bool) -> None:
    """Raise ForeignOrigin for a write that another site's page caused.

    Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`. Who sends neither is no browser of this decade:
    `silent_passes` where no cookie is acted upon.
    """
    if request.method in READING:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        ours = site in {"same-origin", "none"}
    elif origin is not None:
        ours = urlsplit(origin).netloc == request.headers.get("host", "")
    else:
        ours = silent_passes
    if not ours:
        raise ForeignOrigin(
            "this was not sent by a page of this address",
            field="Sec-Fetch-Site",
            fix="Programs use an API key: Authorization: Bearer yte_….",
        )


async def who(request: Request) -> Principal | None:
    """Who asks, looked up once per request and counted against their rate; None: nobody presents anything.

    Raises NotSignedIn for what is presented and not known.
    """
    if hasattr(request.state, "principal"):
        known: Principal | None = request.state.principal
        return known
    parts = parts_of(request)
    presented = _presented(request, parts)
    principal = await authenticate(parts.desk, presented) if presented else None
    if presented and principal is None:
        raise NotSignedIn("this session or API key is not known, or has ended", fix="Sign in again, or make a new key.")
    request.state.principal = principal
    if principal:
        if principal.via == "session":
            refuse_foreign(request, silent_passes=False)
        rate = Rate("requests", parts.requests_per_minute, 60)
        taken = parts.rates.count(rate, principal.credential, parts.clock.now())
        request.state.taken = taken
        taken.require(f"more than {rate.most} requests a minute")
    return principal


def _presented(request: Request, parts: Parts) -> Presented | None:
    address = request.client.host if request.client else ""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        token = request.headers.get("xi-api-key", "")  # as the voice vendor's own clients send theirs, to the relay
    if token:
        token = token.strip()[:_LONGEST]
        return Presented("run" if is_run_token(token) else "api_key", token, address)
    session = request.cookies.get(cookie_name(parts))
    return Presented("session", session[:_LONGEST], address) if session else None


_COOKIE = APIKeyCookie(name="ytempire_session", scheme_name="session", auto_error=False)
_BEARER = HTTPBearer(scheme_name="api_key", bearerFormat="yte_<id>_<secret>", auto_error=False)


async def _signed_in(
    request: Request,
    _cookie: Annotated[object, Security(_COOKIE)],  # the two are for the OpenAPI document; `who` reads the request
    _bearer: Annotated[object, Security(_BEARER)],
) -> Principal:
    principal = await who(request)
    if principal is None:
        raise NotSignedIn("nobody is signed in", fix="Sign in, or send an API key: Authorization: Bearer yte_….")
    principal.require("read" if request.method in READING else "write")
    return principal


SignedIn = Annotated[Principal, Depends(_signed_in)]
"""Whoever is signed in and has the scope: `read`, or `write` for what changes something."""


async def _operator(principal: SignedIn) -> Principal:
    if principal.role != "operator":
        raise NotAllowed("this is for operators", fix="Ask the operator of this installation.")
    principal.require("admin")
    return principal


Operator = Annotated[Principal, Security(_operator, scopes=["admin"])]
"""An operator; an API key needs the scope `admin`."""


async def _presented_one(
    request: Request,
    _cookie: Annotated[object, Security(_COOKIE)],
    _bearer: Annotated[object, Security(_BEARER)],
) -> Principal:
    principal = await who(request)
    if principal is None:
        raise NotSignedIn("nobody is signed in", fix="Send an API key or a run's token: Authorization: Bearer ….")
    return principal


async def _claiming(principal: Annotated[Principal, Depends(_presented_one)]) -> Principal:
    if principal.role != "operator":
        raise NotAllowed("this is for operators", fix="Ask the operator of this installation.")
    if "admin" not in principal.scopes:
        principal.require("drive")
    return principal


Claiming = Annotated[Principal, Security(_claiming, scopes=["drive"])]
"""An operator's key that may ask for due work: scope `drive`, or `admin`."""


async def _leading(request: Request, principal: Annotated[Principal, Depends(_presented_one)]) -> Principal:
    if principal.via != "run":
        principal.require("read" if request.method in READING else "write")
    elif str(principal.video_id) != request.path_params.get("video_id", str(principal.video_id)):
        raise NotFound("no such video", field="video_id", fix="This token leads another one.")
    return principal


Leading = Annotated[Principal, Depends(_leading)]
"""Whoever leads the video of the path: a run's token for it, or its owner with the scope `read` or `write`."""


async def _driving(principal: Annotated[Principal, Depends(_presented_one)]) -> Principal:
    if principal.via != "run":
        raise NotAllowed("this takes a run's token", fix="POST /api/v1/plan/due gives one with each video.")
    return principal


Driving = Annotated[Principal, Security(_driving, scopes=["run"])]
"""A run's token, which names the video."""


async def _transaction(request: Request, principal: SignedIn) -> AsyncIterator[Connection]:
    async with parts_of(request).database.transaction(principal.user_id) as conn:
        request.state.transaction = conn
        yield conn


Transaction = Annotated[Connection, Depends(_transaction, scope="function")]
"""The request's one transaction, as its tenant: committed before the answer leaves, rolled back on an error.

With an Idempotency-Key the answer is recorded in it, so that work and record are there both or neither.
"""
