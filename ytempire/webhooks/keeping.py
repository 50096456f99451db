"""Verbs: make a webhook, change it, give it another secret, try it, delete it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from ytempire.events import announce, last_number
from ytempire.events.model import WebhookTest
from ytempire.kit.database import Connection
from ytempire.kit.errors import Conflict, NotFound
from ytempire.kit.ids import new_id
from ytempire.webhooks import store
from ytempire.webhooks.courier import Courier
from ytempire.webhooks.model import Delivery, Webhook
from ytempire.webhooks.rules import MOST_WEBHOOKS, OLD_SECRET_GOOD_FOR, new_secret


async def make_webhook(
    courier: Courier,
    conn: Connection,
    user_id: UUID,
    *,
    url: str,
    types: Sequence[str],
    description: str,
    enabled: bool,
) -> tuple[Webhook, str]:
    """A webhook and its secret, which is shown this once. Raises BadInput, FetchRefused, Conflict."""
    courier.require_address(url)
    if await store.count_webhooks(conn, user_id) >= MOST_WEBHOOKS:
        raise Conflict(f"you have {MOST_WEBHOOKS} webhooks", fix="Delete one, or let one take more types.")
    made = Webhook(new_id(), user_id, url, tuple(types), description, enabled, "", None, courier.clock.now())
    secret = new_secret()
    await store.add_webhook(conn, made, await courier.sealed(conn, made, "secret", secret), await last_number(conn))
    return made, secret


async def find_webhook(conn: Connection, webhook_id: UUID, *, to_change: bool = False) -> Webhook:
    """The webhook. Raises NotFound."""
    found = await store.webhook(conn, webhook_id, to_change=to_change)
    if found is None:
        raise NotFound("there is no such webhook", fix="List them to see yours.")
    return found


async def change_webhook(courier: Courier, conn: Connection, current: Webhook, changed: Webhook) -> Webhook:
    """Another address, other types, on or off. What happened while it was off is not told later."""
    courier.require_address(changed.url)
    on_again = changed.enabled and not current.enabled
    if changed.enabled:
        changed = replace(changed, disabled_because="", failing_since=None if on_again else changed.failing_since)
    await store.change_webhook(conn, changed, seen=await last_number(conn) if on_again else None)
    return changed


async def rotate_secret(courier: Courier, conn: Connection, current: Webhook) -> str:
    """A new secret, shown this once; the one before signs as well for a day."""
    now, secret = courier.clock.now(), new_secret()
    (_, sealed), *_ = await store.sealed_secrets(conn, current.id, now)
    old = await courier.unsealed(conn, current, "secret", sealed)
    await store.set_secret(
        conn,
        current.id,
        await courier.sealed(conn, current, "secret", secret),
        await courier.sealed(conn, current, "old_secret", old.decode()),
        now + OLD_SECRET_GOOD_FOR,
    )
    return secret


async def try_webhook(courier: Courier, conn: Connection, current: Webhook) -> None:
    """Send it an event of its own. Raises Conflict for one that is off."""
    if not current.enabled:
        raise Conflict("this webhook is off", fix="Switch it on first.")
    await announce(conn, current.id, WebhookTest(words="It works."), courier.clock.now())


async def delete_webhook(conn: Connection, webhook_id: UUID) -> None:
    """Delete it with its deliveries. Raises NotFound."""
    await find_webhook(conn, webhook_id)
    await store.delete_webhook(conn, webhook_id)


async def send_again(courier: Courier, conn: Connection, webhook: Webhook, delivery_id: UUID) -> Delivery:
    """Make a delivery due now, whatever it came to before. Raises NotFound, Conflict."""
    if not webhook.enabled:
        raise Conflict("this webhook is off", fix="Switch it on first.")
    found = await store.send_again(conn, webhook.id, delivery_id, courier.clock.now())
    if found is None:
        raise NotFound("there is no such delivery", fix="List the webhook's deliveries.")
    return found
