"""Budgets, holds and settlements: dollars and API quota alike. No paid call without a hold."""

from ytempire.ledger.forgetting import forget_user
from ytempire.ledger.ledger import Ledger
from ytempire.ledger.limits import permit_caps, require_permitted
from ytempire.ledger.model import (
    Alert,
    Bucket,
    BudgetState,
    Category,
    Meters,
    PaidCall,
    Policy,
    QuotaCall,
    Receipt,
    ReceiptLine,
    Share,
    UsualCost,
    VideoCost,
)
from ytempire.ledger.quote import PriceBook, load_prices
from ytempire.ledger.rules import platform_budgets

__all__ = [
    "Alert",
    "Bucket",
    "BudgetState",
    "Category",
    "Ledger",
    "Meters",
    "PaidCall",
    "Policy",
    "PriceBook",
    "QuotaCall",
    "Receipt",
    "ReceiptLine",
    "Share",
    "UsualCost",
    "VideoCost",
    "forget_user",
    "load_prices",
    "permit_caps",
    "platform_budgets",
    "require_permitted",
]
