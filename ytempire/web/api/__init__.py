"""REST v1, one file per resource; docs/how-to/add-a-route.md tells how to add one."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api import admin, api_keys, auth, me, plan

ROUTERS: Sequence[APIRouter] = (
    auth.anonymous,
    auth.router,
    me.router,
    api_keys.router,
    admin.invitations,
    admin.users,
    plan.router,
)
"""All resources of /api/v1: a new file's router is added here."""
