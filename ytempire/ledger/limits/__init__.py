"""Verbs: say as the database's owner how high caps may be, and check as the app that one's own are not above that.

A process that only has the app's password can't raise a cap: the database compares each with what the owner wrote.
"""

from __future__ import annotations

from ytempire.kit.database import Database, as_owner
from ytempire.kit.errors import NotConfigured
from ytempire.ledger import rules
from ytempire.ledger.limits import store
from ytempire.ledger.model import Policy


async def permit_caps(owner_url: str, policy: Policy) -> None:
    """Permit the caps of this policy and no higher ones."""
    async with as_owner(owner_url) as conn:
        await store.set_limits(conn, rules.limits_of(policy))


async def require_permitted(database: Database, policy: Policy) -> None:
    """Raise NotConfigured naming the setting if the database does not permit a cap of this policy."""
    async with database.system() as conn:
        permitted = await store.limits(conn)
    for kind, cap in rules.limits_of(policy).items():
        if cap > permitted.get(kind, 0):
            raise cap_not_permitted(kind)


def cap_not_permitted(kind: str) -> NotConfigured:
    """The error of a cap above what the owner permits."""
    settings = {
        "video": "YTEMPIRE_VIDEO_CAP_USD",
        "user-day": "YTEMPIRE_VIDEO_CAP_USD",
        "platform-day": "YTEMPIRE_PLATFORM_DAY_CAP_USD",
        "platform-day-raise": "YTEMPIRE_PLATFORM_DAY_RAISE_USD",
        "youtube-units": "YTEMPIRE_YOUTUBE_UNITS_PER_DAY",
        "youtube-uploads": "YTEMPIRE_YOUTUBE_UPLOADS_PER_DAY",
    }
    return NotConfigured(
        f"the database's owner permits no cap as high as this process has for budget {kind!r}",
        field=settings.get(kind),
        fix="Lower it, or run ytempire once with this setting and DATABASE_OWNER_URL: only the owner raises a cap.",
    )
