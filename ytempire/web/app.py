"""The application: FastAPI put together from what bootstrap hands in."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI

from ytempire.web import health, openapi, problems
from ytempire.web.api import ROUTERS
from ytempire.web.envelope import Envelope
from ytempire.web.pages import ROUTERS as PAGES
from ytempire.web.parts import Parts
from ytempire.web.routing import API


def create_app(parts: Parts, *, more: Sequence[APIRouter] = ()) -> Envelope:
    """The whole web room on these parts; `more` are routers beside its own."""
    app = routed(more)
    app.state.parts = parts
    return Envelope(app, https=parts.https)


def routed(more: Sequence[APIRouter] = ()) -> FastAPI:
    """All routes with nothing behind them: enough for the OpenAPI document."""
    app = FastAPI(
        title="YTEMPIRE",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        redirect_slashes=False,
    )
    problems.install(app)
    for router in (*ROUTERS, *more, health.router, *PAGES):
        # not include_router: FastAPI then looks through every router of routers, twice, for each request
        app.router.routes.extend(router.routes)
    openapi.install(app)
    return app
