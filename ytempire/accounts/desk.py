"""What the verbs of accounts work with, put together once by bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.accounts.keys import TenantKeys
from ytempire.accounts.secrets import Passwords
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database
from ytempire.kit.rates import Rates


@dataclass(frozen=True)
class Desk:
    """Database, time, keys, passwords and the counts of attempts."""

    database: Database
    clock: Clock
    keys: TenantKeys
    passwords: Passwords
    rates: Rates
