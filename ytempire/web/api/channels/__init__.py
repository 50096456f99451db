"""Channels: their character, connection, topics, own media and sources, and the way to the first one."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api.channels import channels, connection, media, onboarding, sources, topics

ROUTERS: Sequence[APIRouter] = (
    channels.router,
    connection.router,
    topics.router,
    media.router,
    sources.router,
    onboarding.router,
)
