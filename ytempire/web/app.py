"""The application: FastAPI put together from what bootstrap hands in."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from ytempire.web import health, openapi, problems
from ytempire.web.api import ROUTERS
from ytempire.web.envelope import Envelope
from ytempire.web.pages import ROUTERS as PAGES
from ytempire.web.parts import Parts


def create_app(parts: Parts, *, more: Sequence[APIRouter] = ()) -> Envelope:
    """The whole web room on these parts; `more` are routers of /api/v1 beside its own."""
    app = routed(more)
    app.state.parts = parts
    return Envelope(app, https=parts.https)


def routed(more: Sequence[APIRouter] = ()) -> FastAPI:
    """All routes with nothing behind them: enough for the OpenAPI document."""
    app = FastAPI(
        title="YTEMPIRE",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
    )
    problems.install(app)
    api = APIRouter(prefix="/api/v1")
    for router in (*ROUTERS, *more):
        api.include_router(router)
    app.include_router(api)
    app.include_router(health.router)
    for router in PAGES:
        app.include_router(router)
    openapi.install(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return f"{route.tags[0] if route.tags else 'api'}_{route.name}"
