"""What another driver (n8n) leads a video with: steps, content, the relay to vendors, own calls, its reports."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api.driving import calls, content, relay, reports, runs

ROUTERS: Sequence[APIRouter] = (
    runs.router,
    content.router,
    relay.openai,
    relay.elevenlabs,
    calls.router,
    reports.reports,
    reports.admin,
)
