"""The ledger as other features see it: one object, built in bootstrap, a method per verb."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from ytempire.kit.clock import Clock
from ytempire.kit.database import Connection, Database
from ytempire.kit.errors import BadInput, NotConfigured
from ytempire.ledger import expire, processing, rules, saved, store
from ytempire.ledger.books import Books
from ytempire.ledger.ladder import store as ladder
from ytempire.ledger.ladder.model import CheaperWay
from ytempire.ledger.model import (
    Alert,
    BudgetState,
    Category,
    Charge,
    JsonObject,
    Meters,
    PaidCall,
    Policy,
    QuotaCall,
    UsualCost,
)
from ytempire.ledger.orders import give
from ytempire.ledger.orders import store as orders
from ytempire.ledger.orders.model import SpendingOrder, Standing
from ytempire.ledger.outside import book as outside
from ytempire.ledger.outside.model import OutsideCall, OutsideHold
from ytempire.ledger.outside.store import read_call
from ytempire.ledger.pages import look
from ytempire.ledger.pages import store as pages
from ytempire.ledger.pages.model import CategoryDay, MoneyDay, VideoMoney
from ytempire.ledger.ports import Announce, nobody
from ytempire.ledger.quote import PriceBook
from ytempire.ledger.receipts import look as receipts
from ytempire.ledger.receipts.model import Receipt, VideoCost
from ytempire.ledger.spend import Outcome, pay

Paid = tuple[JsonObject, Meters]


class Ledger:
    """Money and quota: what may be spent, what was spent, and on what."""

    def __init__(
        self, database: Database, clock: Clock, prices: PriceBook, policy: Policy, announce: Announce = nobody
    ) -> None:
        """`announce` hears of every alert within the transaction that writes it."""
        self._books = Books(database, clock, policy, announce)
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

    async def recorded(self, user_id: UUID, once: str) -> OutsideCall | None:
        """The call of that name as it stands; None: nobody recorded one."""
        async with self._books.database.transaction(user_id) as conn:
            return await read_call(conn, user_id, once)

    async def require_new(self, user_id: UUID, video_id: UUID, *, prefix: str, name: str) -> None:
        """Before another driver's call is recorded under a name. See `outside.book`."""
        await outside.require_new(self._books, user_id, video_id, prefix=prefix, name=name)

    async def hold_outside(self, wanted: OutsideHold) -> OutsideCall:
        """Hold what another driver is about to pay elsewhere. See `outside.book`."""
        return await outside.hold_outside(self._books, wanted)

    async def settle_outside(
        self, user_id: UUID, video_id: UUID, key: str, *, microusd: int | None = None, units: int | None = None
    ) -> OutsideCall:
        """Book its bill. See `outside.book`."""
        return await outside.settle_outside(self._books, user_id, video_id, key, microusd=microusd, units=units)

    async def void_outside(self, user_id: UUID, video_id: UUID, key: str) -> OutsideCall:
        """Give it back. See `outside.book`."""
        return await outside.void_outside(self._books, user_id, video_id, key)

    async def left_of_video(self, conn: Connection, user_id: UUID, video_id: UUID) -> BudgetState:
        """How the video's own money stands; nobody may have drawn on it yet."""
        states = await store.budget_states(conn, [f"video:{video_id}"])
        found = next((state for state in states if state.id == f"video:{video_id}"), None)
        return found or look.untouched(rules.video_budget(user_id, video_id, self.policy))

    async def saved(self, call: PaidCall) -> bool:
        """A cache had the result of this call: note what that saved. False, and no effect, if it is on record."""
        return await saved.note_saved(self._books, self._money(call))

    async def cheaper_way(self, user_id: UUID, video_id: UUID, step: str, take: str) -> CheaperWay | None:
        """The cheaper way that this take of a video's step went: it stays with that."""
        async with self._books.database.transaction(user_id) as conn:
            return await ladder.way(conn, user_id, video_id, step, take)

    async def go_cheaper(
        self, user_id: UUID, video_id: UUID, step: str, take: str, *, way: str, instead_of: str, because: str
    ) -> CheaperWay:
        """Write down, before it is acted upon, that this take of the step goes a cheaper way; the first word stands."""
        now = self._books.clock.now()
        async with self._books.database.transaction(user_id) as conn:
            chosen = CheaperWay(step, way, instead_of, because, now)
            await ladder.take_way(conn, user_id, video_id, take, chosen, now)
            return await ladder.way(conn, user_id, video_id, step, take) or chosen

    async def standing(self, conn: Connection) -> Standing:
        """Whether paid work may begin, and if not, why and until when."""
        return await give.standing(conn, self.policy, self._books.clock.now())

    async def stop(self, conn: Connection, operator: UUID, why: str) -> Standing:
        """No paid call of anybody begins from here on. See `orders.give.stop`."""
        return await give.stop(conn, self.policy, operator, self._books.clock.now(), why)

    async def resume(self, conn: Connection, operator: UUID, why: str, *, raise_by: int = 0) -> Standing:
        """End a stop, add to today's cap of the platform. See `orders.give.resume`."""
        return await give.resume(conn, self.policy, operator, self._books.clock.now(), why, raise_by=raise_by)

    async def open_reserve(self, conn: Connection, operator: UUID, why: str, *, units: int) -> BudgetState:
        """Open so many units of YouTube's reserve for the rest of this Pacific day. See `orders.give.open_reserve`."""
        return await give.open_reserve(conn, self.policy, operator, self._books.clock.now(), why, units)

    async def orders(self, conn: Connection, *, before: int | None = None, limit: int = 50) -> list[SpendingOrder]:
        """What operators ordered, newest first."""
        return await orders.orders_before(conn, before, limit)

    async def version(self, conn: Connection, user_id: UUID) -> str:
        """What changes whenever the user's or the platform's money does: for whoever keeps a page of it."""
        now, policy = self._books.clock.now(), self.policy
        ids = [rules.platform_day(policy, now).id, rules.user_day(user_id, policy, now).id]
        return await pages.version(conn, user_id, rules.day_in(policy.money_day_zone, now), ids)

    async def look_at_day(self, conn: Connection, user_id: UUID, *, operator: bool = False) -> MoneyDay:
        """The user's money day; for an operator the platform's as well."""
        return await look.look_at_day(conn, self.policy, user_id, self._books.clock.now(), operator=operator)

    async def look_at_days(
        self, conn: Connection, user_id: UUID, first: date | None = None, last: date | None = None
    ) -> list[CategoryDay]:
        """Money by day and category, newest first; without days the last thirty. Raises BadInput."""
        begin, end = look.days_between(self.policy, self._books.clock.now(), first, last)
        return await pages.user_days(conn, user_id, begin, end)

    async def look_at_platform_days(
        self, conn: Connection, first: date | None = None, last: date | None = None
    ) -> list[CategoryDay]:
        """The same over all users; nothing unless the transaction is an operator's."""
        begin, end = look.days_between(self.policy, self._books.clock.now(), first, last)
        return await pages.platform_days(conn, begin, end)

    async def look_at_videos(
        self, conn: Connection, user_id: UUID, *, before: UUID | None = None, limit: int = 50
    ) -> list[VideoMoney]:
        """What each video cost, newest first."""
        return await pages.videos(conn, user_id, before, limit, cap=self.policy.video_cap)

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
        return await receipts.receipt(self._books.database, self.policy, user_id, video_id)

    async def video_cost(self, user_id: UUID, video_id: UUID) -> VideoCost:
        """A video's money without its lines."""
        return await receipts.video_cost(self._books.database, self.policy, user_id, video_id)

    async def budgets_today(self, user_id: UUID) -> list[BudgetState]:
        """Platform's day, user's day, and YouTube's buckets with their shares; those nobody drew on yet are empty."""
        async with self._books.database.transaction(user_id) as conn:
            return await self.budgets_at(conn, user_id, self._books.clock.now())

    async def budgets_at(self, conn: Connection, user_id: UUID, now: datetime) -> list[BudgetState]:
        """The same at an instant, within the transaction of whoever decides by them.

        Caps are those of this process, as the next hold writes them.
        """
        wanted = rules.budgets_of_day(user_id, self.policy, now)
        states = {state.id: state for state in await store.budget_states(conn, [need.id for need in wanted])}
        return [dataclasses.replace(states.get(need.id, look.untouched(need)), cap=need.cap) for need in wanted]

    async def usual_cost(self, conn: Connection, user_id: UUID) -> UsualCost:
        """What the user's latest twenty videos cost, those still being made as far as they came."""
        return await store.usual_cost(conn, user_id, videos=20)

    async def alerts(self, user_id: UUID, *, days: int = 1, operator: bool = True) -> list[Alert]:
        """The user's alerts of the last days, newest first; for an operator the platform's as well."""
        since = self._books.clock.now() - timedelta(days=days)
        async with self._books.database.transaction(user_id) as conn:
            return await look.alerts_of(conn, user_id, since, operator=operator)

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
            role=call.role,
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
