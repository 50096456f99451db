"""The page to which Google's consent page sends the browser back: it finishes what was begun, and says how it went."""

from __future__ import annotations

import html

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from ytempire.channels import finish_connecting
from ytempire.kit.errors import NotSignedIn, YtempireError
from ytempire.web.links import CAME_BACK, came_back
from ytempire.web.parts import PartsOf
from ytempire.web.principal import who
from ytempire.web.problems import STATUS

router = APIRouter(include_in_schema=False)


@router.get(CAME_BACK)
async def connected(request: Request, parts: PartsOf) -> HTMLResponse:
    """Finish connecting, for the user whose session the browser has."""
    try:
        asker = await who(request)
        if asker is None or asker.via != "session":
            raise NotSignedIn(
                "nobody is signed in in this browser",
                fix="Sign in here, then connect the channel again.",
            )
        channel, connection = await finish_connecting(
            asker.user_id,
            dict(request.query_params),
            parts.authoriser,
            parts.credentials,
            redirect=came_back(parts.public_url),
        )
    except YtempireError as error:
        return _page("Not connected", f"{error}", status=STATUS.get(error.code, 500))
    return _page(
        "Connected", f"{channel.name} publishes to “{connection.title}” from now on. You may close this window."
    )


def _page(title: str, words: str, *, status: int = 200) -> HTMLResponse:
    name, text = html.escape(title), html.escape(words)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{name} · YTEMPIRE</title><main><h1>{name}</h1><p>{text}</p></main></html>",
        status_code=status,
    )
