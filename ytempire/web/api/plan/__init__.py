"""The plan: a user's own, and what is due over all of them."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api.plan import due, mine

ROUTERS: Sequence[APIRouter] = (mine.router, due.router, due.admin)
