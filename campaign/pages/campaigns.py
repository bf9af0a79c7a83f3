"""The people of a release campaign, on its page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from campaign.core.language import language
from campaign.people.dossier import EventOfPerson, timeline_of
from campaign.people.queries import PersonLine, Totals, campaign_version, head_of
from campaign.statements.models import Kind
from campaign.statements.published import published_or_404
from campaign.statements.queries import StatementPage

# More portraits than these hide the text; the others are on a page of their own.
_FIRST = 24
_FIRST_EVENTS = 8


@dataclass(frozen=True, slots=True)
class CampaignPart:
    """The people of a campaign on its page: the first ones, `more` others, and the newest events.

    `opening` and `rest` are the text before and after the portraits.
    """

    people: list[PersonLine]
    more: int
    totals: Totals
    events: list[EventOfPerson]
    further: bool
    opening: Markup
    rest: Markup


def campaign_of(page: StatementPage) -> CampaignPart | None:
    """The campaign's part of the page; None for a statement of another kind."""
    if page.kind is not Kind.RELEASE_CAMPAIGN:
        return None
    people, totals = head_of(page.id, language(), _FIRST)
    events = timeline_of(page.id, language(), _FIRST_EVENTS + 1)
    more = totals.people - len(people)
    return CampaignPart(
        people,
        more,
        totals,
        events[:_FIRST_EVENTS],
        len(events) > _FIRST_EVENTS,
        *_split_after_opening(page.body),
    )


def version_of(slug: str) -> object:
    """A version that changes each day and whenever anything about the people on the page does.

    Aborts like published_or_404().
    """
    return campaign_version(published_or_404(slug)[0])


def _split_after_opening(body: Markup) -> tuple[Markup, Markup]:
    """(the first paragraph, the rest): the portraits stand between them."""
    if not body.startswith("<p>"):
        return body[:0], body
    opening, end, rest = body.partition("</p>")
    return opening + end, rest
