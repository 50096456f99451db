"""Verb: post events to the webhooks that want them, at least once each, a few at a time and in turn.

A delivery is a row that becomes due; who claims it has it for a minute. No transaction is open while it is sent. Who
dies between the call and its record leaves it due again, under the same message id.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from uuid import UUID

import structlog

from ytempire.accounts import TenantKeys
from ytempire.events import announce, last_number
from ytempire.events.model import WebhookDisabled
from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.kit.failpoints import failpoint
from ytempire.kit.http import Fetcher, FetchRefused
from ytempire.kit.metrics import WEBHOOK_POSTS
from ytempire.webhooks import store
from ytempire.webhooks.model import DeliveryState, Parcel, Webhook
from ytempire.webhooks.rules import LEASE, Outcome, headers_of, message_id, next_try, off_because, require_https

log = structlog.get_logger()

EVERY_S = 1.0
MOST_AT_ONCE = 32
MOST_OF_ONE_USER = 4
"""Of these at once: whose receivers are slow has this much of the process, and no more."""
_LOOKED_AT = 8 * MOST_AT_ONCE
"""Deliveries that are due and may begin: those of many users, so that no few of them are all that is seen."""


@dataclass
class Courier:
    """Sends deliveries; one in each worker of the light queue."""

    database: Database
    keys: TenantKeys
    clock: Clock
    fetcher: Fetcher
    plain_http: bool = False
    """Also without encryption: for receivers on this machine."""
    _under_way: dict[UUID, asyncio.Task[None]] = field(default_factory=dict)
    _of_user: Counter[UUID] = field(default_factory=Counter)

    def require_address(self, url: str) -> None:
        """Raise BadInput or FetchRefused for an address that nothing would be sent to."""
        require_https(url, plain_http=self.plain_http)
        self.fetcher.require_address(url, field="url")

    async def round(self) -> None:
        """Write deliveries for new events and begin what is due; does not wait for receivers."""
        async with self.database.system() as conn:
            behind = await store.users_behind(conn)
        for user_id in behind:
            async with self.database.transaction(user_id) as conn:
                await store.write_deliveries(conn, await last_number(conn), self.clock.now())
        free = MOST_AT_ONCE - len(self._under_way)
        if free <= 0:
            return
        async with self.database.system() as conn:
            due = await store.due(conn, self.clock.now(), each=MOST_OF_ONE_USER, most=_LOOKED_AT)
        # Who has least under way comes first: users with slow receivers and much that is overdue would else take every
        # place that becomes free.
        for user_id, delivery_id in sorted(due, key=lambda one: self._of_user[one[0]]):
            if len(self._under_way) >= MOST_AT_ONCE:
                break
            if delivery_id not in self._under_way and self._of_user[user_id] < MOST_OF_ONE_USER:
                self._of_user[user_id] += 1
                self._under_way[delivery_id] = asyncio.create_task(self._deliver(user_id, delivery_id))

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(list(self._under_way.values()))

    async def close(self) -> None:
        """Let go of what is under way: it becomes due again."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(self, user_id: UUID, delivery_id: UUID) -> None:
        try:
            async with self.database.transaction(user_id) as conn:
                parcel = await self._claimed(conn, delivery_id)
            if parcel is not None:
                outcome = await self._sent(parcel)
                failpoint("webhook.posted")
                async with self.database.transaction(user_id) as conn:
                    await self._record(conn, parcel, outcome)
        except Exception as error:  # noqa: BLE001 - one delivery's trouble must not keep the others from going out
            log.warning("a delivery stumbled", delivery=str(delivery_id), error=str(error), kind=type(error).__name__)
        finally:
            self._under_way.pop(delivery_id, None)
            self._of_user[user_id] -= 1
            if not self._of_user[user_id]:
                del self._of_user[user_id]

    async def _claimed(self, conn: Connection, delivery_id: UUID) -> Parcel | None:
        now = self.clock.now()
        claimed = await store.claim(conn, delivery_id, now, now + LEASE)
        if claimed is None:
            return None
        webhook_id, number, attempt = claimed
        webhook = await store.webhook(conn, webhook_id)
        if webhook is None or not webhook.enabled:
            return None
        sealed = await store.sealed_secrets(conn, webhook_id, now)
        secrets = [await self.unsealed(conn, webhook, column, cell) for column, cell in sealed]
        return Parcel(delivery_id, attempt, webhook, tuple(secrets), await store.event(conn, number))

    async def _sent(self, parcel: Parcel) -> Outcome:
        body = parcel.event.wire.encode()
        headers = headers_of(message_id(parcel.event.id), body, parcel.secrets, self.clock.now())
        try:
            status = await self.fetcher.post(
                parcel.webhook.url, field="url", body=body, headers=headers | {"Content-Type": "application/json"}
            )
        except FetchRefused as refused:
            return Outcome(None, refused.message)
        return Outcome(status, "" if 200 <= status < 300 else f"it answered {status}")

    async def _record(self, conn: Connection, parcel: Parcel, outcome: Outcome) -> None:
        now, webhook_id = self.clock.now(), parcel.webhook.id
        again = None if outcome.good else next_try(parcel.attempt, now)
        state = DeliveryState.DELIVERED if outcome.good else DeliveryState.PENDING if again else DeliveryState.FAILED
        current = await store.webhook(conn, webhook_id, to_change=True)
        if current is None or not await store.record(
            conn, parcel.delivery_id, parcel.attempt, state,
            next_at=again, status=outcome.status, error=outcome.error,
        ):  # fmt: skip
            return
        WEBHOOK_POSTS.labels("delivered" if outcome.good else "refused" if outcome.status else "unreachable").inc()
        await store.set_failing(conn, webhook_id, None if outcome.good else now)
        because = off_because(outcome, current.failing_since, now)
        if because and current.enabled:
            await store.change_webhook(conn, replace(current, enabled=False, disabled_because=because), seen=None)
            await announce(conn, webhook_id, WebhookDisabled(url=current.url, reason=because), now)

    async def sealed(self, conn: Connection, webhook: Webhook, column: str, secret: str) -> bytes:
        """A secret as its cell holds it."""
        return await self.keys.seal(
            conn, secret.encode(), user_id=webhook.user_id, table="webhooks", column=column, row=webhook.id
        )

    async def unsealed(self, conn: Connection, webhook: Webhook, column: str, cell: bytes) -> bytes:
        """The secret of a cell."""
        return await self.keys.unseal(
            conn, cell, user_id=webhook.user_id, table="webhooks", column=column, row=webhook.id
        )
