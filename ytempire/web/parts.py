"""What bootstrap hands in: everything a route may call on. Nothing here is built at import."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from ytempire.accounts import Desk, TenantKeys
from ytempire.accounts.ports import Post
from ytempire.channels import Credentials
from ytempire.channels.ports import Authoriser
from ytempire.events import Followers
from ytempire.kit.cache import Cache
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database
from ytempire.kit.rates import Rates
from ytempire.ledger import Ledger
from ytempire.orchestration import Platform
from ytempire.web.cursors import Cursors
from ytempire.web.later import Later
from ytempire.webhooks import Courier


@dataclass(frozen=True)
class Parts:
    """One application's parts."""

    platform: Platform
    desk: Desk
    cursors: Cursors
    authoriser: Authoriser
    credentials: Credentials
    followers: Followers
    public_url: str
    """Where people reach it, without a slash at the end: links and cookies go by it."""
    requests_per_minute: int
    """Of one session or API key."""
    post: Post | None = None
    """The mail server; None: the operator hands links out."""
    driver_secret: str = ""
    """What another driver (n8n) signs its reports with; empty: nobody reports."""
    later: Later = field(default_factory=Later)
    cache: Cache = field(default_factory=Cache)
    """Of reads, and of what programs keep; the usual one keeps nothing."""

    @property
    def database(self) -> Database:
        """The database."""
        return self.platform.tools.database

    @property
    def keys(self) -> TenantKeys:
        """The tenants' data keys."""
        return self.desk.keys

    @property
    def rates(self) -> Rates:
        """The counts of requests and attempts."""
        return self.desk.rates

    @property
    def courier(self) -> Courier:
        """Which addresses webhooks may have, and their secrets."""
        if self.platform.courier is None:
            raise TypeError("the platform has no courier")
        return self.platform.courier

    @property
    def clock(self) -> Clock:
        """The clock."""
        return self.platform.tools.clock

    @property
    def ledger(self) -> Ledger:
        """Money and quota."""
        return self.platform.tools.ledger

    @property
    def https(self) -> bool:
        """Whether people reach it encrypted."""
        return self.public_url.startswith("https://")


def parts_of(request: Request) -> Parts:
    """The parts of the application that answers this request."""
    parts = request.app.state.parts
    if not isinstance(parts, Parts):
        raise TypeError("the application was not made by create_app")
    return parts


async def _parts(request: Request) -> Parts:
    """The same for FastAPI, which runs what isn't a coroutine in a thread: a hop there and back for every request."""
    return parts_of(request)


PartsOf = Annotated[Parts, Depends(_parts)]
"""The parts, as a route's argument."""
