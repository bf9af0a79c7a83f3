"""The mails of this room."""

from __future__ import annotations

from campaign.mailing.operations import MailContent


def invitation(*, name: str, link: str, site: str) -> MailContent:
    """The mail to a new member of the team, or to one who needs a new password: the link that sets it.

    Not neutral: it gives the member's `name` and that of the `site`. It must not reveal their role.
    """
    return MailContent("accounts/invitation", {"name": name, "link": link, "site": site})
