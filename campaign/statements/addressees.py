"""The address book: the people and offices that statements are addressed to, entered once and used by any
number of statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.registration import Registry
from campaign.core.search import search_key
from campaign.extensions import db
from campaign.statements.errors import AddresseeInUse
from campaign.statements.models import Addressee, AddresseeName, Statement, StatementAddressee

# The statements that were handed to an addressee: (session, addressee id).
handed_statements: Registry[Callable[[Session, int], list[int]]] = Registry(
    "statements handed to an addressee"
)


@dataclass(frozen=True, slots=True)
class AddresseeNames:
    """An addressee's name, role and institution in one language. Only the name is always filled in."""

    name: str
    role: str = ""
    institution: str = ""


@dataclass(frozen=True, slots=True)
class AddresseeContent:
    """The content of an entry. `languages` are language codes, the one they read best first."""

    names: Mapping[str, AddresseeNames]
    country: str | None = None
    address: str = ""
    email: str = ""
    languages: Sequence[str] = ()


def enter_addressee(session: Session, entry: AddresseeContent) -> Addressee:
    """Enter an addressee. Flushes."""
    addressee = Addressee(created_at=clock.now())
    _fill(addressee, entry)
    session.add(addressee)
    session.flush()
    return addressee


def received(session: Session, addressee_id: int) -> list[int]:
    """The ids of the statements that were handed to this addressee, whose record must not be rewritten."""
    return [each for statements in handed_statements.answers() for each in statements(session, addressee_id)]


def change_addressee(session: Session, addressee: Addressee, entry: AddresseeContent) -> None:
    """Replace the content of an entry, and with it what every statement addressed to them shows. Flushes.

    Raises AddresseeInUse when this would change the name of an addressee to whom a list was handed: a new
    holder of the office is a new entry.
    """
    named = {row.language: row.name for row in addressee.names}
    if any(
        entry.names[code].name != name if code in entry.names else True for code, name in named.items()
    ) and received(session, addressee.id):
        raise AddresseeInUse

    addressee.names = []
    session.flush()
    _fill(addressee, entry)
    addressed = select(StatementAddressee.statement_id).where(StatementAddressee.addressee_id == addressee.id)
    session.execute(
        update(Statement).where(Statement.id.in_(addressed)).values(version=Statement.version + 1)
    )
    session.flush()


def remove_addressee(session: Session, addressee: Addressee) -> None:
    """Remove an addressee.

    Raises AddresseeInUse while a statement is addressed to them, or once a list was handed to them.
    """
    if (
        received(session, addressee.id)
        or session.scalar(
            select(StatementAddressee.statement_id)
            .where(StatementAddressee.addressee_id == addressee.id)
            .limit(1)
        )
        is not None
    ):
        raise AddresseeInUse
    session.delete(addressee)
    session.flush()


def find_addressees(words: str = "") -> list[Addressee]:
    """All addressees, or those with every one of `words` in some name, role or institution; the newest first.

    An address book holds a few hundred entries at most, so the search runs in Python.
    """
    wanted = _latin(words)
    entries = db.session.scalars(select(Addressee).order_by(Addressee.id.desc())).all()
    return [entry for entry in entries if _has_all(_written(entry), wanted)]


def statements_addressing(addressee_ids: Sequence[int]) -> dict[int, int]:
    """The number of statements addressed to each of these entries, by id; entries without one are
    left out.
    """
    addressed = db.session.scalars(
        select(StatementAddressee.addressee_id).where(StatementAddressee.addressee_id.in_(addressee_ids))
    ).all()
    return {each: addressed.count(each) for each in set(addressed)}


def naming(addressee: Addressee, language: str) -> AddresseeNames:
    """The addressee's names in `language`, else in the language that was entered first."""
    names = {name.language: name for name in addressee.names}
    shown = names.get(language) or next(iter(names.values()))
    return AddresseeNames(shown.name, shown.role, shown.institution)


def label(addressee: Addressee, language: str) -> str:
    """One line for a list of choices: name, role, institution."""
    called = naming(addressee, language)
    return ", ".join(part for part in (called.name, called.role, called.institution) if part)


def entry_of(addressee: Addressee) -> AddresseeContent:
    """The content of an entry."""
    names = {row.language: AddresseeNames(row.name, row.role, row.institution) for row in addressee.names}
    languages = [code for code in addressee.languages.split(",") if code]
    return AddresseeContent(names, addressee.country, addressee.address, addressee.email, languages)


def _fill(addressee: Addressee, entry: AddresseeContent) -> None:
    addressee.country, addressee.address, addressee.email = entry.country, entry.address, entry.email
    addressee.languages = ",".join(entry.languages)
    addressee.names = [
        AddresseeName(language=code, name=said.name, role=said.role, institution=said.institution)
        for code, said in entry.names.items()
    ]


def _has_all(written: str, words: Sequence[str]) -> bool:
    return all(word in written for word in words)


def _latin(typed: str) -> list[str]:
    return search_key(typed).partition("|")[0].split()


def _written(addressee: Addressee) -> str:
    return " ".join(
        _latin(" ".join(part for row in addressee.names for part in (row.name, row.role, row.institution)))
    )
