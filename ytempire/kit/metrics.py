"""Every metric there is, by name, and where it is read: docs/reference/metrics.md is made from this file.

What happens in a process (steps, calls, refusals) is counted there, in `PROCESS`. What is true of the whole platform
(videos, money, quota, queue, backups) is asked of the database by one process, in `PLATFORM`. Names and units follow
Prometheus; labels have few values, and no id is one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.metrics import MetricWrapperBase

from ytempire.kit.clock import stopwatch_s
from ytempire.kit.errors import BadInput, YtempireError

PROCESS = CollectorRegistry(auto_describe=True)
PLATFORM = CollectorRegistry(auto_describe=True)
_STEP_S = (0.05, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
_CALL_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80)

STEP_S = Histogram(
    "ytempire_step_duration_seconds", "Time that a step of a video took; outcome is done or the error's code.",
    ["step", "outcome"], registry=PROCESS, buckets=_STEP_S,
)  # fmt: skip
CALL_S = Histogram(
    "ytempire_paid_call_duration_seconds",
    "Time of a call that costs money or quota (category youtube); outcome is done or the error's code.",
    ["category", "outcome"], registry=PROCESS, buckets=_CALL_S,
)  # fmt: skip
HOLD_REFUSALS = Counter(
    "ytempire_hold_refusals", "Holds that a budget refused, by the budget's kind.", ["budget"], registry=PROCESS
)
SETTLED = Counter("ytempire_money_settled_dollars", "Bills booked by this process.", ["category"], registry=PROCESS)

MAILS = Counter(
    "ytempire_mails", "Letters handed to the mail server, by what became of them.", ["outcome"], registry=PROCESS
)
RUNS = Counter(
    "ytempire_runs", "Videos that another driver (n8n) led, by how its run ended.", ["state"], registry=PROCESS
)
WEBHOOK_POSTS = Counter(
    "ytempire_webhook_posts", "Events posted to webhooks: delivered, refused (another status), or unreachable.",
    ["outcome"], registry=PROCESS,
)  # fmt: skip
CACHE_LOOKUPS = Counter(
    "ytempire_cache_lookups",
    "Look-ups of a cache, by namespace; outcome is hit or miss. A step that is repeated counts nothing again.",
    ["namespace", "outcome"], registry=PROCESS,
)  # fmt: skip

HTTP_OWN_S = Histogram(
    "ytempire_http_own_duration_seconds",
    "Our own time until an answer begins, without the waits for database and vendors.",
    ["method", "route", "status"], registry=PROCESS,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)  # fmt: skip

VIDEOS = Gauge("ytempire_videos", "Videos of all users, by state.", ["state"], registry=PLATFORM)
HELD = Gauge(
    "ytempire_money_held_dollars", "Held for calls under way or without an answer yet.", ["category"],
    registry=PLATFORM,
)  # fmt: skip
MONEY_DAY = Gauge(
    "ytempire_money_day_dollars", "The platform's money day: held, spent (overruns included), cap.", ["kind"],
    registry=PLATFORM,
)  # fmt: skip
QUOTA = Gauge(
    "ytempire_youtube_quota", "The API project's Pacific day, by bucket (calls, or units): held, used, cap.",
    ["bucket", "kind"], registry=PLATFORM,
)  # fmt: skip
SLOTS_WAITING = Gauge(
    "ytempire_slots_waiting", "Due videos of all plans that no driver was given yet, by what stands in the way.",
    ["why"], registry=PLATFORM,
)  # fmt: skip
QUEUE_JOBS = Gauge(
    "ytempire_queue_jobs", "Jobs by queue and state: due, later (waits for its time), running.", ["queue", "state"],
    registry=PLATFORM,
)  # fmt: skip
QUEUE_AGE_S = Gauge(
    "ytempire_queue_oldest_due_seconds", "How long the oldest due job has been waiting.", ["queue"], registry=PLATFORM
)
WORKERS = Gauge("ytempire_workers", "Worker processes seen lately, by queue.", ["queue"], registry=PLATFORM)
DISK_FREE = Gauge("ytempire_disk_free_bytes", "Free disk where the media lie.", registry=PLATFORM)
DISK_FLOOR = Gauge("ytempire_disk_floor_bytes", "No render starts below this.", registry=PLATFORM)
BACKUP_AT = Gauge(
    "ytempire_backup_last_success_timestamp_seconds", "When the newest backup was made; 0: never.", registry=PLATFORM
)
REFRESHED_AT = Gauge(
    "ytempire_platform_refreshed_timestamp_seconds", "When the platform's figures were last asked of the database.",
    registry=PLATFORM,
)  # fmt: skip


@dataclass(frozen=True)
class Described:
    """A metric as its page shows it; `names` are those of its series."""

    name: str
    kind: str
    says: str
    labels: tuple[str, ...]
    where: str
    names: tuple[str, ...]


def described() -> list[Described]:
    """All metrics there are."""
    found = [value for value in globals().values() if isinstance(value, MetricWrapperBase)]
    return [_described(metric) for metric in found]


def _described(metric: MetricWrapperBase) -> Described:
    (family,) = metric.describe()
    name = family.name + ("_total" if family.type == "counter" else "")
    series = tuple(f"{name}_{end}" for end in ("bucket", "sum", "count")) if family.type == "histogram" else (name,)
    platform = name in PLATFORM._names_to_collectors  # noqa: SLF001 - the registry has no other way to ask
    labels = tuple(metric._labelnames)  # noqa: SLF001
    return Described(
        name, family.type, family.documentation, labels, "platform" if platform else "each process", series
    )


@contextmanager
def timed(histogram: Histogram, **labels: str) -> Iterator[None]:
    """Observe how long the block takes; `outcome` is `done`, or the code of the error that left it."""
    began_s = stopwatch_s()
    outcome = "done"
    try:
        yield
    except BaseException as error:
        outcome = error.code if isinstance(error, YtempireError) else type(error).__name__
        raise
    finally:
        histogram.labels(**labels, outcome=outcome).observe(stopwatch_s() - began_s)


@contextmanager
def served(registry: CollectorRegistry, port: int) -> Iterator[None]:
    """`/metrics` on 127.0.0.1 while this is open; nothing if `port` is 0. Raises BadInput if the port is taken."""
    if not port:
        yield
        return
    try:
        server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)
    except OSError as error:
        raise BadInput(
            f"port {port} for metrics can't be had: {error.strerror}",
            field="YTEMPIRE_METRICS_PORT",
            fix="Choose another; `up` uses this one and the three after it. 0 serves none.",
        ) from error
    try:
        yield
    finally:
        _stop(server, thread)


def _stop(server: WSGIServer, thread: threading.Thread) -> None:
    server.shutdown()
    server.server_close()
    thread.join()
