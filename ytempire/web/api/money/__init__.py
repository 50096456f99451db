"""What was and may be spent: dollars, and YouTube's quota."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api.money import costs, quota

ROUTERS: Sequence[APIRouter] = (
    costs.router,
    costs.admin,
    quota.router,
    quota.admin,
)
