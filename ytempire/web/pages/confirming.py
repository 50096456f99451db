"""Behind the link to a new e-mail address: one button, because programs that check mail open links, too."""

from __future__ import annotations

from typing import LiteralString

from fastapi import Request, Response

from ytempire.accounts import confirm_email, look_at_email_link
from ytempire.kit.errors import NotFound
from ytempire.web.mails import tell_email
from ytempire.web.pages.forms import pages
from ytempire.web.pages.html import fill, page
from ytempire.web.pages.one_time import drop_token, take_token, token_of
from ytempire.web.parts import PartsOf
from ytempire.web.principal import refuse_foreign

router = pages()

_FORM: LiteralString = """<p>From here on you sign in to YTEMPIRE as <strong>$email</strong>, and letters go there.</p>
<form method="post" action="/confirm">
<button>This is my address</button>
</form>
"""
_DONE: LiteralString = """<p><strong>$email</strong> is the address of your account now.</p>
<p><a href="/account">Go to your account</a></p>
"""
_GONE: LiteralString = """<p>$words</p>
<p>If your address did not change, ask for the change once more.</p>
"""
_OVER = "This link is used or over; it works once, for a day."


@router.get("/confirm/{token}")
async def arrive(token: str, request: Request) -> Response:
    """The link itself."""
    return take_token(request, "confirm", token)


@router.get("/confirm")
async def show(request: Request, parts: PartsOf) -> Response:
    """The button, or why there is none."""
    token = token_of(request, "confirm")
    if not token:
        return _gone("This page is reached by a one-time link. Open yours once more.")
    email = await look_at_email_link(parts.desk, token)
    return _gone(_OVER) if email is None else page("Your new address", fill(_FORM, email=email))


@router.post("/confirm")
async def confirm(request: Request, parts: PartsOf) -> Response:
    """The new address counts."""
    refuse_foreign(request, silent_passes=False)
    try:
        before, email = await confirm_email(parts.desk, token_of(request, "confirm"))
    except NotFound:
        return _gone(_OVER)
    tell_email(parts, before, email)
    answer = page("Your new address", fill(_DONE, email=email))
    drop_token(request, answer, "confirm")
    return answer


def _gone(words: str) -> Response:
    return page("No link here", fill(_GONE, words=words), status=404)
