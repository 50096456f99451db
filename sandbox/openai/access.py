"""Who may call: a Bearer key that says `sandbox`, so that a real key sent here by mistake is refused and not kept."""

from fastapi import Request

from sandbox import bills
from sandbox.openai.errors import Refused
from sandbox.state import State


def check_key(request: Request) -> None:
    """Refused unless the Authorization header carries a sandbox key."""
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or "sandbox" not in key:
        raise Refused("invalid_api_key")


def check_balance(state: State) -> None:
    """Refused once the prepaid balance of the settings is used up."""
    balance = state.setting("openai_balance_microusd")
    if balance is not None and bills.spent_microusd(state, "openai") >= int(balance):
        raise Refused("credit_balance_exhausted")
