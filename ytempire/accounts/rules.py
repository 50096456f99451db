"""What may stand in an account, how long things are good for, and how often may be tried."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ytempire.accounts.model import Account, KeyHolder, Role, RunHolder, Scope, SessionHolder
from ytempire.kit.errors import BadInput
from ytempire.kit.rates import Rate

NAME_MAX = 100
PASSWORD_MIN, PASSWORD_MAX = 12, 200
INVITATION_GOOD_FOR = timedelta(days=7)
RESET_GOOD_FOR = timedelta(hours=24)
EMAIL_LINK_GOOD_FOR = timedelta(hours=24)
SESSION_GOOD_FOR = timedelta(days=30)
SESSION_IDLE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""How exact "last seen" and "last used" are: a row written on every request would cost more than it tells."""

QUARTER_HOUR_S = 900
TRIES_FOR_ACCOUNT_FROM_ADDRESS = Rate("login-pair", 10, QUARTER_HOUR_S)
TRIES_FOR_ACCOUNT = Rate("login-account", 50, QUARTER_HOUR_S)
TRIES_FROM_ADDRESS = Rate("login-address", 100, QUARTER_HOUR_S)
LINKS_FOR_ACCOUNT = Rate("forgot-account", 10, 3600)
"""From wherever they are asked for: nobody's mailbox is filled, and no link is replaced before it can be used."""
TRIES_BY_LINK = Rate("link", 20, QUARTER_HOUR_S)
UNKNOWN_CREDENTIALS = Rate("unknown-credentials", 60, 60)

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f.]+(?:\.[^@\s\x00-\x1f\x7f.]+)+")
_EMAIL_MAX = 254
_CODE_EVERY_S = 30


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


def checked_email(text: str) -> str:
    """The address in the one form it is kept and compared in. Raises BadInput."""
    email = unicodedata.normalize("NFKC", text.strip()).lower()
    if len(email) > _EMAIL_MAX or not _EMAIL.fullmatch(email):
        raise BadInput(f"{text[:80]!r} is no e-mail address", field="email", fix="Write it like ada@example.org.")
    return email


def checked_name(text: str) -> str:
    """The name. Raises BadInput."""
    name = " ".join(text.split())
    if not name or len(name) > NAME_MAX or not name.isprintable():
        raise BadInput("that is no name", field="name", fix=f"Use 1 to {NAME_MAX} printable characters.")
    return name


def checked_password(password: str, email: str) -> str:
    """The password, if it is long enough to be one and not the address itself. Raises BadInput."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise BadInput(
            "the password is too short" if len(password) < PASSWORD_MIN else "the password is too long",
            field="password",
            fix=f"Use {PASSWORD_MIN} to {PASSWORD_MAX} characters, for example four random words.",
        )
    if password.strip().lower() in {email, email.split("@", maxsplit=1)[0]} or len(set(password)) < 5:
        raise BadInput("that password is guessed first", field="password", fix="Use four random words.")
    return password


def session_is_good(held: SessionHolder, now: datetime) -> bool:
    """Whether it has neither ended nor been idle for too long, and its user may come in."""
    return held.suspended_at is None and now < held.expires_at and now < held.seen_at + SESSION_IDLE


def key_is_good(held: KeyHolder, now: datetime) -> bool:
    """Whether it is neither revoked nor over, and its user may come in."""
    fresh = held.expires_at is None or now < held.expires_at
    return held.suspended_at is None and held.revoked_at is None and fresh


def run_is_good(held: RunHolder, now: datetime) -> bool:
    """Whether the token isn't over, and its user may come in."""
    return held.suspended_at is None and now < held.token_ends_at


def seen_too_long_ago(seen_at: datetime | None, now: datetime) -> bool:
    """Whether "last seen" should be written anew."""
    return seen_at is None or now >= seen_at + SEEN_EVERY


def scopes_of_role(role: Role, *, second_factor: bool) -> frozenset[Scope]:
    """What a session may do: an operator runs the installation only with a second factor."""
    if role == "operator" and second_factor:
        return frozenset({"read", "write", "admin", "drive"})
    return frozenset({"read", "write"})


def scopes_of_key(scopes: tuple[Scope, ...], role: Role) -> frozenset[Scope]:
    """What a key may do: never more than its owner's role."""
    return frozenset(scopes) if role == "operator" else frozenset(scopes) - {"admin", "drive"}


def steps_that_fit(now: datetime) -> tuple[int, ...]:
    """The 30 s whose code counts now: clocks differ a little, and typing takes time."""
    step = int(now.timestamp()) // _CODE_EVERY_S
    return (step, step - 1, step + 1)


def may_sign_in(account: Account | None) -> bool:
    """Whether there is an account, and it isn't suspended."""
    return account is not None and account.suspended_at is None
