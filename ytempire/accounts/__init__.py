"""Accounts: users and their data keys."""

from ytempire.accounts.keys import TenantKeys
from ytempire.accounts.local_user import ensure_local_user
from ytempire.accounts.model import LOCAL_USER_ID, User

__all__ = ["LOCAL_USER_ID", "TenantKeys", "User", "ensure_local_user"]
