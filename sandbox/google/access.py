"""Who is calling the Data API: the channel, project and scopes behind a Bearer token."""

import dataclasses
import json
from typing import Final

from fastapi import Request

from sandbox.google.errors import Refused
from sandbox.state import State

_AUTH: Final = "https://www.googleapis.com/auth/"
MANAGE: Final = frozenset({_AUTH + "youtube", _AUTH + "youtube.force-ssl"})
READ: Final = MANAGE | {_AUTH + "youtube.readonly"}
UPLOAD: Final = MANAGE | {_AUTH + "youtube.upload"}
CAPTIONS: Final = frozenset({_AUTH + "youtube.force-ssl"})


@dataclasses.dataclass(frozen=True)
class Caller:
    """An authorised caller. A project's quota is shared by all its channels."""

    project: str
    channel_id: str
    scopes: frozenset[str]


def caller(state: State, request: Request) -> Caller:
    """The caller of a request; Refused `required` without a token, `authError` with a dead one."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Refused("required")
    row = state.row(
        "select grants.*, access_tokens.expires as dies from access_tokens"
        " join grants on grants.id = grant_id where token = ?",
        token,
    )
    if row is None or row["revoked"] or row["dies"] <= state.now():
        raise Refused("authError")
    return Caller(project_of(row["client_id"]), row["channel_id"], frozenset(json.loads(row["scopes"])))


def project_of(client_id: str) -> str:
    """The project a client belongs to: Google's client ids begin with its number."""
    return client_id.split("-", 1)[0].split(".", 1)[0]


def need(who: Caller, scopes: frozenset[str]) -> None:
    """Refused unless one of the scopes was granted."""
    if not who.scopes & scopes:
        raise Refused("insufficientPermissions")
