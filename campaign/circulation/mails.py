"""The mails to guests: contacts at organisations that are asked to sign a text before it is public.

A discreet circulation is one whose mails say neither what the text is called nor what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass

from campaign.mailing.operations import MailContent


@dataclass(frozen=True, slots=True)
class MailFacts:
    """The facts that mails to one guest may state, in their language.

    `title` of the text, `until` when answers are taken, the name of the `inviter`, the guest's own `link`.
    """

    title: str
    until: str
    inviter: str
    discreet: bool
    organisation: str = ""
    link: str = ""


def invitation(facts: MailFacts) -> MailContent:
    """The mail to a guest who is invited, or who asks for the link again: will you sign, and until when.

    Where it is discreet it must not say the title.
    """
    said = {"title": facts.title, "until": facts.until, "inviter": facts.inviter, "link": facts.link}
    return MailContent("circulation/invitation", said | _discreet(facts))


def reminder(facts: MailFacts) -> MailContent:
    """The mail to a guest who has not answered, some days before the deadline, or when the team reminds them.

    Where it is discreet it must not say the title.
    """
    said = {"title": facts.title, "until": facts.until, "inviter": facts.inviter, "link": facts.link}
    return MailContent("circulation/reminder", said | _discreet(facts))


def receipt(facts: MailFacts, *, text: str, sha256: str) -> MailContent:
    """The mail to a guest who has signed: `text` as they signed it, and its digest `sha256` (hexadecimal).

    Where it is discreet it must say neither title, text nor organisation.
    """
    said = {"title": facts.title, "organisation": facts.organisation, "link": facts.link}
    return MailContent("circulation/receipt", said | {"text": text, "sha256": sha256} | _discreet(facts))


def changed(facts: MailFacts, *, note: str) -> MailContent:
    """The mail to a guest who has signed a text whose demands have changed since: do you still sign?

    `note` is what the team says about the change, or "". Where it is discreet it must say neither title nor
    note.
    """
    said = {"title": facts.title, "until": facts.until, "link": facts.link, "note": note}
    return MailContent("circulation/changed", said | _discreet(facts))


def kit(facts: MailFacts, *, own: str) -> MailContent:
    """The mail to a guest whose organisation is on the list, once that is public: what to share it with.

    `own` is the address of the signature's own page, or "" where it has none. Where it is discreet it must
    not say the title.
    """
    said = {"title": facts.title, "link": facts.link, "own": own}
    return MailContent("circulation/kit", said | _discreet(facts))


def code(*, person: str, organisation: str, inviter: str, code: str) -> MailContent:
    """The mail to an organisation's contact on record, when `person` answers for it from an unknown mailbox.

    The contact passes `code` on if that is right. It must not say what the answer is, nor about which text,
    and holds no link: that would open the page of somebody else.
    """
    said = {"person": person, "organisation": organisation, "inviter": inviter, "code": code}
    return MailContent("circulation/code", said)


def _discreet(facts: MailFacts) -> dict[str, str]:
    return {"discreet": "y" if facts.discreet else ""}
