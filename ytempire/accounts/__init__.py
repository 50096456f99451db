"""Accounts: users and their data keys."""

from ytempire.accounts.keys import TenantKeys
from ytempire.accounts.local_user import ensure_local_user
from ytempire.accounts.model import LOCAL_USER_ID, User
from ytempire.accounts.rules import checked_time_zone

__all__ = ["LOCAL_USER_ID", "TenantKeys", "User", "checked_time_zone", "ensure_local_user"]
