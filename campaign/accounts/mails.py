"""The mails of this room."""

from __future__ import annotations

from campaign.mailing.operations import MailContent


def invitation(*, name: str, link: str, site: str) -> MailContent:
    """The mail to a new member of the team, or to one who needs a new password: the link that sets it.

    Not neutral: it gives the member's `name` and that of the `site`. It must not reveal their role.
    """
    return MailContent("accounts/invitation", {"name": name, "link": link, "site": site})


def attempts(*, name: str, site: str, link: str) -> MailContent:
    """The mail to a member when somebody has tried many wrong passwords on their account.

    `link` leads past the wait between attempts; it opens nothing without the password.
    """
    return MailContent("accounts/attempts", {"name": name, "site": site, "link": link})


def code_attempts(*, name: str, site: str, link: str) -> MailContent:
    """The mail to a member when somebody gave the right password and wrong codes of the second factor.

    `link` leads past the wait between attempts; it opens nothing without password and code.
    """
    return MailContent("accounts/code_attempts", {"name": name, "site": site, "link": link})


def password_reset(*, name: str, site: str, link: str) -> MailContent:
    """The mail to a member who has asked for a new password: the link that sets it."""
    return MailContent("accounts/password_reset", {"name": name, "site": site, "link": link})
