"""What orchestration needs from outside, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ytempire.kit.errors import YtempireError
from ytempire.ledger import Meters

JsonObject = dict[str, Any]


class Teller(Protocol):
    """Reaches the driver."""

    @property
    def driver_at(self) -> str:
        """Where it is; empty: nowhere, so nothing is told."""
        ...

    async def tell(self, resume_url: str, what: Mapping[str, object]) -> int:
        """POST it; the answer's status. Raises FetchRefused if there is none."""
        ...


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    operation: str
    """The vendor's own name of it: `responses.create`."""
    body: JsonObject
    options: Mapping[str, str] = field(default_factory=dict)
    """What stood in its path and query."""


@dataclass(frozen=True)
class Checked:
    """A request that may be made: nothing in it can cost more than the estimate."""

    operation: str
    body: JsonObject
    """As it goes to the vendor, its limits set."""
    options: Mapping[str, str]
    estimate: Meters
    what: str
    """Words for the receipt."""
    role: str = ""
    """Of a model: `cheap` or `strong`."""
    can_look: bool = True
    """Whether the vendor keeps what would be looked for."""


@dataclass(frozen=True)
class Answered:
    """A vendor's answer, as it was written. A sound stands in base64 between `text` and `rest`."""

    text: str
    meters: Meters
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those that tell something of the call."""
    sound: bytes = b""
    suffix: str = ""
    """The sound's kind, as a file's ending."""
    rest: str = ""


class VendorRelay(Protocol):
    """Makes a vendor's own calls for another driver, with our key."""

    @property
    def longest_s(self) -> float:
        """So long a call takes at most, and a look before it."""
        ...

    def models(self) -> dict[str, Any]:
        """The models that may be asked, as the vendor lists them."""
        ...

    def check(self, asked: Asked) -> Checked:
        """What goes to the vendor. Raises BadInput naming the field that can't be relayed, NotConfigured."""
        ...

    async def call(self, checked: Checked, once: str) -> Answered:
        """Make the call, once. Raises VendorRefused (nothing is billed) or OutcomeUnknown (then `look`)."""
        ...

    async def look(self, checked: Checked, once: str) -> Answered | None:
        """What became of an earlier call without an answer. Raises OutcomeUnknown if the vendor can't say."""
        ...

    def in_its_words(self, error: YtempireError) -> dict[str, Any]:
        """The error as the vendor's clients read it: what the vendor said itself, or ours in its shape."""
        ...
