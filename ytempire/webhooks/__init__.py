"""Webhooks: other people's servers are told of events."""

from ytempire.webhooks.courier import EVERY_S, Courier
from ytempire.webhooks.keeping import (
    change_webhook,
    delete_webhook,
    find_webhook,
    make_webhook,
    rotate_secret,
    send_again,
    try_webhook,
)
from ytempire.webhooks.received import signed_id
from ytempire.webhooks.store import deliveries, webhooks

__all__ = [
    "EVERY_S",
    "Courier",
    "change_webhook",
    "delete_webhook",
    "deliveries",
    "find_webhook",
    "make_webhook",
    "rotate_secret",
    "send_again",
    "signed_id",
    "try_webhook",
    "webhooks",
]
