"""The mails of this room."""

from __future__ import annotations

from campaign.mailing.operations import MailContent


def invitation(*, name: str, link: str, site: str) -> MailContent:
    """The mail to a new member of the team, or to one who must begin anew: the link that sets a password.

    Not neutral: it says the member's `name` and that of the `site`. It must not say which role they have.
    """
    return MailContent("accounts/invitation", {"name": name, "link": link, "site": site})
