"""The mails to signers. A stranger who reads the mailbox must not learn from them what was signed.

None names the site, the statement, the signer or anything they typed; they differ in the purpose of the link.
"""

from __future__ import annotations

from collections.abc import Sequence

from campaign.mailing.operations import MailContent


def confirmation(*, link: str, code: str) -> MailContent:
    """The mail to the address in the form, as soon as that is sent.

    `link` confirms the entry, and manages it later; `code` confirms it on the page that is still open. It
    must not say whether the address did anything before.
    """
    return MailContent("signing/confirmation", {"link": link, "code": code})


def confirmation_once(*, link: str, code: str, until: str = "") -> MailContent:
    """The mail to the address in the form at high safety, where `link` and `code` work once. `until` is their
    last day, in words: the mail may come, or be read, on another day than the form was sent.

    It asks the signer to delete it, and must not promise a way to manage the entry.
    """
    return MailContent("signing/confirmation_once", {"link": link, "code": code, "until": until})


def link_again(*, links: Sequence[str]) -> MailContent:
    """The mail to a signer who asked for a lost link: one for each entry of the address."""
    return MailContent("signing/link_again", {"links": " ".join(links)})


def no_link() -> MailContent:
    """The mail to an address for which a link was asked, and no entry is found.

    It must not say why: with another address, never confirmed, or withdrawn.
    """
    return MailContent("signing/no_link", {})


def asked_anew(*, link: str, unsubscribe: str) -> MailContent:
    """The mail to an earlier signer who asked for news, after the demands have changed.

    Their page at `link` asks whether they agree. It must not say what the demands were or are. `unsubscribe`
    ends such mails.
    """
    return MailContent("signing/asked_anew", {"link": link, "unsubscribe": unsubscribe})
