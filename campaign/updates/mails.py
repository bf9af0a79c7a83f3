"""The mails of this room."""

from __future__ import annotations

from campaign.mailing.operations import MailContent


def news(*, link: str, unsubscribe: str) -> MailContent:
    """The mail to a signer who asked for news, once the team has decided to write about an update.

    Neutral like every mail to signers: it must not say what the update is, nor which text it is about; their
    own page at `link` shows both. `unsubscribe` ends such mails.
    """
    return MailContent("updates/news", {"link": link, "unsubscribe": unsubscribe})
