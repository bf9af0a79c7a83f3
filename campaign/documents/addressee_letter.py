"""A letter to the addressees of a statement, made of its title, demands and address.

Only the visitor reads and sends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from campaign.config import LANGUAGES
from campaign.core.language import canonical, language, locale_of
from campaign.core.mail_links import MailLink, mail_link
from campaign.documents.blocks import Block, blocks_of, plain
from campaign.extensions import db
from campaign.statements.addressees import AddresseeContent, entry_of
from campaign.statements.models import Addressee
from campaign.statements.queries import Recipient, StatementPage, statement_page

_MOST_DEMANDS = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter in one language. `mail` opens the visitor's own mail program, with the text if that fits."""

    language: str
    subject: str
    body: str
    mail: MailLink

    @property
    def rows(self) -> int:
        """The lines that it takes on a wide screen."""
        return sum(1 + len(line) // 70 for line in self.body.split("\n")) + 1


@dataclass(frozen=True, slots=True)
class AddresseeLetter:
    """An addressee, with a letter in each language that they read, the best first."""

    recipient: Recipient
    email: str
    samples: tuple[Sample, ...]


def asked_by(page: StatementPage) -> list[AddresseeLetter]:
    """All addressees of a statement, in its order."""
    ids = [recipient.id for recipient in page.addressees]
    book = {
        entry.id: entry_of(entry)
        for entry in db.session.scalars(select(Addressee).where(Addressee.id.in_(ids)))
    }
    pages = {page.language: page}
    return [
        _asked(page, pages, recipient, book[recipient.id])
        for recipient in page.addressees
        if recipient.id in book
    ]


def demands_of(body: str) -> list[str]:
    """The demands of a text: the points of its last numbered list, else of its last list, each on a line.

    Empty where it has no list.
    """
    lists = [block for block in blocks_of(body) if block["is"] == "list"]
    chosen = next((block for block in reversed(lists) if block["numbered"]), lists[-1] if lists else None)
    points = [_said(item) for item in chosen["items"]] if chosen else []
    return [point for point in points if point][:_MOST_DEMANDS]


def _asked(
    page: StatementPage, pages: dict[str, StatementPage], recipient: Recipient, entry: AddresseeContent
) -> AddresseeLetter:
    there = [code for code in page.languages if code in LANGUAGES]
    # The language they read best; then the visitor's, who should know what is sent.
    wanted = [code for code in (*entry.languages, page.language) if code in there] or there[:1]
    samples = []
    for code in dict.fromkeys(wanted):
        if code not in pages:
            pages[code] = statement_page(page.id, code)
        samples.append(_sample(pages[code], code, recipient, entry))
    return AddresseeLetter(
        recipient, entry.email, tuple(samples or [_sample(page, language(), recipient, entry)])
    )


def _sample(page: StatementPage, code: str, recipient: Recipient, entry: AddresseeContent) -> Sample:
    named = next((there for there in page.addressees if there.id == recipient.id), recipient)
    demands = demands_of(str(page.body))
    address = canonical(f"/s/{page.slug}", code)
    with force_locale(locale_of(code)):
        head = "\n".join(line for line in (named.name, named.role, named.institution) if line)
        # Translators: a name can't be declined, and nobody knows whether it is a man, a woman or an office.
        # Turn the sentence so that it fits all.
        personal = bool(named.role or named.institution)
        greeting = _("Dear %(name)s,", name=named.name) if personal else _("Dear Sir or Madam,")
        about = _("I am writing to you about “%(title)s”.", title=page.title)
        asking = (
            _("Together with those who signed it, I ask you:")
            if demands
            else _("I ask you to do what it asks for.")
        )
        points = "\n".join(f"{number}. {point}" for number, point in enumerate(demands, 1))
        whole = _("The full text and the list of signatories:") + "\n" + address
        answer = _("Please let me know what you have done.")
        end = _("Respectfully,") + "\n" + _("[your name, town and country]")
        subject = page.title

    body = "\n\n".join(part for part in (head, greeting, about, asking, points, whole, answer, end) if part)

    return Sample(code, subject, body, mail_link(entry.email, subject, body))


def _said(blocks: list[Block]) -> str:
    found = [plain(block["words"]) for block in blocks if "words" in block]
    return " ".join(" ".join(found).split())
