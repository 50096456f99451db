"""REST v1, a room per part of the product; docs/how-to/add-a-route.md tells how to add a resource."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api import accounts, cache, channels, driving, events, media, money, plan, videos, webhooks

ROUTERS: Sequence[APIRouter] = (
    *accounts.ROUTERS,
    *channels.ROUTERS,
    *plan.ROUTERS,
    *videos.ROUTERS,
    media.router,
    *money.ROUTERS,
    cache.router,
    events.router,
    webhooks.router,
    *driving.ROUTERS,
)
"""All resources of /api/v1, in the reference's order."""
