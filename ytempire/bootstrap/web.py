"""What the web server works with, put together."""

from __future__ import annotations

from ytempire.accounts import Desk, Passwords
from ytempire.bootstrap.platform import Built
from ytempire.events import Followers
from ytempire.kit.cache import Cache
from ytempire.kit.deferred import deferred
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.local.n8n.address import known_url
from ytempire.local.n8n.secret import webhook_secret
from ytempire.providers.smtp import post_of
from ytempire.web import Cursors, Parts


def desk_of(built: Built, rates: Rates) -> Desk:
    """What accounts work with."""
    tools = built.platform.tools
    return Desk(tools.database, tools.clock, built.keys, Passwords(), rates)


def web_parts(settings: Settings, built: Built, rates: Rates, cache: Cache, *, url: str) -> Parts:
    """The parts of the application that answers at `url`."""
    platform = built.platform
    return Parts(
        platform=platform,
        desk=desk_of(built, rates),
        followers=Followers(platform.tools.database, platform.live, most_each=settings.streams_per_user),
        cursors=Cursors(built.keys.wrapping_key),
        authoriser=deferred(lambda: built.youtube.consent),
        credentials=built.credentials,
        public_url=url,
        requests_per_minute=settings.requests_per_minute,
        post=post_of(settings.smtp_url.get_secret_value(), settings.mail_from) if settings.smtp_url else None,
        cache=cache,
        driver_secret=webhook_secret(settings) if known_url(settings) else "",
    )
