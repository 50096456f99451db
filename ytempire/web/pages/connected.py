"""Where Google's consent page sends the browser back to: it finishes what was begun, and says how it went."""

from __future__ import annotations

from typing import LiteralString

from fastapi import Request, Response

from ytempire.channels import finish_connecting
from ytempire.kit.errors import NotSignedIn, YtempireError
from ytempire.planning import look_again
from ytempire.web.links import CAME_BACK, came_back
from ytempire.web.pages.forms import alert, pages, status_of
from ytempire.web.pages.html import fill, page
from ytempire.web.parts import PartsOf
from ytempire.web.principal import who

router = pages()

_DONE: LiteralString = "<p>$channel publishes to “$picked” from now on. You may close this window.</p>"
_STRANGER: LiteralString = '$alert<p><a href="/sign-in">Sign in</a></p>'


@router.get(CAME_BACK)
async def connected(request: Request, parts: PartsOf) -> Response:
    """Finish connecting, for the user whose session the browser has."""
    try:
        asker = await who(request)
        if asker is None or asker.via != "session":
            raise NotSignedIn(
                "nobody is signed in in this browser", fix="Sign in here, then connect the channel again."
            )
        channel, connection = await finish_connecting(
            asker.user_id,
            dict(request.query_params),
            parts.authoriser,
            parts.credentials,
            redirect=came_back(parts.public_url),
        )
        await look_again(parts.database, asker.user_id, parts.clock.now())
    except NotSignedIn as error:
        return page("Not connected", fill(_STRANGER, alert=alert(error)), status=status_of(error))
    except YtempireError as error:
        return page("Not connected", alert(error), status=status_of(error))
    return page("Connected", fill(_DONE, channel=channel.name, picked=connection.title))
