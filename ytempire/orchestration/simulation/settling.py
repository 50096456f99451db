"""Verb: let the users settle in, by the verbs by which real ones do: invited, channels made, consented, connected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from ytempire.accounts import Desk, accept_invitation, ensure_local_user, invite, operator_link
from ytempire.channels import create_channel
from ytempire.channels.model import Autopilot, Channel
from ytempire.kit.clock import SetClock
from ytempire.orchestration.simulation.model import Person
from ytempire.orchestration.simulation.ports import ChannelsOf, SignIn

_PASSWORD = "a simulated creator's words"  # noqa: S105 - nobody signs in with it


TOPICS_AT_ONCE = 5
"""So many videos of each channel; then its owner brings new material."""
MATERIALS = 5


@dataclass(frozen=True)
class Settled:
    """A person with their account and channels."""

    person: Person
    user_id: UUID
    channels: tuple[Channel, ...]
    materials: tuple[Channel, ...]
    """Channels whose topics and sources their own get in turn, as creators bring something new now and then."""


async def settle_in(
    desk: Desk, clock: SetClock, people: Sequence[Person], *, channels: int, channels_of: ChannelsOf, sign_in: SignIn
) -> list[Settled]:
    """Accounts, channels and connections of all."""
    await ensure_local_user(desk.database, desk.clock)
    _, token = await operator_link(desk, "operator@simulation.example")
    _, operator = await accept_invitation(
        desk, token=token, name="Operator", password=_PASSWORD, time_zone="UTC", agent="simulation"
    )
    materials = tuple(channels_of(operator.id, MATERIALS))
    settled = []
    for person in people:
        async with desk.database.transaction(operator.id) as conn:
            _, token = await invite(desk, conn, operator.id, email=person.email, role="creator")
        _, account = await accept_invitation(
            desk, token=token, name=person.name, password=_PASSWORD, time_zone=person.time_zone, agent="simulation"
        )
        made = []
        for number, channel in enumerate(channels_of(account.id, channels)):
            waits = person.habits.reviews and number == 0
            wanted = replace(
                channel,
                autopilot=Autopilot.REVIEW if waits else Autopilot.AUTO,
                topics=channel.topics[:TOPICS_AT_ONCE],
            )
            clock.at += timedelta(seconds=1)  # channels keep the order in which they were made
            stored = await create_channel(desk.database, desk.clock, wanted, consents=not waits)
            await sign_in(stored)
            made.append(stored)
        settled.append(Settled(person, account.id, tuple(made), materials))
    return settled
