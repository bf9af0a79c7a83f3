"""News on pages of other rooms: the signer's page, and a case file."""

from __future__ import annotations

from campaign.core.language import language
from campaign.core.sections import Section
from campaign.people.models import Person
from campaign.statements.queries import StatementPage
from campaign.updates.queries import updates_about, updates_of_statement

_NEWEST = 3


def news_for_signer(statement: StatementPage) -> Section | None:
    """The newest updates on the statement of a signer."""
    lines = updates_of_statement(statement.id, language())[:_NEWEST]
    return Section("updates/_signer_news.html", {"lines": lines, "slug": statement.slug}) if lines else None


def news_of_person(person: Person) -> Section | None:
    """The updates about a person, drafts included."""
    written = updates_about(person.id, language())
    return Section("updates/desk_news_of_person.html", {"written": written}) if written else None
