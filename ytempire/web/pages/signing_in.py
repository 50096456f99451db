"""Signing in and out, and the page between."""

from __future__ import annotations

from typing import Annotated, LiteralString

from fastapi import Form, Request, Response

from ytempire.accounts import own_account, sign_in, sign_out
from ytempire.accounts.model import Principal
from ytempire.kit.errors import NotSignedIn, TooMany, YtempireError
from ytempire.web.pages.forms import CODE, Field, alert, elsewhere, pages, status_of
from ytempire.web.pages.html import Html, fill, page
from ytempire.web.parts import PartsOf
from ytempire.web.principal import refuse_foreign, who
from ytempire.web.session_cookie import forget_session, keep_signed_in

router = pages()

_FORM: LiteralString = """$alert
<form method="post" action="/sign-in">
$fields
<button>Sign in</button>
</form>
<p class="hint"><a href="/forgot">No password any more?</a></p>
"""
_ACCOUNT: LiteralString = """<p>You are signed in as <strong>$name</strong> ($email), $role, time zone $zone.</p>
$next
<form method="post" action="/sign-out"><button>Sign out</button></form>
"""
_SECOND: LiteralString = """<p>An operator needs a second factor to run the installation:
<code>POST /api/v1/auth/totp</code> begins to set it up.</p>
"""


@router.get("/")
async def arrive() -> Response:
    """The address as `ytempire up` prints it."""
    return elsewhere("/account")


@router.get("/sign-in")
async def show(request: Request) -> Response:
    """The form; who is signed in already goes on."""
    return elsewhere("/account") if await _signed_in(request) else _form()


@router.post("/sign-in")
async def enter(
    request: Request,
    parts: PartsOf,
    email: Annotated[str, Form(max_length=254)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Sign in."""
    refuse_foreign(request, silent_passes=False)
    address = request.client.host if request.client else ""
    agent = request.headers.get("user-agent", "")
    try:
        session, _ = await sign_in(
            parts.desk, email=email, password=password, code=code or None, address=address, agent=agent
        )
    except (NotSignedIn, TooMany) as error:
        return _form(error, email)
    answer = elsewhere("/account")
    keep_signed_in(answer, parts, session)
    return answer


@router.get("/account")
async def account(request: Request, parts: PartsOf) -> Response:
    """Who one is."""
    principal = await _signed_in(request)
    if principal is None:
        return elsewhere("/sign-in")
    async with parts.database.transaction(principal.user_id) as conn:
        found = await own_account(conn, principal.user_id)
    lacks = found.role == "operator" and "admin" not in principal.scopes
    return page(
        "Your account",
        fill(
            _ACCOUNT,
            name=found.name,
            email=found.email or "",
            role=found.role,
            zone=found.time_zone,
            next=fill(_SECOND) if lacks else Html(""),
        ),
    )


@router.post("/sign-out")
async def leave(request: Request, parts: PartsOf) -> Response:
    """Sign out."""
    refuse_foreign(request, silent_passes=False)
    principal = await _signed_in(request)
    if principal is not None:
        async with parts.database.transaction(principal.user_id) as conn:
            await sign_out(conn, principal.credential)
    answer = elsewhere("/sign-in")
    forget_session(answer, parts)
    return answer


async def _signed_in(request: Request) -> Principal | None:
    try:
        principal = await who(request)
    except NotSignedIn:  # the session has ended
        return None
    return principal if principal and principal.via == "session" else None


def _form(error: YtempireError | None = None, email: str = "") -> Response:
    fields = (
        Field("email", "E-mail", "username", type="email", value=email),
        Field("password", "Password", "current-password", type="password"),
        CODE,
    )
    shown = Html("".join(field.html(error.field if error else None) for field in fields))
    return page("Sign in", fill(_FORM, alert=alert(error), fields=shown), status=status_of(error))
