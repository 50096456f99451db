"""Orchestration: the driver, the reconciler, and the verbs by which people and processes set videos going."""

from ytempire.orchestration.alerting import tell_alert
from ytempire.orchestration.decide import approve, cancel, edit_sentence, edit_sentence_in, reject
from ytempire.orchestration.look import look_at_steps, look_at_video, look_at_video_in, page_of_videos, receipt_of
from ytempire.orchestration.model import RetryPlan
from ytempire.orchestration.order import order_video, order_video_in
from ytempire.orchestration.plan import BUILT_IN, Given, expect_driver, give_due, planner_of, serve_plan
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.ports import Asked
from ytempire.orchestration.queue import Queue
from ytempire.orchestration.relay.answer import relay_call, relay_of, require_driving
from ytempire.orchestration.relay.calls import VideoMeans, hold_call, means_of_video, settle_call, void_call
from ytempire.orchestration.relay.model import Relayed
from ytempire.orchestration.retrying import look_at_retry, retry
from ytempire.orchestration.rules import REMAKABLE
from ytempire.orchestration.runs import (
    Answer,
    Report,
    RunState,
    answer_approval,
    answer_of,
    ask_approval,
    ask_for,
    brief_for_script,
    brief_for_voice,
    call_back,
    find_run,
    forget_reports,
    hand_in_script,
    hand_in_voice,
    look_after_runs,
    page_of_runs,
    rates_of_runs,
    require_own_address,
    take_report,
)
from ytempire.orchestration.spending import open_quota_reserve, resume_generation, stop_generation
from ytempire.orchestration.store import drop_jobs
from ytempire.orchestration.work import idle_queues, work

__all__ = [
    "BUILT_IN",
    "REMAKABLE",
    "Answer",
    "Asked",
    "Given",
    "Platform",
    "Queue",
    "Relayed",
    "Report",
    "RetryPlan",
    "RunState",
    "VideoMeans",
    "answer_approval",
    "answer_of",
    "approve",
    "ask_approval",
    "ask_for",
    "brief_for_script",
    "brief_for_voice",
    "call_back",
    "cancel",
    "drop_jobs",
    "edit_sentence",
    "edit_sentence_in",
    "expect_driver",
    "find_run",
    "forget_reports",
    "give_due",
    "hand_in_script",
    "hand_in_voice",
    "hold_call",
    "idle_queues",
    "look_after_runs",
    "look_at_retry",
    "look_at_steps",
    "look_at_video",
    "look_at_video_in",
    "means_of_video",
    "open_quota_reserve",
    "order_video",
    "order_video_in",
    "page_of_runs",
    "page_of_videos",
    "planner_of",
    "rates_of_runs",
    "receipt_of",
    "reject",
    "relay_call",
    "relay_of",
    "require_driving",
    "require_own_address",
    "resume_generation",
    "retry",
    "serve_plan",
    "settle_call",
    "stop_generation",
    "take_report",
    "tell_alert",
    "void_call",
    "work",
]
