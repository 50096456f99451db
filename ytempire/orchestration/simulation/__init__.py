"""The simulator: months of the platform in minutes, on a virtual clock, through the real planner, ledger and driver."""

from ytempire.orchestration.simulation.facts import facts_of
from ytempire.orchestration.simulation.hands import OwnHands
from ytempire.orchestration.simulation.model import BUDGET_MICROUSD, Fault, Job, Wishes
from ytempire.orchestration.simulation.outcome import Report
from ytempire.orchestration.simulation.ports import Hands, SignIn
from ytempire.orchestration.simulation.report import read_report
from ytempire.orchestration.simulation.rules import broken_promises, people_of
from ytempire.orchestration.simulation.run import Play, Played, Stage
from ytempire.orchestration.simulation.schedule import CommitTelling, Schedule
from ytempire.orchestration.simulation.settling import settle_in

__all__ = [
    "BUDGET_MICROUSD",
    "CommitTelling",
    "Fault",
    "Hands",
    "Job",
    "OwnHands",
    "Play",
    "Played",
    "Report",
    "Schedule",
    "SignIn",
    "Stage",
    "Wishes",
    "broken_promises",
    "facts_of",
    "people_of",
    "read_report",
    "settle_in",
]
