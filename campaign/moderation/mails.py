"""The mails to signers whose organisation waits for review. They name neither statement nor organisation."""

from __future__ import annotations

from campaign.mailing.operations import MailContent


def question(*, words: str, answer_to: str, link: str) -> MailContent:
    """The mail to a signer while their entry waits: a member of the team asks `words`.

    They reply to `answer_to`. Beside the member's words it must not say what the entry is about.
    """
    return MailContent("moderation/question", {"words": words, "answer_to": answer_to, "link": link})


def approved(*, link: str) -> MailContent:
    """The mail to a signer whose entry the team has accepted, also one that only the team may see.

    It must not say which member decided, nor what the entry is about or where it is listed: their page does.
    """
    return MailContent("moderation/approved", {"link": link})


def rejected(*, words: str, link: str) -> MailContent:
    """The mail to a signer whose entry the team did not accept, with the reason in `words`.

    It must not say which member decided, nor what the entry is about.
    """
    return MailContent("moderation/rejected", {"words": words, "link": link})
