"""A vendor with its own books, and the words to pay it: shared by the ledger's tests."""

from __future__ import annotations

from uuid import UUID

from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.ledger import Category, Ledger, Meters, PaidCall

USER, VIDEO = new_id(), new_id()
ESTIMATE = Meters("openai", "gpt-6.1-terra", input_tokens=10_000, output_tokens=2_000)
HELD = 20_000
BILL = Meters("openai", "gpt-6.1-terra", input_tokens=9_000, output_tokens=1_000)
BILLED = 14_000


def call(once: str = "c1", *, user: UUID = USER, video: UUID = VIDEO, **more) -> PaidCall:
    values = {"step": "script", "category": Category.OPENAI, "what": "draft", "estimate": ESTIMATE, **more}
    return PaidCall(user_id=user, video_id=video, once=once, **values)


class Vendor:
    """A vendor's own books: what it was asked and what it did."""

    def __init__(self, *failures: BaseException | None, bill: Meters = BILL, answers_first: bool = False) -> None:
        self.failures = list(failures)
        self.bill = bill
        self.done: list[str] = []
        self.looks = 0
        self.answers_first = answers_first

    async def perform(self):
        failure = self.failures.pop(0) if self.failures else None
        if failure and not self.answers_first:
            raise failure
        self.done.append("call")
        if failure:
            raise failure
        return {"number": len(self.done)}, self.bill

    async def look(self):
        self.looks += 1
        return ({"number": len(self.done)}, self.bill) if self.done else None


async def states(ledger: Ledger) -> list[tuple[str, int, int, int]]:
    lines = (await ledger.receipt(USER, VIDEO)).lines
    return [(line.state, line.held_microusd, line.actual_microusd, line.overrun_microusd) for line in lines]


async def an_operator(database: Database) -> UUID:
    """A user who runs the installation."""
    user_id = new_id()
    async with database.transaction(user_id) as conn:
        await conn.execute(
            "insert into users (id, name, time_zone, role, created_at) values (%s, 'x', 'UTC', 'operator', now())",
            (user_id,),
        )
    return user_id
