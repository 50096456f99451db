"""The token of a one-time link moves from the address into a cookie before any page is shown.

So it stands neither in the browser's history nor in a Referer, and the page that asks needs no JavaScript.
"""

from __future__ import annotations

from typing import Literal

from fastapi import Request, Response

from ytempire.web.pages.forms import elsewhere
from ytempire.web.parts import Parts, parts_of

_KEPT_S = 3600
_LONGEST = 100
Kind = Literal["join", "reset", "confirm"]


def _cookie(parts: Parts, kind: Kind) -> str:
    return f"__Host-ytempire_{kind}" if parts.https else f"ytempire_{kind}"


def take_token(request: Request, kind: Kind, token: str) -> Response:
    """Keep it for an hour and go on to the page."""
    parts = parts_of(request)
    answer = elsewhere(f"/{kind}")
    answer.headers["Referrer-Policy"] = "no-referrer"
    # Lax, not Strict: the way here began in somebody's mail
    answer.set_cookie(
        _cookie(parts, kind), token, max_age=_KEPT_S, path="/", secure=parts.https, httponly=True, samesite="lax"
    )
    return answer


def token_of(request: Request, kind: Kind) -> str:
    """The token that was kept, or nothing."""
    return request.cookies.get(_cookie(parts_of(request), kind), "")[:_LONGEST]


def drop_token(request: Request, response: Response, kind: Kind) -> None:
    """It is used."""
    parts = parts_of(request)
    response.delete_cookie(_cookie(parts, kind), path="/", secure=parts.https, httponly=True, samesite="lax")
