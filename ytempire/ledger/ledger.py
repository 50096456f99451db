"""The ledger as other features see it: one object, built in bootstrap, a method per verb."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput, NotConfigured
from ytempire.ledger import expire, processing, receipt, rules, saved, store
from ytempire.ledger.books import Books
from ytempire.ledger.limits.store import upsert_budgets
from ytempire.ledger.model import (
    Alert,
    Bucket,
    BudgetState,
    Category,
    Charge,
    JsonObject,
    Meters,
    PaidCall,
    Policy,
    QuotaCall,
    Receipt,
    UsualCost,
    VideoCost,
)
from ytempire.ledger.quote import PriceBook
from ytempire.ledger.spend import Outcome, pay

Paid = tuple[JsonObject, Meters]


class Ledger:
    """Money and quota: what may be spent, what was spent, and on what."""

    def __init__(self, database: Database, clock: Clock, prices: PriceBook, policy: Policy) -> None:
        self._books = Books(database, clock)
        self._prices = prices
        self.policy = policy

    def quote(self, meters: Meters) -> int:
        """Micro-dollars at today's prices. Raises NotConfigured if the model has no price."""
        return self._prices.quote(meters, at=self._books.clock.now(), cpu_hour_price=self.policy.cpu_hour_price)

    async def spend(
        self,
        call: PaidCall,
        perform: Callable[[], Awaitable[Paid]],
        look: Callable[[], Awaitable[Paid | None]] | None = None,
    ) -> JsonObject:
        """Make a paid call once: hold, perform, record, settle; returns its result, of a replay the recorded one.

        `perform` gives a JSON-able result and the meters; `look` asks the vendor what became of an earlier, unanswered
        call of the same `once`: its result, or None if there never was one. Raises BudgetRefused, NotConfigured (no
        price), Superseded, and what `perform` and `look` raise. VendorRefused means that nothing is billed.
        """
        charge = self._money(call)

        async def performed() -> Outcome:
            return self._priced(*await perform())

        async def found() -> Outcome | None:
            answer = await look() if look else None
            return self._priced(*answer) if answer else None

        return await pay(self._books, charge, performed, found if look else None)

    async def spend_quota(
        self,
        call: QuotaCall,
        perform: Callable[[], Awaitable[JsonObject]],
        look: Callable[[], Awaitable[JsonObject | None]] | None = None,
    ) -> JsonObject:
        """Make a call that costs YouTube quota once; as `spend`, in calls or units.

        A refused call (VendorRefused) has reached YouTube and counts in full.
        """
        if call.units < 1:
            raise BadInput(
                "a call costs at least 1 unit",
                field="units",
                fix="Name what YouTube charges: 1 for a list, 50 for an insert.",
            )
        charge = self._quota(call)

        async def performed() -> Outcome:
            return Outcome(await perform(), charge.meters, charge.amount)

        async def found() -> Outcome | None:
            answer = await look() if look else None
            return None if answer is None else Outcome(answer, charge.meters, charge.amount)

        return await pay(self._books, charge, performed, found if look else None)

    async def saved(self, call: PaidCall) -> None:
        """A cache had the result of this call: note what that saved. Without effect if the call is on record."""
        await saved.note_saved(self._books, self._money(call))

    async def processing(
        self, user_id: UUID, video_id: UUID, step: str, once: str, cpu_ms: int, what: str = "CPU time"
    ) -> int:
        """Book CPU time already spent, once per `once`; returns micro-dollars booked now.

        Work whose CPU is worth refusing beforehand goes through `spend` with category processing and an estimate
        `Meters("local", "cpu", cpu_ms=…)`.
        """
        call = PaidCall(
            user_id, video_id, step, Category.PROCESSING, what, once, Meters("local", "cpu", cpu_ms=max(0, cpu_ms))
        )
        return await processing.book_processing(self._books, self._money(call))

    async def expire(self) -> int:
        """Count holds without an answer as spent once they are older than the policy's limit; returns how many."""
        return await expire.expire(self._books, self.policy)

    async def receipt(self, user_id: UUID, video_id: UUID) -> Receipt:
        """What a video cost, line by line."""
        return await receipt.receipt(self._books.database, self.policy, user_id, video_id)

    async def video_cost(self, user_id: UUID, video_id: UUID) -> VideoCost:
        """A video's money without its lines."""
        return await receipt.video_cost(self._books.database, self.policy, user_id, video_id)

    async def budgets_today(self, user_id: UUID) -> list[BudgetState]:
        """Platform's day, user's day, and YouTube's buckets with their shares; those nobody drew on yet are empty."""
        async with self._books.database.transaction(user_id) as conn:
            return await self.budgets_at(conn, user_id, self._books.clock.now())

    async def budgets_at(self, conn: Connection, user_id: UUID, now: datetime) -> list[BudgetState]:
        """The same at an instant, within the transaction of whoever decides by them."""
        wanted = rules.budgets_of_day(user_id, self.policy, now)
        states = {state.id: state for state in await store.budget_states(conn, [need.id for need in wanted])}
        return [
            states.get(need.id, BudgetState(need.id, need.name, need.resource, need.cap, 0, 0, 0, 0)) for need in wanted
        ]

    async def usual_cost(self, conn: Connection, user_id: UUID) -> UsualCost:
        """What the user's latest twenty videos cost, those still being made as far as they came."""
        return await store.usual_cost(conn, user_id, videos=20)

    async def alerts(self, user_id: UUID, *, days: int = 1) -> list[Alert]:
        """The user's and the platform's alerts of the last days, newest first."""
        async with self._books.database.transaction(user_id) as conn:
            return await store.alerts_since(conn, self._books.clock.now() - timedelta(days=days))

    async def open_reserve(self, user_id: UUID, *, units: int | None = None) -> BudgetState:
        """Open YouTube's reserve for the rest of this Pacific day (all of it, or so many units): an operator's act."""
        units = self.policy.reserve if units is None else units
        if not 0 <= units <= self.policy.reserve:
            raise BadInput(
                f"the reserve has {self.policy.reserve} units", field="units", fix="Name a number within it."
            )
        need = rules.youtube_bucket(Bucket.UNITS, self.policy, self._books.clock.now())
        async with self._books.database.transaction(user_id) as conn:
            await upsert_budgets(conn, [need])
            await store.open_units(conn, need.id, units)
            return (await store.budget_states(conn, [need.id]))[0]

    async def audit(self) -> list[str]:
        """Every difference between balances and the sum of their transfers, of all users; empty if all is well."""
        async with self._books.database.system() as conn:
            return await store.audit(conn)

    def _priced(self, result: JsonObject, meters: Meters) -> Outcome:
        try:
            amount: int | None = self.quote(meters)
        except NotConfigured:
            amount = None
        return Outcome(result, dataclasses.asdict(meters), amount)

    def _money(self, call: PaidCall) -> Charge:
        return Charge(
            user_id=call.user_id,
            video_id=call.video_id,
            step=call.step,
            resource=rules.MICROUSD,
            category=call.category,
            what=call.what,
            once=call.once,
            attempt=call.attempt,
            amount=self.quote(call.estimate),
            meters=dataclasses.asdict(call.estimate),
            budgets=rules.money_budgets(call, self.policy, self._books.clock.now()),
            refusal_is_billed=False,
        )

    def _quota(self, call: QuotaCall) -> Charge:
        budgets = rules.quota_budgets(call, self.policy, self._books.clock.now())
        return Charge(
            user_id=call.user_id,
            video_id=call.video_id,
            step=call.step,
            resource=budgets[0].resource,
            category=budgets[-1].name,
            what=call.what,
            once=call.once,
            attempt=call.attempt,
            amount=call.units,
            meters={"bucket": call.bucket, "units": call.units},
            budgets=budgets,
            refusal_is_billed=True,
        )
