"""Videos as their owner sees them: order, text, decisions, files, and how they came about."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api.videos import account, decisions, files, text, videos

ROUTERS: Sequence[APIRouter] = (
    videos.router,
    text.router,
    account.router,
    decisions.router,
    files.router,
)
