"""Planning: which channel is served on which of a user's days, and why a day went without."""

from ytempire.planning.claim import Claimed, claim_due
from ytempire.planning.days import local_day
from ytempire.planning.look import PlanView, look_at_forecast, look_at_plan, look_at_waiting
from ytempire.planning.onboarding import left_to_do, onboard
from ytempire.planning.pause import look_again, pause_channel, pause_plan, resume_channel, resume_plan
from ytempire.planning.pin import pin_topic, unpin_topic
from ytempire.planning.rules import dollars, estimate_microusd, waiting_words

__all__ = [
    "Claimed",
    "PlanView",
    "claim_due",
    "dollars",
    "estimate_microusd",
    "left_to_do",
    "local_day",
    "look_again",
    "look_at_forecast",
    "look_at_plan",
    "look_at_waiting",
    "onboard",
    "pause_channel",
    "pause_plan",
    "pin_topic",
    "resume_channel",
    "resume_plan",
    "unpin_topic",
    "waiting_words",
]
