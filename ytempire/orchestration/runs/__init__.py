"""Runs: another driver (n8n) leads a video from step to step; our workers make the steps and take over a silent one.

A claim gives the driver a token for that one video. It asks for a step, and is told when the step is there or the video
has come to rest. What it asks for is a row, so whoever dies when, the step is made once and the driver is told.
"""

from ytempire.orchestration.ports import Teller
from ytempire.orchestration.runs.approval import answer_approval, ask_approval
from ytempire.orchestration.runs.ask import Answer, answer_of, ask_for, call_back, find_run, require_own_address
from ytempire.orchestration.runs.begin import Begun, begin_run
from ytempire.orchestration.runs.content import brief_for_script, brief_for_voice, hand_in_script, hand_in_voice
from ytempire.orchestration.runs.look_after import look_after_runs
from ytempire.orchestration.runs.model import Report, Run, RunRate, RunState
from ytempire.orchestration.runs.oversee import page_of_runs, rates_of_runs
from ytempire.orchestration.runs.report import take_report
from ytempire.orchestration.runs.store import forget_reports

__all__ = [
    "Answer",
    "Begun",
    "Report",
    "Run",
    "RunRate",
    "RunState",
    "Teller",
    "answer_approval",
    "answer_of",
    "ask_approval",
    "ask_for",
    "begin_run",
    "brief_for_script",
    "brief_for_voice",
    "call_back",
    "find_run",
    "forget_reports",
    "hand_in_script",
    "hand_in_voice",
    "look_after_runs",
    "page_of_runs",
    "rates_of_runs",
    "require_own_address",
    "take_report",
]
