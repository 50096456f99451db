"""Behind the link of an invitation: name, password, time zone, and one has an account."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Annotated, LiteralString
from zoneinfo import available_timezones

from fastapi import Form, Request, Response

from ytempire.accounts import accept_invitation, look_at_invitation
from ytempire.accounts.model import Invitation
from ytempire.kit.errors import BadInput, NotFound, TooMany, YtempireError
from ytempire.web.pages.forms import PASSWORD, Field, alert, elsewhere, pages, status_of
from ytempire.web.pages.html import Html, fill, page
from ytempire.web.pages.one_time import drop_token, take_token, token_of
from ytempire.web.parts import PartsOf
from ytempire.web.principal import refuse_foreign
from ytempire.web.session_cookie import keep_signed_in

router = pages()

_FORM: LiteralString = """$alert
<p>You are invited as $role. Choose a name and a password for your account.</p>
<form method="post" action="/join">
$fields
<div class="field">
<label for="time_zone">Time zone</label>
<p class="hint" id="time_zone-hint">Your midnight begins your day; it can be changed later.</p>
<select id="time_zone" name="time_zone" required aria-describedby="time_zone-hint"$wrong>
<option value="">Choose yours</option>
$zones
</select>
</div>
<button>Make my account</button>
</form>
"""
_GROUP: LiteralString = '<optgroup label="$area">$options</optgroup>\n'
_OPTION: LiteralString = '<option value="$name"$selected>$shown</option>'
_GONE: LiteralString = """<p>$words</p>
<p>If you have an account, <a href="/sign-in">sign in</a>. Otherwise ask whoever invited you for a new link.</p>
"""


@router.get("/join/{token}")
async def arrive(token: str, request: Request) -> Response:
    """The link itself."""
    return take_token(request, "join", token)


@router.get("/join")
async def show(request: Request, parts: PartsOf) -> Response:
    """The form, or why there is none."""
    token = token_of(request, "join")
    if not token:
        return _gone("This page is reached by the link of an invitation. Open yours once more.")
    found = await look_at_invitation(parts.desk, token)
    return _form(found) if found else _gone("This invitation is used, withdrawn or over.")


@router.post("/join")
async def join(
    request: Request,
    parts: PartsOf,
    name: Annotated[str, Form(max_length=1000)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    time_zone: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Make the account and be signed in."""
    refuse_foreign(request, silent_passes=False)
    token, agent = token_of(request, "join"), request.headers.get("user-agent", "")
    try:
        session, _ = await accept_invitation(
            parts.desk, token=token, name=name, password=password, time_zone=time_zone, agent=agent
        )
    except NotFound:
        return _gone("This invitation is used, withdrawn or over.")
    except (BadInput, TooMany) as error:
        found = await look_at_invitation(parts.desk, token)
        if found is None:
            return _gone("This invitation is used, withdrawn or over.")
        return _form(found, error=error, name=name, zone=time_zone)
    answer = elsewhere("/account")
    keep_signed_in(answer, parts, session)
    drop_token(request, answer, "join")
    return answer


def _form(invitation: Invitation, *, error: YtempireError | None = None, name: str = "", zone: str = "") -> Response:
    wrong = error.field if error else None
    fields = (
        Field("email", "E-mail", "username", type="email", value=invitation.email, marks=" readonly"),
        Field("name", "Name", "name", value=name, marks=' required maxlength="100"'),
        replace(PASSWORD),
    )
    body = fill(
        _FORM,
        alert=alert(error),
        role="an operator" if invitation.role == "operator" else "a creator",
        fields=Html("".join(field.html(wrong) for field in fields)),
        zones=_zones(zone),
        wrong=Html(' aria-invalid="true"' if wrong == "time_zone" else ""),
    )
    return page("Join", body, status=status_of(error))


def _zones(chosen: str) -> Html:
    """Every zone that people live in, by part of the world."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    groups = [fill(_OPTION, name="UTC", shown="UTC", selected=_selected("UTC", chosen))]
    for area, members in groupby(names, key=lambda name: name.partition("/")[0]):
        options = [
            fill(
                _OPTION,
                name=name,
                shown=name.partition("/")[2].replace("_", " ").replace("/", ", "),
                selected=_selected(name, chosen),
            )
            for name in members
        ]
        groups.append(fill(_GROUP, area=area, options=Html("".join(options))))
    return Html("".join(groups))


def _selected(name: str, chosen: str) -> Html:
    return Html(" selected" if name == chosen else "")


def _gone(words: str) -> Response:
    return page("No invitation here", fill(_GONE, words=words), status=404)
