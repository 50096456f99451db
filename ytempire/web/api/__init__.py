"""REST v1, one file per resource; docs/how-to/add-a-route.md tells how to add one."""

from collections.abc import Sequence

from fastapi import APIRouter

from ytempire.web.api import (
    admin,
    api_keys,
    auth,
    cache,
    channel_connection,
    channel_media,
    channel_sources,
    channel_topics,
    channels,
    costs,
    events,
    me,
    media,
    onboarding,
    plan,
    quota,
    run_content,
    runs,
    video_account,
    video_decisions,
    video_files,
    video_text,
    videos,
    webhooks,
)

ROUTERS: Sequence[APIRouter] = (
    auth.anonymous,
    auth.router,
    me.router,
    api_keys.router,
    admin.invitations,
    admin.users,
    channels.router,
    channel_connection.router,
    channel_topics.router,
    channel_media.router,
    channel_sources.router,
    plan.router,
    onboarding.router,
    videos.router,
    runs.router,
    run_content.router,
    video_text.router,
    video_account.router,
    video_decisions.router,
    video_files.router,
    media.router,
    costs.router,
    costs.admin,
    quota.router,
    quota.admin,
    cache.router,
    events.router,
    webhooks.router,
)
"""All resources of /api/v1: a new file's router is added here."""
