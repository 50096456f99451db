"""Getting in, one's own account, keys for programs, and what operators do with the accounts of others."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api.accounts import admin, api_keys, auth, me

ROUTERS: Sequence[APIRouter] = (
    auth.anonymous,
    auth.router,
    me.router,
    api_keys.router,
    admin.invitations,
    admin.users,
)
