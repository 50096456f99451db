"""What may stand in an account."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ytempire.kit.errors import BadInput

NAME_MAX = 100


def checked_time_zone(name: str) -> str:
    """The name, if it is a time zone. Raises BadInput."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, malformed, a folder of the database
        raise BadInput(
            f"{name[:80]!r} is no time zone",
            field="time_zone",
            fix="Use an IANA name such as Europe/Berlin or UTC.",
        ) from error
    return name
