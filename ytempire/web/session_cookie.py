"""The cookie that a browser's session lives in."""

from __future__ import annotations

from fastapi import Response

from ytempire.web.parts import Parts

_SESSION_S = 30 * 24 * 3600


def cookie_name(parts: Parts) -> str:
    """The session's cookie. A `__Host-` one can't be set by another host or path, and needs https."""
    return "__Host-ytempire_session" if parts.https else "ytempire_session"


def keep_signed_in(response: Response, parts: Parts, token: str) -> None:
    """Give the browser its session."""
    response.set_cookie(
        cookie_name(parts), token, max_age=_SESSION_S, path="/", secure=parts.https, httponly=True, samesite="lax"
    )


def forget_session(response: Response, parts: Parts) -> None:
    """Take it back."""
    response.delete_cookie(cookie_name(parts), path="/", secure=parts.https, httponly=True, samesite="lax")
