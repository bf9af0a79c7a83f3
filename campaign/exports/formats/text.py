"""A list as plain text, to be pasted under a statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func

from campaign.core.formats import number
from campaign.exports.rows import Source, newest_assent, stream
from campaign.signatories.queries import REGISTER, listed
from campaign.signatures.models import SignatoryKind, Signature, Visibility


def text_chunks(source: Source) -> Iterator[bytes]:
    """Organisations by name, numbered, then people in the order they came; each with the number of those not
    named.

    If there was more than one text, the end says which one the list belongs to, and signatories of an earlier
    one are marked.
    """
    return _chunks(source, _marks(source), *_not_named(source), _belongs_to(source))


def _chunks(
    source: Source, marks: Mapping[int, str], organisations: str, people: str, text: str
) -> Iterator[bytes]:
    shown = (
        listed(source.statement_id)
        .add_columns(newest_assent(source))
        .where(Signature.visibility == Visibility.PUBLIC)
    )
    count = 0
    for batch in stream(
        source.connection, shown.where(Signature.kind == SignatoryKind.ORGANISATION).order_by(*REGISTER)
    ):
        yield "".join(
            f"{count + place}. {_organisation(source, *row)}{marks.get(row[-1], '')}\n"
            for place, row in enumerate(batch, 1)
        ).encode()
        count += len(batch)

    yield organisations.encode()
    between = "\n" if source.organisations else ""
    for batch in stream(
        source.connection, shown.where(Signature.kind == SignatoryKind.PERSON).order_by(Signature.position)
    ):
        yield (between + "".join(f"{_person(*row)}{marks.get(row[-1], '')}\n" for row in batch)).encode()
        between = ""

    yield (between + people if people else "").encode()
    yield text.encode()


def _marks(source: Source) -> dict[int, str]:
    """The mark behind a name, by the id of the newest revision agreed to, in the reader's language."""
    earlier = {id_: number for id_, number in source.revisions.items() if id_ not in source.agreeing}
    return {id_: " (" + _("signed text %(number)s", number=number) + ")" for id_, number in earlier.items()}


def _belongs_to(source: Source) -> str:
    if source.revision == 1:
        return ""
    return f"\n{_('List for text %(number)s', number=source.revision)} (SHA-256 {source.sha256})\n"


def _organisation(source: Source, *row: Any) -> str:
    _position, _kind, _visibility, name, organisation, title, country, *_rest = row
    representative = (name, title) if name else ()
    return ", ".join(
        part for part in (*representative, organisation, source.country_names.get(country, country)) if part
    )


def _person(*row: Any) -> str:
    _position, _kind, _visibility, name, _organisation, _title, _country, city, _website, *rest = row
    _message, affiliation, *_rest = rest
    return ", ".join(part for part in (name, affiliation, city) if part)


def _not_named(source: Source) -> tuple[str, str]:
    """The last line for organisations and for people; empty when all are named."""
    withheld = listed(source.statement_id).where(Signature.visibility != Visibility.PUBLIC)
    tally = withheld.with_only_columns(Signature.kind, func.count()).group_by(Signature.kind)
    counts: dict[str, int] = dict(source.connection.execute(tally).tuples().all())
    organisations, people = counts.get(SignatoryKind.ORGANISATION, 0), counts.get(SignatoryKind.PERSON, 0)
    of_organisations = ngettext(
        "and %(number)s organisation that asked not to be named",
        "and %(number)s organisations that asked not to be named",
        organisations,
        number=number(organisations),
    )
    of_people = ngettext(
        "and %(number)s person who asked not to be named",
        "and %(number)s people who asked not to be named",
        people,
        number=number(people),
    )

    return (f"{of_organisations}\n" if organisations else "", f"{of_people}\n" if people else "")
