"""Accounts: users and their data keys, how they get in, what they may do, and how they leave."""

from ytempire.accounts.api_keys import list_api_keys, make_api_key, revoke_api_key
from ytempire.accounts.authenticating import authenticate
from ytempire.accounts.desk import Desk
from ytempire.accounts.driver_user import ensure_driver_user
from ytempire.accounts.inviting import accept_invitation, invite, look_at_invitation, withdraw
from ytempire.accounts.keys import TenantKeys
from ytempire.accounts.letters import changed_letter, email_letter, invitation_letter, reset_letter
from ytempire.accounts.local_user import ensure_local_user
from ytempire.accounts.mailing import count_forgotten, mail, mail_email_link, mail_reset_link
from ytempire.accounts.model import LOCAL_USER_ID, User
from ytempire.accounts.new_email import confirm_email, email_link_for, look_at_email_link, require_password
from ytempire.accounts.oversee import account_of, change_standing, list_accounts, list_invitations, reset_link_for
from ytempire.accounts.profile import change_profile, delete_account, export_account, own_account
from ytempire.accounts.reset import look_at_reset_link, operator_link, reset_password
from ytempire.accounts.rules import checked_time_zone
from ytempire.accounts.second_factor import begin_second_factor, confirm_second_factor, renew_recovery_codes
from ytempire.accounts.secrets import Passwords, hashed, is_run_token, new_run_token
from ytempire.accounts.signing_in import sign_in, sign_out

__all__ = [
    "LOCAL_USER_ID",
    "Desk",
    "Passwords",
    "TenantKeys",
    "User",
    "accept_invitation",
    "account_of",
    "authenticate",
    "begin_second_factor",
    "change_profile",
    "change_standing",
    "changed_letter",
    "checked_time_zone",
    "confirm_email",
    "confirm_second_factor",
    "count_forgotten",
    "delete_account",
    "email_letter",
    "email_link_for",
    "ensure_driver_user",
    "ensure_local_user",
    "export_account",
    "hashed",
    "invitation_letter",
    "invite",
    "is_run_token",
    "list_accounts",
    "list_api_keys",
    "list_invitations",
    "look_at_email_link",
    "look_at_invitation",
    "look_at_reset_link",
    "mail",
    "mail_email_link",
    "mail_reset_link",
    "make_api_key",
    "new_run_token",
    "operator_link",
    "own_account",
    "renew_recovery_codes",
    "require_password",
    "reset_letter",
    "reset_link_for",
    "reset_password",
    "revoke_api_key",
    "sign_in",
    "sign_out",
    "withdraw",
]
