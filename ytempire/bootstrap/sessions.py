"""The platform as its local owner sees it, and what the command line does with it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

from ytempire.accounts import ensure_local_user
from ytempire.bootstrap.given import policy_of, settings_for
from ytempire.bootstrap.platform import Built, built_on
from ytempire.channels import consent_to_autopilot, create_channel, disconnect_channel, find_connection, list_channels
from ytempire.channels.demo import demo_channels
from ytempire.channels.model import Autopilot, Channel
from ytempire.cli.door import Session
from ytempire.kit.errors import NotFound
from ytempire.local.installation import services, worker_processes, workers_while_needed
from ytempire.orchestration import idle_queues
from ytempire.planning import look_again
from ytempire.production.model import OwnMedia
from ytempire.publishing import forget_api_data


@asynccontextmanager
async def open_session(*, rehearsal: bool, workers: bool = False) -> AsyncIterator[Session]:
    """The platform as its local owner sees it; see `cli.door.OpenSession`."""
    settings = settings_for(rehearsal)
    async with AsyncExitStack() as stack:
        addresses, sandbox_at = await stack.enter_async_context(services(settings, policy_of(settings)))
        built = await stack.enter_async_context(
            built_on(settings, addresses.database_url, addresses.redis_url, sandbox_at)
        )
        if workers:
            await stack.enter_async_context(
                workers_while_needed(
                    lambda: idle_queues(built.platform),
                    lambda queues: worker_processes(settings, addresses, sandbox_at, queues, say=_warn),
                )
            )
        user = await ensure_local_user(built.platform.tools.database, built.platform.tools.clock)
        session = Session(built.platform, user.id, settings.rehearsal, sandbox_at, settings.state_dir)
        open_sessions[user.id] = built
        try:
            yield session
        finally:
            open_sessions.pop(user.id, None)


open_sessions: dict[UUID, Built] = {}
"""The parts behind an open session, for the door's verbs (one command opens one session)."""


def _warn(line: str) -> None:
    """A worker that ends and is started again: without a word, a command would wait for it and not say why."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


async def connect(session: Session, channel: Channel, say: Callable[[str], None]) -> str:
    """Sign a channel in at YouTube; in rehearsal its owner consents by themselves."""
    title = await open_sessions[session.user_id].youtube.sign_in(channel, say)
    tools = session.platform.tools
    await look_again(tools.database, channel.user_id, tools.clock.now())
    return title


async def disconnect(session: Session, channel: Channel) -> None:
    """Revoke and forget a channel's authorisation."""
    built = open_sessions[session.user_id]
    forget = partial(forget_api_data, built.platform.tools.database)
    if not await disconnect_channel(channel, built.youtube.consent, built.credentials, forget):
        raise NotFound(f"{channel.handle} is not connected", field="channel", fix="There is nothing to do.")


async def take_in(session: Session, file: Path) -> OwnMedia:
    """A creator's picture or clip, checked, made clean and stored; its name says what it shows."""
    media, probe = await session.platform.tools.renderer.take_in(file)
    words = file.stem.replace("-", " ").replace("_", " ")
    return OwnMedia(media, probe.kind, words, probe.width_px, probe.height_px, probe.duration_s)


async def ensure_demo_channels(session: Session) -> list[Channel]:
    """The demo's five channels, made, connected to the sandbox and put on autopilot on first use."""
    built = open_sessions[session.user_id]
    tools = built.platform.tools
    mine = await list_channels(tools.database, session.user_id, archived=None)
    known = {channel.handle: channel for channel in mine}
    channels = []
    for wanted in demo_channels(session.user_id):
        channel = known.get(wanted.handle) or await create_channel(tools.database, tools.clock, wanted, consents=True)
        if channel.autopilot is Autopilot.AUTO and not channel.consent:  # made before consents were written down
            channel = await consent_to_autopilot(tools.database, tools.clock, channel)
        connection = await find_connection(tools.database, session.user_id, channel.id)
        if connection is None or connection.broken:
            await built.youtube.sign_in(channel, lambda _: None)
        channels.append(channel)
    return channels
