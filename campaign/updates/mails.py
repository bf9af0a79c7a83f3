"""The mails of this room."""

from __future__ import annotations

from campaign.mailing.operations import MailContent


def news(*, link: str, unsubscribe: str) -> MailContent:
    """The mail to a signer who asked for news, once the team has decided to write about an update.

    Neutral like every mail to signers: it must not say what the update is, nor which text it is about; their
    own page at `link` shows both. `unsubscribe` ends such mails.
    """
    return MailContent("updates/news", {"link": link, "unsubscribe": unsubscribe})


def told(
    *, coalition: str, statement: str, title: str, words: str, name: str, link: str, unsubscribe: str
) -> MailContent:
    """The same mail to a signer whom everyone can read on the list, at standard safety.

    `title` and `words` are the update's, the latter its first paragraph; `name` is the signer's as it is
    listed, empty for an organisation. Whom the mail is from and why it comes stands at its end.
    """
    said = {"coalition": coalition, "statement": statement, "title": title, "words": words, "name": name}
    return MailContent("updates/told", said | {"link": link, "unsubscribe": unsubscribe})
