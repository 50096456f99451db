"""What letters say."""

from __future__ import annotations

from ytempire.accounts.ports import Letter

_FOOT = "\n\nYTEMPIRE sends this because of your account; it is no newsletter.\n"


def invitation_letter(email: str, link: str) -> Letter:
    """Somebody may have an account."""
    text = f"You are invited to YTEMPIRE. Choose a name and a password here, once, within seven days:\n\n{link}"
    return Letter(email, "Your invitation to YTEMPIRE", text + _FOOT)


def reset_letter(email: str, link: str) -> Letter:
    """A new password may be chosen."""
    text = (
        f"Choose a new password here, once, within a day:\n\n{link}\n\n"
        "If you did not ask for it, do nothing: your password stays as it is."
    )
    return Letter(email, "A new password for YTEMPIRE", text + _FOOT)


def email_letter(email: str, link: str) -> Letter:
    """An account wants to be reached here."""
    text = (
        f"Confirm here, once, within a day, that this is your address at YTEMPIRE:\n\n{link}\n\n"
        "If you did not ask for it, do nothing: somebody mistyped theirs."
    )
    return Letter(email, "Confirm your address for YTEMPIRE", text + _FOOT)


def changed_letter(email: str, what: str) -> Letter:
    """Something that guards the account was changed."""
    text = f"{what} If that was not you, tell your operator at once: they can end all sessions and give you a new link."
    return Letter(email, "Your YTEMPIRE account was changed", text + _FOOT)
