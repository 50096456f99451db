"""Orchestration: the driver, the reconciler, and the verbs by which people and processes set videos going."""

from ytempire.orchestration.decide import approve, cancel, edit_sentence, reject, retry
from ytempire.orchestration.order import order_video
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.queue import Queue
from ytempire.orchestration.work import has_workers, work

__all__ = [
    "Platform",
    "Queue",
    "approve",
    "cancel",
    "edit_sentence",
    "has_workers",
    "order_video",
    "reject",
    "retry",
    "work",
]
