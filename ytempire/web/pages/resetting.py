"""Behind the link of a reset: a new password."""

from __future__ import annotations

from typing import Annotated, LiteralString

from fastapi import Form, Request, Response

from ytempire.accounts import look_at_reset_link, reset_password
from ytempire.kit.errors import BadInput, NotFound, NotSignedIn, TooMany, YtempireError
from ytempire.web.mails import send_reset_link, tell_change
from ytempire.web.pages.forms import CODE, PASSWORD, Field, alert, elsewhere, pages, status_of
from ytempire.web.pages.html import Html, fill, page
from ytempire.web.pages.one_time import drop_token, take_token, token_of
from ytempire.web.parts import PartsOf
from ytempire.web.principal import refuse_foreign
from ytempire.web.session_cookie import keep_signed_in

router = pages()

_FORM: LiteralString = """$alert
<p>You will be signed in here and signed out everywhere else.</p>
<form method="post" action="/reset">
$fields
<button>Use this password</button>
</form>
"""
_FORGOT: LiteralString = """<p>A link to choose a new password is sent to your address.</p>
<form method="post" action="/forgot">
$field
<button>Send it</button>
</form>
"""
_GONE: LiteralString = """<p>$words</p>
<p>If you know your password, <a href="/sign-in">sign in</a>. Otherwise ask the operator for a new link.</p>
"""
_OVER = "This link is used or over; it works once, for a day."


@router.get("/reset/{token}")
async def arrive(token: str, request: Request) -> Response:
    """The link itself."""
    return take_token(request, "reset", token)


@router.get("/reset")
async def show(request: Request, parts: PartsOf) -> Response:
    """The form, or why there is none."""
    token = token_of(request, "reset")
    if not token:
        return _gone("This page is reached by a one-time link. Open yours once more.")
    email = await look_at_reset_link(parts.desk, token)
    return _gone(_OVER) if email is None else _form(email)


@router.post("/reset")
async def reset(
    request: Request,
    parts: PartsOf,
    password: Annotated[str, Form(max_length=1000)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take the new password and be signed in."""
    refuse_foreign(request, silent_passes=False)
    token, agent = token_of(request, "reset"), request.headers.get("user-agent", "")
    try:
        session, account = await reset_password(
            parts.desk, token=token, password=password, code=code or None, agent=agent
        )
    except NotFound:
        return _gone(_OVER)
    except (BadInput, NotSignedIn, TooMany) as error:
        email = await look_at_reset_link(parts.desk, token)
        return _gone(_OVER) if email is None else _form(email, error=error)
    tell_change(parts, account, "Its password was changed.")
    answer = elsewhere("/account")
    keep_signed_in(answer, parts, session)
    drop_token(request, answer, "reset")
    return answer


@router.get("/forgot")
async def ask(parts: PartsOf) -> Response:
    """Where a link is asked for, if there is a mail server."""
    if parts.post is None:
        return page("New password", fill("<p>Ask the operator for a link to choose a new password.</p>"))
    return page("New password", fill(_FORGOT, field=Field("email", "E-mail", "username", type="email").html(None)))


@router.post("/forgot")
async def forgot(request: Request, parts: PartsOf, email: Annotated[str, Form(max_length=254)] = "") -> Response:
    """The same answer, whether the address has an account or not."""
    refuse_foreign(request, silent_passes=False)
    await send_reset_link(parts, email, request.client.host if request.client else "")
    return page("Look into your mail", fill("<p>If this address has an account, a link is on its way to it.</p>"))


def _form(email: str, *, error: YtempireError | None = None) -> Response:
    wrong = error.field if error else None
    fields = (Field("email", "E-mail", "username", type="email", value=email, marks=" readonly"), PASSWORD, CODE)
    shown = Html("".join(field.html(wrong) for field in fields))
    return page("New password", fill(_FORM, alert=alert(error), fields=shown), status=status_of(error))


def _gone(words: str) -> Response:
    return page("No link here", fill(_GONE, words=words), status=404)
