"""The one server: a path prefix per vendor, the watch pages at the root, admin paths under `/_`."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from sandbox import admin
from sandbox.elevenlabs import routes as elevenlabs
from sandbox.gate import Gate
from sandbox.google import routes as google
from sandbox.openai import routes as openai
from sandbox.state import State
from sandbox.watch import routes as watch


def create_app(state: State) -> ASGIApp:
    """The whole sandbox on one state, its fault gate outermost."""
    app = FastAPI(title="Sandbox vendors", openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(admin.routes(state))
    openai.install(app, state)
    elevenlabs.install(app, state)
    google.install(app, state)
    app.include_router(watch.routes(state))
    return Gate(app, state)
