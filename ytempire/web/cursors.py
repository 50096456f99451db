"""Places in a list, handed out as opaque text and taken back only for the list and the user they were made for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from ytempire.kit.errors import YtempireError

_TAG_BYTES = 12
_LONGEST = 1000
T = TypeVar("T")
Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=200, description="Most items of the answer.", examples=[50])]
After = Annotated[
    str | None, Query(alias="cursor", max_length=_LONGEST, description="`next` of the page before; none: the first.")
]


class WrongCursor(YtempireError):  # noqa: N818
    """The cursor was not made by this list for this user."""

    code = "wrong_cursor"


class Page(BaseModel, Generic[T]):
    """A page of a list."""

    items: list[T]
    next: str | None = Field(description="Cursor of the next page; null: this is the last.", examples=[None])


class Cursors:
    """Writes and reads cursors. `secret` is the installation's; all its processes have the same."""

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.sha256(b"cursors|" + secret).digest()

    def write(self, what: str, user_id: UUID, place: Sequence[str]) -> str:
        """The cursor for a place in the list `what`: the sort key's values of the last row shown."""
        body = json.dumps(list(place), separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._tag(what, user_id, body) + body).rstrip(b"=").decode()

    def read(self, what: str, user_id: UUID, cursor: str | None) -> list[str] | None:
        """The place, or None for the beginning. Raises WrongCursor."""
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(what, user_id, body)):
            raise WrongCursor(
                "this is no cursor of this list", field="cursor", fix="Use `next` of a page as it is, or leave it out."
            )
        return [str(value) for value in json.loads(body)]

    def read_time(self, what: str, user_id: UUID, cursor: str | None) -> tuple[datetime, UUID] | None:
        """The place in a list by time (and by id where that is the same), as `at_time` names it. Raises WrongCursor."""
        place = self.read(what, user_id, cursor)
        return (datetime.fromisoformat(place[0]), UUID(place[1])) if place else None

    def page(
        self,
        what: str,
        user_id: UUID,
        rows: Sequence[Row],
        limit: int,
        *,
        show: Callable[[Row], T],
        place: Callable[[Row], Sequence[str]],
    ) -> Page[T]:
        """A page out of up to `limit + 1` rows: the one too many says that there is a next page."""
        shown = rows[:limit]
        more = len(rows) > limit
        return Page(
            items=[show(row) for row in shown], next=self.write(what, user_id, place(shown[-1])) if more else None
        )

    def _tag(self, what: str, user_id: UUID, body: bytes) -> bytes:
        return hmac.digest(self._key, f"{what}|{user_id}|".encode() + body, "sha256")[:_TAG_BYTES]


def at_time(when: datetime, which: UUID) -> tuple[str, str]:
    """A row's place in a list by time, for `Cursors.page`."""
    return when.isoformat(), str(which)
