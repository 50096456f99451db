"""Mail by SMTP."""

from ytempire.providers.smtp.post import SmtpPost, post_of

__all__ = ["SmtpPost", "post_of"]
