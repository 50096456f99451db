"""What the web server works with, put together."""

from __future__ import annotations

from ytempire.accounts import Desk, Passwords, TenantKeys
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.orchestration import Platform
from ytempire.web import Cursors, Parts


def desk_of(platform: Platform, keys: TenantKeys, rates: Rates) -> Desk:
    """What accounts work with."""
    return Desk(platform.tools.database, platform.tools.clock, keys, Passwords(), rates)


def web_parts(settings: Settings, platform: Platform, keys: TenantKeys, rates: Rates, *, url: str) -> Parts:
    """The parts of the application that answers at `url`."""
    return Parts(
        platform=platform,
        desk=desk_of(platform, keys, rates),
        cursors=Cursors(keys.wrapping_key),
        public_url=url,
        requests_per_minute=settings.requests_per_minute,
    )
