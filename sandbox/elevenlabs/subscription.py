"""The plan and what is left of it."""

from typing import Any

from sandbox.elevenlabs.speech import used_credits
from sandbox.state import State

_MONTH_S = 30 * 86_400


def subscription(state: State) -> dict[str, Any]:
    """Answer of GET /v1/user/subscription (elevenlabs.types.Subscription)."""
    return {
        "tier": "creator",
        "character_count": used_credits(state),
        "character_limit": int(state.setting("elevenlabs_character_limit")),
        "max_credit_limit_extension": 0,
        "can_extend_character_limit": False,
        "allowed_to_extend_character_limit": False,
        "next_character_count_reset_unix": (int(state.now()) // _MONTH_S + 1) * _MONTH_S,
        "voice_slots_used": 0,
        "professional_voice_slots_used": 0,
        "professional_voice_slots_used_in_workspace": 0,
        "voice_limit": 30,
        "voice_add_edit_counter": 0,
        "professional_voice_limit": 1,
        "can_extend_voice_limit": False,
        "can_use_instant_voice_cloning": True,
        "can_use_professional_voice_cloning": False,
        "currency": "usd",
        "current_overage": {"amount": "0", "currency": "usd"},
        "status": "active",
        "billing_period": "monthly_period",
        "character_refresh_period": "monthly_period",
        "next_invoice": None,
        "open_invoices": [],
        "has_open_invoices": False,
        "pending_change": None,
    }
