"""Where the verbs of the ledger write: the database, the clock, and which budgets are known to exist."""

from __future__ import annotations

from ytempire.kit.clock import Clock
from ytempire.kit.database import Database
from ytempire.ledger.limits import cap_not_permitted, store
from ytempire.ledger.model import BudgetNeed, Charge, Policy
from ytempire.ledger.ports import Announce

MOST_KNOWN = 10_000


class Books:
    """One process's hand on the books."""

    def __init__(self, database: Database, clock: Clock, policy: Policy, announce: Announce) -> None:
        self.database = database
        self.clock = clock
        self.policy = policy
        self.announce = announce
        self._known: set[BudgetNeed] = set()

    async def ensure(self, charge: Charge) -> None:
        """Make the charge's budgets, and bring their caps up to date, once per process and cap.

        This has a transaction of its own, so that those which hold and settle lock rows in one order only. Raises
        NotConfigured if the database's owner permits no such cap.
        """
        if self._known.issuperset(charge.budgets):
            return
        try:
            async with self.database.transaction(charge.user_id) as conn:
                await store.upsert_budgets(conn, charge.budgets)
        except store.CapNotPermitted as error:
            raise cap_not_permitted(str(error)) from error
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        self._known.update(charge.budgets)
