"""Budgets, holds and settlements: dollars and API quota alike. No paid call without a hold."""

from ytempire.ledger.forgetting import forget_user
from ytempire.ledger.ladder.model import CheaperWay
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
    Share,
    UsualCost,
)
from ytempire.ledger.orders.model import SpendingOrder, Standing
from ytempire.ledger.outside.book import recorded_call
from ytempire.ledger.outside.model import OutsideCall, OutsideHold
from ytempire.ledger.pages.model import CategoryDay, ModelMix, MoneyDay, PlatformDay, VideoMoney
from ytempire.ledger.ports import Announce
from ytempire.ledger.quote import PriceBook, load_prices
from ytempire.ledger.receipts.model import Receipt, ReceiptLine, VideoCost
from ytempire.ledger.rules import platform_budgets

__all__ = [
    "Alert",
    "Announce",
    "Bucket",
    "BudgetState",
    "Category",
    "CategoryDay",
    "CheaperWay",
    "Ledger",
    "Meters",
    "ModelMix",
    "MoneyDay",
    "OutsideCall",
    "OutsideHold",
    "PaidCall",
    "PlatformDay",
    "Policy",
    "PriceBook",
    "QuotaCall",
    "Receipt",
    "ReceiptLine",
    "Share",
    "SpendingOrder",
    "Standing",
    "UsualCost",
    "VideoCost",
    "VideoMoney",
    "forget_user",
    "load_prices",
    "permit_caps",
    "platform_budgets",
    "recorded_call",
    "require_permitted",
]
